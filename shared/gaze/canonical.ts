import type { Laterality } from '../imaging/study.ts';
import { applyAffine } from './affine.ts';
import { canvasSide, toCanvas } from './heatmap.ts';
import type { ImageGaze } from './image-gaze.ts';
import { alignFundus, type FundusAlignment, type ImageLandmarks } from './landmarks.ts';
import type { Affine, ImagePoint } from './points.ts';
import type { MultimatchFixation } from './similarity/saccades.ts';

/**
 * Gaze on one image in the frame that all images of a kind share: a canvas of 800 x 800, mirrored to the left
 * side, fundus photographs laid on their landmarks.
 */
export type CanonicalGaze = {
  /** Samples in order of time, whole pixels of the canvas. */
  readonly points: readonly (readonly [number, number])[];
  /** Pixels of the canvas and milliseconds. */
  readonly fixations: readonly MultimatchFixation[];
  /** Standard deviation of the Gaussian that one look leaves on a heat map, pixels of the canvas. */
  readonly sigmaPx: number;
};

/** What of an image decides where its pixels lie in the shared frame. */
export type FrameOfImage = {
  readonly rows: number;
  readonly columns: number;
  readonly laterality: Laterality | null;
  readonly landmarks: ImageLandmarks;
};

/** A right breast or eye is mirrored, so that both sides share one frame. */
function mirrorsInto(image: FrameOfImage): (x: number) => number {
  return image.laterality === 'R' ? (x) => image.columns - 1 - x : (x) => x;
}

/** The way from an image's pixels, centres at integers, to the canvas, whose top left corner is (0, 0). */
export function wayToCanvas(image: FrameOfImage): Affine {
  const { columns, rows, laterality, landmarks } = image;
  const alignment = alignFundus(landmarks, image);
  if (alignment !== undefined) return alignment.toCanvas;
  const [across, down] = [canvasSide / columns, canvasSide / rows];
  const mirrored = laterality === 'R';
  return {
    m00: mirrored ? -across : across,
    m01: 0,
    m02: mirrored ? canvasSide - across / 2 : across / 2,
    m10: 0,
    m11: down,
    m12: down / 2,
  };
}

/** Gaze moved on the canvas; what comes to lie beside it is left out. */
export function moveOnCanvas(gaze: CanonicalGaze, way: Affine): CanonicalGaze {
  const scale = Math.sqrt(Math.abs(way.m00 * way.m11 - way.m01 * way.m10));
  return {
    // A whole number stands for the pixel's middle.
    points: gaze.points
      .map(([x, y]) => applyAffine(way, x + 0.5, y + 0.5))
      .filter(isOnCanvas)
      .map(({ x, y }) => [Math.floor(x), Math.floor(y)] as const),
    fixations: gaze.fixations
      .map(({ x, y, duration }) => ({ ...applyAffine(way, x, y), duration }))
      .filter(isOnCanvas),
    sigmaPx: gaze.sigmaPx * scale,
  };
}

const isOnCanvas = ({ x, y }: ImagePoint): boolean =>
  x >= 0 && y >= 0 && x < canvasSide && y < canvasSide;

/** What an aligned photograph shows beside the canvas has no counterpart in others and is left out. */
function layOnLandmarks(gaze: ImageGaze, { toCanvas: map, scale }: FundusAlignment): CanonicalGaze {
  return {
    points: gaze.points
      .map(({ x, y }) => applyAffine(map, x, y))
      .filter(isOnCanvas)
      .map(({ x, y }) => [Math.floor(x), Math.floor(y)] as const),
    fixations: gaze.fixations
      .map(({ x, y, durationMs }) => ({ ...applyAffine(map, x, y), duration: durationMs }))
      .filter(isOnCanvas),
    sigmaPx: gaze.sigmaPx * scale,
  };
}

/**
 * Gaze on an image in the frame of its kind. Where disc and fovea are marked the image is laid on them;
 * otherwise each axis is scaled to 800, mirrored for a right side. Samples beside the image are left out.
 */
export function toCanonical(gaze: ImageGaze, image: FrameOfImage): CanonicalGaze {
  const alignment = alignFundus(image.landmarks, image);
  if (alignment !== undefined) return layOnLandmarks(gaze, alignment);
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
  // A look is round on the image; on the stretched canvas it counts as round with the same area.
  return { points, fixations, sigmaPx: (gaze.sigmaPx * canvasSide) / Math.sqrt(columns * rows) };
}
