import { type CanonicalGaze, type FrameOfImage, toCanonical } from '../gaze/canonical.ts';
import { toGeometry } from '../gaze/geometry.ts';
import { splitByImage } from '../gaze/image-gaze.ts';
import { measureQuality } from '../gaze/quality.ts';
import { findScreenFacts, listSamples, listStates } from './gaze.ts';
import type { ReadDatabase } from './open.ts';

/** Gaze of one reading on one image, in the frame that all images of its kind share. */
export type GazeCase = {
  readonly imageId: number;
  readonly readingId: number;
  readonly gaze: CanonicalGaze;
};

/** What a reading holds: the share of its samples that is lost (NaN without samples), and its cases. */
export type DescribedReading = {
  readonly lostShare: number;
  readonly cases: readonly GazeCase[];
};

/** Gaze of a reading on every image that it looked at, in the order of the images' ids. */
export function describeReading(
  database: ReadDatabase,
  { readingId, recordingId }: { readonly readingId: number; readonly recordingId: number },
  images: ReadonlyMap<number, FrameOfImage>,
): DescribedReading {
  const samples = listSamples(database, recordingId);
  const states = listStates(database, recordingId);
  const geometry = toGeometry(findScreenFacts(database, recordingId));
  const cases: GazeCase[] = [];
  for (const gaze of splitByImage(samples, states, images, geometry)) {
    const image = images.get(gaze.imageId);
    if (image !== undefined && gaze.points.length > 0)
      cases.push({ imageId: gaze.imageId, readingId, gaze: toCanonical(gaze, image) });
  }
  return {
    lostShare: measureQuality(samples).lostShare,
    cases: cases.toSorted((a, b) => a.imageId - b.imageId),
  };
}
