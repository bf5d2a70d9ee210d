import { setImmediate } from 'node:timers/promises';
import { describeReading } from '../../../shared/database/canonical-gaze.ts';
import type { ReadDatabase, WriteDatabase } from '../../../shared/database/open.ts';
import { insertSignatures } from '../../../shared/database/signatures.ts';
import { nameFrames, noLandmarks } from '../../../shared/gaze/landmarks.ts';
import type { SnapshotImage, UsableReading } from '../../../shared/database/snapshot.ts';
import type { EncodedSignature } from '../../../shared/gaze/similarity/compared-cases.ts';
import type { StationMeasure } from '../../../shared/gaze/similarity/station-measures.ts';

/** Readings that one request describes at most, and milliseconds after which it begins no further one. */
const mostReadings = 200;
const budgetMs = 4000;
/** Milliseconds of work after which the rest of the process has a turn; one description is not divided. */
const turnMs = 20;

type Images = ReadonlyMap<number, SnapshotImage>;

/**
 * Describes the newest of the readings by a measure and stores their signatures, in turns with everything else
 * that the process does; answers how many are still without.
 */
export async function describeMissing(
  database: WriteDatabase,
  measure: StationMeasure,
  readings: readonly UsableReading[],
  images: Images,
): Promise<number> {
  const startMs = performance.now();
  let turnAtMs = startMs;
  let done = 0;
  for (const reading of readings.toReversed()) {
    if (done >= mostReadings || performance.now() - startMs > budgetMs) break;
    const { cases, lostShare } = describeReading(database, reading, images);
    const signatures: { imageId: number; signature: EncodedSignature }[] = [];
    for (const { imageId, gaze } of cases) {
      if (performance.now() - turnAtMs > turnMs) {
        await setImmediate();
        turnAtMs = performance.now();
      }
      signatures.push({ imageId, signature: measure.describe(gaze) });
    }
    const marked = new Map(
      cases.map(({ imageId }) => [imageId, images.get(imageId)?.landmarks ?? noLandmarks]),
    );
    insertSignatures(database, { measure: measure.name, version: measure.version }, [
      {
        readingId: reading.readingId,
        lostShare,
        signatures,
        frames: nameFrames(marked),
      },
    ]);
    done += 1;
  }
  return readings.length - done;
}

/** The signature of one reading on one image, not stored; undefined where it has no gaze on the image. */
export function describeOne(
  database: ReadDatabase,
  measure: StationMeasure,
  reading: { readonly readingId: number; readonly recordingId: number },
  image: SnapshotImage,
): EncodedSignature | undefined {
  const { cases } = describeReading(database, reading, new Map([[image.imageId, image]]));
  const found = cases.find(({ imageId }) => imageId === image.imageId);
  return found === undefined ? undefined : measure.describe(found.gaze);
}
