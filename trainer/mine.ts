import { openDatabaseReadOnly } from '../shared/database/open.ts';
import {
  listSnapshotImages,
  listUsableReadings,
  type SnapshotImage,
  type UsableReading,
} from '../shared/database/snapshot.ts';
import { StationError } from '../shared/station-error.ts';
import { measureNames } from '../shared/training/run-configuration.ts';
import type { AreAlike } from './methods/method.ts';
import { describeReading, type GazeSignature } from './mining/describe-gaze.ts';
import { minePairs } from './mining/mine-pairs.ts';
import type { RunContext } from './run-context.ts';

/** What the database holds for a run at its start. */
export type Snapshot = {
  readonly readings: readonly UsableReading[];
  readonly images: ReadonlyMap<number, SnapshotImage>;
  readonly signatures: readonly GazeSignature[];
};

const perMessage = 500;

function* chunks<Item>(items: readonly Item[]): Generator<Item[], void> {
  for (let start = 0; start < items.length; start += perMessage)
    yield items.slice(start, start + perMessage);
}

/** Reads readings, images and gaze from the database, which is closed again before anything is computed long. */
export async function takeSnapshot(context: RunContext): Promise<Snapshot> {
  const { configuration, control, databasePath, report } = context;
  const database = openDatabaseReadOnly(databasePath);
  try {
    const readings = listUsableReadings(database, configuration);
    const images = new Map(
      listSnapshotImages(database, configuration).map((image) => [image.imageId, image]),
    );
    report({ kind: 'stage', stage: 'snapshot', total: readings.length });
    const signatures: GazeSignature[] = [];
    for (const [done, reading] of readings.entries()) {
      await control.checkpoint();
      signatures.push(...describeReading(database, reading, images));
      report({ kind: 'progress', stage: 'snapshot', done: done + 1, total: readings.length });
    }
    const used = new Set(signatures.map((signature) => signature.readingId));
    for (const readingIds of chunks([...used])) report({ kind: 'readings', readingIds });
    return {
      readings: readings.filter(({ readingId }) => used.has(readingId)),
      images,
      signatures,
    };
  } finally {
    database.close();
  }
}

/**
 * Mines by every measure and tells main the pairs; answers which images the configured measure calls
 * alike. Throws StationError too-few-readings.
 */
export async function mine(context: RunContext, snapshot: Snapshot): Promise<AreAlike> {
  const { configuration, control, report } = context;
  const { signatures, images } = snapshot;
  const seen = new Set(signatures.map((signature) => signature.imageId)).size;
  if (seen < 2) throw new StationError('too-few-readings', { found: seen, needed: 2 });
  report({ kind: 'stage', stage: 'mine', total: measureNames.length });
  const alike = new Map<number, Set<number>>();
  for (const [done, measure] of measureNames.entries()) {
    const threshold = configuration.thresholds[measure];
    const { pairs, ...counts } = await minePairs(
      measure,
      threshold,
      signatures,
      images,
      async (part, total) => {
        report({
          kind: 'progress',
          stage: 'mine',
          done: done + part / total,
          total: measureNames.length,
        });
        await control.checkpoint();
      },
    );
    for (const part of chunks(pairs)) report({ kind: 'pairs', measure, threshold, pairs: part });
    report({ kind: 'mined', measure, threshold, ...counts, found: pairs.length });
    report({ kind: 'progress', stage: 'mine', done: done + 1, total: measureNames.length });
    if (measure === configuration.positivesFrom)
      for (const { imageA, imageB } of pairs) {
        const known = alike.get(imageA);
        if (known === undefined) alike.set(imageA, new Set([imageB]));
        else known.add(imageB);
      }
  }
  return (a, b) => alike.get(Math.min(a, b))?.has(Math.max(a, b)) ?? false;
}
