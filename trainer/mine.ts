import path from 'node:path';
import { findMeasure } from '../shared/gaze/similarity/station-measures.ts';
import { StationError } from '../shared/station-error.ts';
import {
  type MeasureName,
  minedMeasures,
  type RunConfiguration,
} from '../shared/training/run-configuration.ts';
import { holdsOutTest } from './evaluation/hold-out-test.ts';
import type { AreAlike } from './methods/method.ts';
import { measureAgreement } from './mining/assessment-agreement.ts';
import { chanceDefaults } from './mining/chance-pairs.ts';
import { type MiningResult, minePairs } from './mining/mine-pairs.ts';
import { PairList } from './mining/pair-list.ts';
import { RecordedGaze } from './mining/recorded-gaze.ts';
import { RowPool } from './mining/row-pool.ts';
import type { RunContext } from './run-context.ts';
import type { RunRecord } from './run-record.ts';
import { chunks, type Snapshot } from './snapshot.ts';
import { beginStage } from './stage-progress.ts';
import { writeWhole } from './write-file.ts';

/** What mining gives to the rest of a run. */
export type Mined = {
  /** Which images the configured measure calls alike. */
  readonly alike: AreAlike;
  readonly record: Pick<RunRecord, 'pairs' | 'pairLists' | 'chance'>;
};

/** Of all pairs that are found so many, the most alike, are kept: with everything said of them about 400 MB. */
const mostPairs = 1_000_000;

/** Name of the file in a run's folder that holds the chance scores of a measure, by kind of image. */
export const chanceRecordName = (measure: MeasureName): string => `chance-${measure}.json`;

/** Images that were looked at alike, each pair under its lower id. */
class AlikeImages {
  readonly #known = new Map<number, Set<number>>();

  add(a: number, b: number): void {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const known = this.#known.get(low);
    if (known === undefined) this.#known.set(low, new Set([high]));
    else known.add(high);
  }

  has(a: number, b: number): boolean {
    return this.#known.get(Math.min(a, b))?.has(Math.max(a, b)) ?? false;
  }
}

/** Whether the pairs of a measure on images of this kind are positives of the loss. */
function givesPositives(
  { positivesFrom, measureByModality }: RunConfiguration,
  measure: MeasureName,
  modality: keyof RunConfiguration['measureByModality'] | undefined,
): boolean {
  if (positivesFrom !== 'by-modality') return positivesFrom === measure;
  return modality !== undefined && measureByModality[modality] === measure;
}

/** Tells main, and `onPair`, the kept pairs of a measure, and main what was counted. */
async function reportMined(
  { report, control }: RunContext,
  measure: MeasureName,
  { pairs, images, compared, undefinedPairs, groups }: MiningResult,
  agreement: Awaited<ReturnType<typeof measureAgreement>>,
  onPair: (imageA: number, imageB: number) => void,
): Promise<void> {
  // Every pair is compared once more to be described: they are gone through this one time.
  for (const part of chunks(pairs)) {
    for (const { imageA, imageB } of part) onPair(imageA, imageB);
    report({ kind: 'pairs', measure, pairs: part });
    await control.checkpoint();
  }
  report({
    kind: 'mined',
    measure,
    // Of several kinds of image the lowest threshold is the one above which every stored pair lies.
    threshold: groups.reduce((low, each) => Math.min(low, each.threshold ?? 1), 1),
    images,
    compared,
    found: groups.reduce((sum, { found }) => sum + found, 0),
    undefinedPairs,
    groups: [...groups],
    agreement,
  });
}

/**
 * Mines by every chosen measure and tells main the pairs. Throws StationError too-few-readings (not for a run without
 * gaze), cancelled.
 */
export async function mine(context: RunContext, snapshot: Snapshot): Promise<Mined> {
  const { configuration, control, nowMs, databasePath, miningFolder, runFolder, runId, threads } =
    context;
  const { cases, images, readings, refused } = snapshot;
  const chosen = minedMeasures(configuration);
  const seen = new Set((cases.get(chosen[0] ?? 'multimatch') ?? []).map(({ imageId }) => imageId));
  if (seen.size < 2) {
    // A run without gaze needs none.
    if (!configuration.useGaze && !configuration.mineOnly)
      return { alike: () => false, record: {} };
    throw new StationError('too-few-readings', { found: seen.size, needed: 2 });
  }
  const { falsePositiveRate, seed, readerPolicy, samePatientPairs } = configuration;
  const tell = beginStage(context, 'mine', chosen.length);
  const alike = new AlikeImages();
  const pairCounts: NonNullable<RunRecord['pairs']> = {};
  const pairLists: NonNullable<RunRecord['pairLists']> = {};
  const chance: NonNullable<RunRecord['chance']> = {};
  const gaze = new RecordedGaze(databasePath, readings, images);
  const pool = new RowPool(threads, nowMs);
  try {
    for (const [done, name] of chosen.entries()) {
      const fixed = configuration.thresholds[name];
      const onCheck = async (share: number): Promise<void> => {
        tell(done + share);
        await control.checkpoint();
      };
      const options = {
        measure: findMeasure(name),
        rule: falsePositiveRate === null ? { fixed } : { falsePositiveRate },
        policy: readerPolicy,
        samePatient: samePatientPairs,
        refused,
        chance: { ...chanceDefaults, seed },
        gazeOf: (of: Parameters<RecordedGaze['find']>[0]) => gaze.find(of),
        pool,
        // With and without simulated readings or test patients are sets of which none should displace another.
        store: {
          folder: miningFolder,
          prefix: `${configuration.includeSimulated ? 'all' : 'recorded'}${holdsOutTest(configuration) ? '-without-test' : ''}`,
        },
        mostPairs,
        nowMs,
        onCheck,
      };
      const own = cases.get(name) ?? [];
      const mined = await minePairs(own, images, options);
      await writeWhole(
        path.join(runFolder, chanceRecordName(name)),
        `${JSON.stringify(mined.chance)}\n`,
      );
      const agreement = await measureAgreement(own, images, readings, options);
      const list = new PairList();
      await reportMined(context, name, mined, agreement, (imageA, imageB) => {
        list.add(imageA, imageB);
        if (givesPositives(configuration, name, images.get(imageA)?.modality))
          alike.add(imageA, imageB);
      });
      tell(done + 1);
      pairCounts[name] = mined.kept;
      pairLists[name] = {
        sha256: list.sha256(),
        place: `${path.basename(databasePath)}: pair where run_id = ${runId} and measure = '${name}'`,
      };
      chance[name] = mined.groups.map(
        ({ group, threshold, falsePositiveRate: rate, falseDiscoveryRate, chancePairs }) => ({
          group,
          threshold,
          falsePositiveRate: rate,
          falseDiscoveryRate,
          chancePairs,
        }),
      );
    }
  } finally {
    gaze.close();
    await pool.close();
  }
  return { record: { pairs: pairCounts, pairLists, chance }, alike: (a, b) => alike.has(a, b) };
}
