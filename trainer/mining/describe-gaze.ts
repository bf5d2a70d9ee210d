import { listSamples, listStates } from '../../shared/database/gaze.ts';
import type { ReadDatabase } from '../../shared/database/open.ts';
import type { SnapshotImage, UsableReading } from '../../shared/database/snapshot.ts';
import { canvasSide, toCanvas } from '../../shared/gaze/heatmap.ts';
import { type ImageGaze, splitByImage } from '../../shared/gaze/image-gaze.ts';
import { measureQuality } from '../../shared/gaze/quality.ts';
import type { CanonicalGaze } from '../../shared/gaze/similarity/station-measures.ts';

/** Gaze of one reading on one image, in the frame that all images of its kind share. */
export type GazeCase = {
  readonly imageId: number;
  readonly readingId: number;
  readonly gaze: CanonicalGaze;
};

/** A right breast or eye is mirrored, so that both sides share one frame. */
function mirrorsInto(image: Pick<SnapshotImage, 'columns' | 'laterality'>): (x: number) => number {
  return image.laterality === 'R' ? (x) => image.columns - 1 - x : (x) => x;
}

/** Gaze on an image in the frame of its kind; samples beside the image are left out. */
export function toCanonical(
  gaze: ImageGaze,
  image: Pick<SnapshotImage, 'rows' | 'columns' | 'laterality'>,
): CanonicalGaze {
  const { columns, rows } = image;
  const turn = mirrorsInto(image);
  const { points } = toCanvas(
    gaze.points.map(({ x, y }) => ({ x: turn(x), y })),
    columns,
    rows,
  );
  const fixations = gaze.fixations.map(({ x, y, durationMs }) => ({
    x: ((turn(x) + 0.5) * canvasSide) / columns,
    y: ((y + 0.5) * canvasSide) / rows,
    duration: durationMs,
  }));
  return { points, fixations };
}

/** Gaze of a reading on every image that it looked at; `below-gate` where more of it is lost than may be. */
export function describeReading(
  database: ReadDatabase,
  { readingId, recordingId }: UsableReading,
  images: ReadonlyMap<number, SnapshotImage>,
  maxLostShare: number,
): GazeCase[] | 'below-gate' {
  const samples = listSamples(database, recordingId);
  if (measureQuality(samples).lostShare > maxLostShare) return 'below-gate';
  const states = listStates(database, recordingId);
  const found: GazeCase[] = [];
  for (const gaze of splitByImage(samples, states, images)) {
    const image = images.get(gaze.imageId);
    if (image !== undefined && gaze.points.length > 0)
      found.push({ imageId: gaze.imageId, readingId, gaze: toCanonical(gaze, image) });
  }
  return found;
}
