import type { Laterality } from '../imaging/study.ts';
import { canvasSide, toCanvas } from './heatmap.ts';
import type { ImageGaze } from './image-gaze.ts';
import type { MultimatchFixation } from './similarity/saccades.ts';

/** Gaze on one image in the frame that all images of a kind share: a canvas of 800 x 800, mirrored to the left side. */
export type CanonicalGaze = {
  /** Samples in order of time, whole pixels of the canvas. */
  readonly points: readonly (readonly [number, number])[];
  /** Pixels of the canvas and milliseconds. */
  readonly fixations: readonly MultimatchFixation[];
};

/** What of an image decides where its pixels lie in the shared frame. */
export type FrameOfImage = {
  readonly rows: number;
  readonly columns: number;
  readonly laterality: Laterality | null;
};

/** A right breast or eye is mirrored, so that both sides share one frame. */
function mirrorsInto(image: FrameOfImage): (x: number) => number {
  return image.laterality === 'R' ? (x) => image.columns - 1 - x : (x) => x;
}

/** Gaze on an image in the frame of its kind; samples beside the image are left out. */
export function toCanonical(gaze: ImageGaze, image: FrameOfImage): CanonicalGaze {
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
