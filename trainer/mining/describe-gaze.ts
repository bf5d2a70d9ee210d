import { listSamples, listStates } from '../../shared/database/gaze.ts';
import type { ReadDatabase } from '../../shared/database/open.ts';
import type { SnapshotImage, UsableReading } from '../../shared/database/snapshot.ts';
import { canvasSide, publishedHeatmap, toCanvas } from '../../shared/gaze/heatmap.ts';
import { type ImageGaze, splitByImage } from '../../shared/gaze/image-gaze.ts';
import {
  createDifferenceHash,
  type DifferenceHash,
} from '../../shared/gaze/similarity/difference-hash.ts';
import {
  createMultimatch,
  type MultimatchSignature,
  stationMultimatch,
} from '../../shared/gaze/similarity/multimatch.ts';
import type { UndefinedReason } from '../../shared/gaze/similarity/measure.ts';

/** Gaze of one reading on one image, ready to be compared by every measure. */
export type GazeSignature = {
  readonly imageId: number;
  readonly readingId: number;
  readonly 'difference-hash': DifferenceHash | UndefinedReason;
  readonly multimatch: MultimatchSignature | UndefinedReason;
};

/** The measures as a run uses them: the station's own parameters, none of the published defects. */
export const runMeasures = {
  'difference-hash': createDifferenceHash({ asPublished: false }),
  multimatch: createMultimatch(stationMultimatch),
};

/** A right breast or eye is mirrored, so that both sides share one frame. */
function mirrorsInto(image: SnapshotImage): (x: number) => number {
  return image.laterality === 'R' ? (x) => image.columns - 1 - x : (x) => x;
}

function describeImage(gaze: ImageGaze, image: SnapshotImage, readingId: number): GazeSignature {
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
  return {
    imageId: image.imageId,
    readingId,
    'difference-hash': runMeasures['difference-hash'].describe(
      publishedHeatmap(points, { asPublished: false }),
    ),
    multimatch: runMeasures.multimatch.describe(fixations),
  };
}

/** Signatures of every image that a reading looked at. */
export function describeReading(
  database: ReadDatabase,
  { readingId, recordingId }: UsableReading,
  images: ReadonlyMap<number, SnapshotImage>,
): GazeSignature[] {
  const samples = listSamples(database, recordingId);
  const states = listStates(database, recordingId);
  const found: GazeSignature[] = [];
  for (const gaze of splitByImage(samples, states, images)) {
    const image = images.get(gaze.imageId);
    if (image !== undefined && gaze.points.length > 0)
      found.push(describeImage(gaze, image, readingId));
  }
  return found;
}
