import { detectFixationsByDispersion, type Fixation, type TimedPoint } from './fixations.ts';
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
};

/** Largest spread of a fixation (x + y), as a share of the mean of the image's sides. */
const dispersionShare = 0.08;
const minDurationMs = 100;
const maxGapMs = 75;

/** I-DT with a dispersion that grows with the image, so that it does not depend on the detector's pixels. */
export function detectImageFixations(
  points: readonly TimedPoint[],
  { columns, rows }: ImageSize,
): Fixation[] {
  return detectFixationsByDispersion(points, {
    maxDispersion: (dispersionShare * (columns + rows)) / 2,
    minDurationMs,
    maxGapMs,
  });
}

/**
 * Splits a recording into its images: samples mapped through the viewport timeline, then fixations.
 * Images without a size in `sizes` (deleted since) are left out.
 */
export function splitByImage(
  samples: readonly GazeSample[],
  states: readonly ViewportState[],
  sizes: ReadonlyMap<number, ImageSize>,
): ImageGaze[] {
  const found = new Map<
    number,
    { points: { tMs: number; x: number; y: number }[]; beside: number }
  >();
  for (const mapped of mapToImage(samples, states)) {
    if (mapped.imageId === null) continue;
    const size = sizes.get(mapped.imageId);
    if (size === undefined) continue;
    const entry = found.get(mapped.imageId) ?? { points: [], beside: 0 };
    found.set(mapped.imageId, entry);
    const { x, y, tUs } = mapped;
    const inside = x >= -0.5 && y >= -0.5 && x < size.columns - 0.5 && y < size.rows - 0.5;
    if (inside) entry.points.push({ tMs: tUs / 1000, x, y });
    else entry.beside += 1;
  }
  return [...found].map(([imageId, { points, beside }]) => {
    const { columns, rows } = sizes.get(imageId) ?? { columns: 0, rows: 0 };
    const sorted = points.toSorted((a, b) => a.tMs - b.tMs);
    const fixations = detectImageFixations(sorted, { columns, rows });
    return { imageId, columns, rows, points: sorted, beside, fixations };
  });
}
