import { findMeasure } from '../shared/gaze/similarity/station-measures.ts';
import { StationError } from '../shared/station-error.ts';
import { minedMeasures } from '../shared/training/run-configuration.ts';
import type { AreAlike } from './methods/method.ts';
import { chanceDefaults } from './mining/chance-pairs.ts';
import { minePairs } from './mining/mine-pairs.ts';
import type { RunContext } from './run-context.ts';
import type { RunRecord } from './run-record.ts';
import { chunks, type Snapshot } from './snapshot.ts';
import { beginStage } from './stage-progress.ts';

/** What mining gives to the rest of a run. */
export type Mined = {
  /** Which images the configured measure calls alike. */
  readonly alike: AreAlike;
  readonly record: Pick<RunRecord, 'pairs' | 'chance'>;
};

/** Mines by every chosen measure and tells main the pairs. Throws StationError too-few-readings, cancelled. */
export async function mine(context: RunContext, snapshot: Snapshot): Promise<Mined> {
  const { configuration, control, nowMs, report } = context;
  const { cases, images, vetoed } = snapshot;
  const seen = new Set(cases.map(({ imageId }) => imageId)).size;
  if (seen < 2) throw new StationError('too-few-readings', { found: seen, needed: 2 });
  const { falsePositiveRate, positivesFrom, seed } = configuration;
  const chosen = minedMeasures(configuration);
  const tell = beginStage(context, 'mine', chosen.length);
  const alike = new Map<number, Set<number>>();
  const pairCounts: NonNullable<RunRecord['pairs']> = {};
  const chance: NonNullable<RunRecord['chance']> = {};
  for (const [done, measure] of chosen.entries()) {
    const fixed = configuration.thresholds[measure];
    const { pairs, ...counts } = await minePairs(
      findMeasure(measure),
      falsePositiveRate === null ? { fixed } : { falsePositiveRate },
      cases,
      images,
      {
        nowMs,
        onCheck: async (share) => {
          tell(done + share);
          await control.checkpoint();
        },
      },
      { ...chanceDefaults, seed },
      vetoed,
    );
    for (const part of chunks(pairs)) {
      report({ kind: 'pairs', measure, pairs: part });
      await control.checkpoint();
    }
    // Of several kinds of image the lowest threshold is the one above which every stored pair lies.
    const threshold = counts.groups.reduce((low, each) => Math.min(low, each.threshold ?? 1), 1);
    report({ kind: 'mined', measure, threshold, ...counts, found: pairs.length });
    tell(done + 1);
    pairCounts[measure] = pairs.length;
    chance[measure] = counts.groups;
    if (measure === positivesFrom)
      for (const { imageA, imageB } of pairs) {
        const known = alike.get(imageA);
        if (known === undefined) alike.set(imageA, new Set([imageB]));
        else known.add(imageB);
      }
  }
  return {
    record: { pairs: pairCounts, chance },
    alike: (a, b) => alike.get(Math.min(a, b))?.has(Math.max(a, b)) ?? false,
  };
}
