import { canvasSide } from './heatmap.ts';
import type { Affine, ImagePoint } from './points.ts';

/** What a person can mark on a fundus photograph: the centre of the optic disc, and the fovea. */
export const landmarkKinds = ['disc', 'fovea'] as const;
export type LandmarkKind = (typeof landmarkKinds)[number];

/** Marked places of an image, pixel centres at integers; null: not marked. */
export type ImageLandmarks = Readonly<Record<LandmarkKind, ImagePoint | null>>;

export const noLandmarks: ImageLandmarks = { disc: null, fovea: null };

/** Says for images how they are marked; empty where none is. Marks that differ have different names. */
export function nameFrames(images: ReadonlyMap<number, ImageLandmarks>): string {
  return [...images]
    .filter(([, { disc, fovea }]) => disc !== null || fovea !== null)
    .toSorted(([a], [b]) => a - b)
    .map(([id, { disc, fovea }]) => [id, disc?.x, disc?.y, fovea?.x, fovea?.y].join(' '))
    .join(';');
}

/** Field of view of the photograph that fills the canvas, degrees. */
const fieldDegrees = 45;

/**
 * Where the landmarks lie on the canvas, in the frame of a left eye (disc left of the fovea). The fovea lies in
 * the middle, as in a macula-centred photograph, and the disc where the blind spot of perimetry puts it, 15.5
 * degrees to its nose's side and 1.5 degrees above, at 45 degrees for 800 px: so such a photograph fills the
 * canvas as it does without alignment, and both kinds can be compared.
 */
export const canonicalLandmarks: Readonly<Record<LandmarkKind, ImagePoint>> = {
  fovea: { x: canvasSide / 2, y: canvasSide / 2 },
  disc: {
    x: canvasSide / 2 - (15.5 * canvasSide) / fieldDegrees,
    y: canvasSide / 2 - (1.5 * canvasSide) / fieldDegrees,
  },
};

/** Landmarks nearer than this share of the longer side are no eye's: the image counts as unmarked. */
const nearestShare = 0.02;

/** An image's way to the canvas by its landmarks. */
export type FundusAlignment = {
  /** From image pixels, centres at integers, to the canvas, whose top left corner is (0, 0). */
  readonly toCanvas: Affine;
  /** Pixels of the canvas for one image pixel. */
  readonly scale: number;
};

/**
 * The similarity transform (turn, scale, shift; mirrored first where the disc lies right of the fovea, whatever
 * laterality was recorded) that lays both landmarks on `canonicalLandmarks`; undefined where one is not marked
 * or they lie too near to each other.
 */
export function alignFundus(
  { disc, fovea }: ImageLandmarks,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): FundusAlignment | undefined {
  if (disc === null || fovea === null) return undefined;
  const apart = Math.hypot(fovea.x - disc.x, fovea.y - disc.y);
  if (!(apart >= nearestShare * Math.max(columns, rows))) return undefined;
  const side = disc.x > fovea.x ? -1 : 1;
  const { disc: onCanvas, fovea: middle } = canonicalLandmarks;
  // Both as complex numbers: the turn and scale is the quotient of the ways from disc to fovea.
  const [fromX, fromY] = [side * (fovea.x - disc.x), fovea.y - disc.y];
  const [toX, toY] = [middle.x - onCanvas.x, middle.y - onCanvas.y];
  const real = (toX * fromX + toY * fromY) / apart ** 2;
  const imaginary = (toY * fromX - toX * fromY) / apart ** 2;
  return {
    scale: Math.hypot(real, imaginary),
    toCanvas: {
      m00: side * real,
      m01: -imaginary,
      m02: middle.x - side * real * fovea.x + imaginary * fovea.y,
      m10: side * imaginary,
      m11: real,
      m12: middle.y - side * imaginary * fovea.x - real * fovea.y,
    },
  };
}
