import { rm } from 'node:fs/promises';
import path from 'node:path';
import { openDatabaseReadOnly, type ReadDatabase } from '../shared/database/open.ts';
import { findAppVersion } from '../shared/database/runs.ts';
import {
  listSnapshotImages,
  listUsableReadings,
  type SnapshotImage,
  type UsableReading,
} from '../shared/database/snapshot.ts';
import { openPatientParts } from '../shared/database/patient-parts.ts';
import { listRefused } from '../shared/database/verdicts.ts';
import { checkpointName, olderCheckpointName } from './checkpoint.ts';
import { type MeasureName, minedMeasures } from '../shared/training/run-configuration.ts';
import { holdOutTest } from './evaluation/hold-out-test.ts';
import { collectCases } from './mining/collect-cases.ts';
import type { MiningCase } from './mining/mining-cases.ts';
import type { RunContext } from './run-context.ts';
import { readRunRecord, type RunRecord, writeRunRecord } from './run-record.ts';
import { hashFacts, keysOf, listPairsOf } from './snapshot-facts.ts';
import { beginStage } from './stage-progress.ts';

/** What the database holds for a run at its start. */
export type Snapshot = {
  readonly record: RunRecord;
  readonly images: ReadonlyMap<number, SnapshotImage>;
  readonly readings: readonly UsableReading[];
  /** By measure; only on images of the snapshot, of readings that pass the gate. */
  readonly cases: ReadonlyMap<MeasureName, readonly MiningCase[]>;
  /** `pairKey` of pairs that a person had refused when the run began. */
  readonly refused: ReadonlySet<string>;
  /** The checkpoint in the run's folder, if any, was made from this very snapshot; older records say less of it. */
  readonly resumable: boolean;
};

type Found = {
  readonly readings: readonly UsableReading[];
  readonly images: readonly SnapshotImage[];
};

/** At most so many ids or pairs in one report. */
const perMessage = 500;

