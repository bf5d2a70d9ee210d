import type { Fixation } from './fixations.ts';
import { type GazeGeometry, lookSigmaDip } from './geometry.ts';
import { detectImageFixations, detectOnScreen, type ViewedPoint } from './image-fixations.ts';
import { mapToImage } from './map-to-image.ts';
import type { GazeSample, ViewportState } from './samples.ts';

/** Size of a stored image, pixels. */
export type ImageSize = { readonly columns: number; readonly rows: number };

/** Gaze of one recording on one image; coordinates in image pixels, centres at integers. */
export type ImageGaze = ImageSize & {
  readonly imageId: number;
  /** Samples on the picture, in order of time. */
  readonly points: readonly { readonly tMs: number; readonly x: number; readonly y: number }[];
  /** Samples in the image's pane but beside the picture. */
  readonly beside: number;
  readonly fixations: readonly Fixation[];
  /** Standard deviation of the Gaussian that one look leaves on a heat map, image pixels. */
  readonly sigmaPx: number;
};

/**
 * Width of one look as a share of the image's side (the geometric mean of both), where screen or distance are
 * not known: that of the published heat map, 30.2 px on 800.
 */
const sigmaShare = 30.2 / 800;

/** Numbers the views of a recording: states that lay an image on the same place of the screen are one view. */
class Views {
  readonly pixelsPerDip: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<ViewportState, number>();

  numberOf(state: ViewportState): number {
    const known = this.#known.get(state);
    if (known !== undefined) return known;
    const { pane, contentXDip, contentYDip, zoomFactor, xCss, yCss } = state;
    const { m00, m01, m02, m10, m11, m12 } = state;
    const place = [pane, contentXDip, contentYDip, zoomFactor, xCss, yCss];
    const key = [...place, m00, m01, m02, m10, m11, m12].join(' ');
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    this.#known.set(state, number);
    this.pixelsPerDip[number] = Math.sqrt(Math.abs(m00 * m11 - m01 * m10)) / zoomFactor;
    return number;
  }
}

/** The look's width in image pixels: of a picture seen at several zooms the mean, weighted by samples. */
function sigmaOf(
  { columns, rows }: ImageSize,
  points: readonly ViewedPoint[],
  pixelsPerDip: readonly number[],
  geometry: GazeGeometry | undefined,
): number {
  if (geometry === undefined || points.length === 0) return sigmaShare * Math.sqrt(columns * rows);
  const sum = points.reduce((total, { view }) => total + (pixelsPerDip[view] ?? 0), 0);
  return (lookSigmaDip(geometry) * sum) / points.length;
}

/**
 * Splits a recording into its images: samples mapped through the viewport timeline, then fixations, in degrees
 * where the geometry is known. Images without a size in `sizes` (deleted since) are left out, and so are samples
 * whose time or place is no number.
 */
export function splitByImage(
  samples: readonly GazeSample[],
  states: readonly ViewportState[],
  sizes: ReadonlyMap<number, ImageSize>,
  geometry: GazeGeometry | undefined,
): ImageGaze[] {
  const views = new Views();
  const found = new Map<number, { size: ImageSize; points: ViewedPoint[]; beside: number }>();
  for (const mapped of mapToImage(samples, states)) {
    if (mapped.imageId === null) continue;
    const size = sizes.get(mapped.imageId);
    if (size === undefined) continue;
    const entry = found.get(mapped.imageId) ?? { size, points: [], beside: 0 };
    found.set(mapped.imageId, entry);
    const { x, y, tUs, state } = mapped;
    const inside = x >= -0.5 && y >= -0.5 && x < size.columns - 0.5 && y < size.rows - 0.5;
    if (inside) entry.points.push({ tMs: tUs / 1000, x, y, view: views.numberOf(state) });
    else entry.beside += 1;
  }
  const screen = found.size === 0 ? undefined : detectOnScreen(samples, geometry);
  const { pixelsPerDip } = views;
  return [...found].map(([imageId, { size, points: unordered, beside }]) => {
    const { columns, rows } = size;
    const points = unordered.toSorted((a, b) => a.tMs - b.tMs);
    return {
      imageId,
      columns,
      rows,
      points: points.map(({ tMs, x, y }) => ({ tMs, x, y })),
      beside,
      fixations: detectImageFixations({ columns, rows, points, pixelsPerDip }, geometry, screen),
      sigmaPx: sigmaOf(size, points, pixelsPerDip, geometry),
    };
  });
}
