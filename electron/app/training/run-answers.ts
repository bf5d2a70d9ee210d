import path from 'node:path';
import { findEvaluation } from '../../../shared/database/evaluations.ts';
import { findImage, findStudyOfImage } from '../../../shared/database/images.ts';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { pagePairs, readingBehind } from '../../../shared/database/pairs.ts';
import { listMemory, listPoints } from '../../../shared/database/run-history.ts';
import { listQueue } from '../../../shared/database/run-queue.ts';
import { listMined, minedThreshold, type StoredRun } from '../../../shared/database/runs.ts';
import type { PairSide, PairsPage, RunDetail, RunRow } from '../../../shared/ipc/answers.ts';
import type { Failure, ParsedInput } from '../../../shared/ipc/contract.ts';
import { runConfiguration } from '../../../shared/training/run-configuration.ts';

/** Why a run failed; null where it did not. */
export function failureOf(run: Pick<StoredRun, 'error_code' | 'error_details'>): Failure | null {
  if (run.error_code === null) return null;
  return {
    code: run.error_code,
    details: JSON.parse(run.error_details ?? '{}') as Failure['details'],
  };
}

/** A run as the page lists it. */
export function toRunRow(database: ReadDatabase, run: StoredRun): RunRow {
  const mined = new Map(listMined(database, run.id).map((each) => [each.measure, each.found]));
  return {
    runId: run.id,
    state: run.state,
    stage: run.stage,
    configuration: runConfiguration.parse(JSON.parse(run.configuration)),
    createdAtMs: run.created_at_ms,
    startedAtMs: run.started_at_ms,
    endedAtMs: run.ended_at_ms,
    error: failureOf(run),
    holds: JSON.parse(run.holds) as RunRow['holds'],
    startedFor: run.started_for,
    queuePlace:
      run.state === 'queued'
        ? listQueue(database).findIndex(({ runId }) => runId === run.id) + 1
        : null,
    engine: run.engine,
    images: run.image_count,
    simulated: run.simulated === 1,
    pairs: Object.fromEntries(mined),
    lastLoss: run.last_loss,
    imagesPerSecond: run.images_per_second,
    encoder:
      run.file === null || run.sha256 === null
        ? null
        : { file: run.file, sha256: run.sha256, parameters: run.parameter_count ?? 0 },
  };
}

/** A run with its curves. `progress` and its memory of this moment are known only while it goes on. */
export function toRunDetail(
  database: ReadDatabase,
  run: StoredRun,
  live: Pick<RunDetail, 'progress' | 'residentBytes'>,
): RunDetail {
  const evaluation = findEvaluation(database, run.id);
  return {
    ...toRunRow(database, run),
    ...live,
    ...(evaluation && { evaluation }),
    engineReason: run.engine_reason,
    refusedEngines: JSON.parse(run.refused_engines) as RunDetail['refusedEngines'],
    notices: JSON.parse(run.notices) as RunDetail['notices'],
    memory: listMemory(database, run.id),
    leftOut: run.left_out_count,
    belowGate: run.below_gate_count,
    points: listPoints(database, run.id),
    mined: listMined(database, run.id),
    log: run.log === '' ? [] : run.log.split('\n'),
  };
}

function describeSide(
  database: ReadDatabase,
  runId: number,
  imageId: number,
  readingId: number | null,
): PairSide | undefined {
  const image = findImage(database, imageId);
  const study = findStudyOfImage(database, imageId);
  if (image === undefined || study === undefined) return undefined;
  const reading = readingBehind(database, runId, imageId, readingId);
  return {
    image,
    ...study,
    readingId: reading?.readingId ?? null,
    simulated: reading?.simulated ?? false,
  };
}

/** A page of a run's pairs that the filter lets through. Pairs of which an image was deleted are left out. */
export function toPairsPage(
  database: ReadDatabase,
  { runId, measure, offset, limit, ...filter }: ParsedInput<'pair.page'>,
): PairsPage {
  const { total, pairs } = pagePairs(database, runId, measure, filter, offset, limit);
  return {
    total,
    threshold: minedThreshold(database, runId, measure) ?? 0,
    rows: pairs.flatMap(({ id, imageA, imageB, ...numbers }) => {
      const a = describeSide(database, runId, imageA, numbers.readingA);
      const b = describeSide(database, runId, imageB, numbers.readingB);
      return a === undefined || b === undefined ? [] : [{ pairId: id, ...numbers, a, b }];
    }),
  };
}

/** Where a run's files lie. */
export const runFolderOf = (dataFolder: string, runId: number): string =>
  path.join(dataFolder, 'runs', String(runId));