/** Parts of a list that fit into one report each. */
export function* chunks<Item>(items: Iterable<Item>): Generator<Item[], void> {
  let part: Item[] = [];
  for (const item of items) {
    part.push(item);
    if (part.length < perMessage) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** Of what is there now, what the run began with; undefined where something of it is gone or withdrawn. */
export function restrictTo(
  record: Pick<RunRecord, 'readingIds' | 'images'>,
  found: Found,
): Found | undefined {
  const readingIds = new Set(record.readingIds);
  const hashes = new Map(record.images.map(({ imageId, sha256 }) => [imageId, sha256]));
  const readings = found.readings.filter(({ readingId }) => readingIds.has(readingId));
  const images = found.images.filter(({ imageId, sha256 }) => hashes.get(imageId) === sha256);
  return readings.length === readingIds.size && images.length === hashes.size
    ? { readings, images }
    : undefined;
}

/** What a run that is taken up goes on with; undefined, and said why, where it has to begin anew. */
function goOnWith(frozen: RunRecord, now: Found): Found | undefined {
  const found = restrictTo(frozen, now);
  if (found === undefined) {
    process.stderr.write(
      'Readings or images of this run were withdrawn or deleted: it begins anew without them.\n',
    );
    return undefined;
  }
  // Older ones do not say.
  if ((frozen.factsSha256 ?? hashFacts(found)) === hashFacts(found)) return found;
  process.stderr.write(
    'Images of this run were marked or described otherwise since it began: it begins anew with them as they are now.\n',
  );
  return undefined;
}

/** What computes the run now, after what computed it before. */
function addComputer(
  { threads }: RunContext,
  appVersion: string,
  earlier: RunRecord | undefined,
): NonNullable<RunRecord['computedBy']> {
  const before =
    earlier && (earlier.computedBy ?? [{ appVersion: earlier.appVersion, threads: null }]);
  const last = before?.at(-1);
  return last?.appVersion === appVersion && last.threads === threads
    ? (before ?? [])
    : [...(before ?? []), { appVersion, threads }];
}

async function describeAll(
  context: RunContext,
  database: ReadDatabase,
  readings: readonly UsableReading[],
  images: Snapshot['images'],
): Promise<Pick<Snapshot, 'cases'> & { readonly belowGate: number[] }> {
  const tell = beginStage(context, 'snapshot', readings.length);
  const { configuration, control, report } = context;
  const collected = await collectCases({
    database,
    readings,
    measures: minedMeasures(configuration),
    report,
    onReading: async (done) => {
      tell(done);
      await control.checkpoint();
    },
  });
  const belowGate = readings
    .map(({ readingId }) => readingId)
    .filter((id) => (collected.lostShares.get(id) ?? 0) > configuration.maxLostShare);
  const outside = new Set(belowGate);
  const cases = new Map(
    [...collected.cases].map(([measure, list]) => [
      measure,
      list.filter(({ readingId, imageId }) => images.has(imageId) && !outside.has(readingId)),
    ]),
  );
  return { cases, belowGate };
}

/**
 * Reads readings, images and gaze from the database and freezes their list in run.json; the database is
 * closed before anything long is computed. A run that is taken up again uses the list it began with, the pairs that
 * were refused then, too; where a reader has withdrawn since, or something was deleted or marked otherwise, it begins
 * anew.
 */
export async function takeSnapshot(context: RunContext): Promise<Snapshot> {
  const { configuration, databasePath, priority, report, runFolder, runId } = context;
  const frozen = context.resume ? await readRunRecord(runFolder) : undefined;
  const database = openDatabaseReadOnly(databasePath);
  try {
    const now: Found = {
      readings: listUsableReadings(database, configuration),
      images: holdOutTest(database, configuration, listSnapshotImages(database, configuration)),
    };
    const same = frozen === undefined ? undefined : goOnWith(frozen, now);
    const earlier = same && frozen;
    if (same === undefined)
      for (const name of [checkpointName, olderCheckpointName])
        await rm(path.join(runFolder, name), { force: true });
    if (frozen !== undefined && same === undefined) report({ kind: 'restarted' });
    const { readings, images: imageList } = same ?? now;
    const images = new Map(imageList.map((image) => [image.imageId, image]));
    const described = await describeAll(context, database, readings, images);
    const { cases } = described;
    // What was left out at the start is not in the frozen list any more.
    const belowGate = earlier?.belowGate ?? described.belowGate;
    const used = new Set([...cases.values()].flat().map(({ readingId }) => readingId));
    const appVersion = findAppVersion(database, runId) ?? 'unknown';
    const partOf = openPatientParts(database);
    const refusedPairs = earlier?.refusedPairs ?? listPairsOf(listRefused(database), images);
    const record: RunRecord = {
      runId,
      notice: 'Research use only. Not for diagnosis.',
      appVersion: earlier?.appVersion ?? appVersion,
      computedBy: addComputer(context, appVersion, earlier),
      configuration,
      readingIds: [...used],
      belowGate,
      images: imageList.map(({ imageId, sha256, patientKey }) => ({
        imageId,
        sha256,
        part: partOf(patientKey),
      })),
      factsSha256: hashFacts({
        images: imageList,
        readings: readings.filter(({ readingId }) => used.has(readingId)),
      }),
      refusedPairs,
      simulated:
        readings.some(({ readingId, simulated }) => simulated && used.has(readingId)) ||
        imageList.some((image) => image.simulated),
      priority,
      // A run that goes on keeps its engine, and the pairs that it mines again must be those.
      ...(earlier?.engine !== undefined && { engine: earlier.engine }),
      ...(earlier?.pairLists !== undefined && { pairLists: earlier.pairLists }),
    };
    await writeRunRecord(runFolder, record);
    // First of all whether it is simulated: what follows must never stand there unlabelled.
    report({
      kind: 'snapshot',
      images: images.size,
      leftOut: 0,
      belowGate: belowGate.length,
      simulated: record.simulated,
    });
    for (const readingIds of chunks(record.readingIds)) report({ kind: 'readings', readingIds });
    return {
      record,
      images,
      readings,
      cases,
      refused: keysOf(refusedPairs),
      resumable: same !== undefined,
    };
  } finally {
    database.close();
  }
}
