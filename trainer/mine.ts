import { StationError } from '../shared/station-error.ts';
import { type MeasureName, measureNames } from '../shared/training/run-configuration.ts';
import type { AreAlike } from './methods/method.ts';
import { minePairs } from './mining/mine-pairs.ts';
import type { RunContext } from './run-context.ts';
import { chunks, type Snapshot } from './snapshot.ts';
import { beginStage } from './stage-progress.ts';

/** What mining gives to the rest of a run. */
export type Mined = {
  /** Which images the configured measure calls alike. */
  readonly alike: AreAlike;
  readonly found: Readonly<Record<MeasureName, number>>;
};

/** Mines by every measure and tells main the pairs. Throws StationError too-few-readings, cancelled. */
export async function mine(context: RunContext, snapshot: Snapshot): Promise<Mined> {
  const { configuration, control, nowMs, report } = context;
  const { signatures, images } = snapshot;
  const seen = new Set(signatures.map((signature) => signature.imageId)).size;
  if (seen < 2) throw new StationError('too-few-readings', { found: seen, needed: 2 });
  const tell = beginStage(context, 'mine', measureNames.length);
  const alike = new Map<number, Set<number>>();
  const found = { 'difference-hash': 0, multimatch: 0 };
  for (const [done, measure] of measureNames.entries()) {
    const threshold = configuration.thresholds[measure];
    const { pairs, ...counts } = await minePairs(measure, threshold, signatures, images, {
      nowMs,
      onCheck: async (part, total) => {
        tell(done + part / total);
        await control.checkpoint();
      },
    });
    for (const part of chunks(pairs)) {
      report({ kind: 'pairs', measure, threshold, pairs: part });
      await control.checkpoint();
    }
    report({ kind: 'mined', measure, threshold, ...counts, found: pairs.length });
    tell(done + 1);
    found[measure] = pairs.length;
    if (measure === configuration.positivesFrom)
      for (const { imageA, imageB } of pairs) {
        const known = alike.get(imageA);
        if (known === undefined) alike.set(imageA, new Set([imageB]));
        else known.add(imageB);
      }
  }
  return {
    found,
    alike: (a, b) => alike.get(Math.min(a, b))?.has(Math.max(a, b)) ?? false,
  };
}
