import type { GreyImage } from './resize.ts';

/** Side of the canvas on which the published code lays gaze, px. */
export const canvasSide = 800;

/** Samples that lie on the canvas, and how many did not. */
export type CanvasGaze = {
  readonly points: readonly (readonly [number, number])[];
  readonly dropped: number;
};

/**
 * Lays image points (pixel centres at integers) on the canvas: each axis is scaled to 800, truncated to
 * whole pixels. Points beside the image are dropped and counted, never wrapped or piled up at the edge
 * (mcgip defect 8).
 */
export function toCanvas(
  points: readonly { readonly x: number; readonly y: number }[],
  columns: number,
  rows: number,
): CanvasGaze {
  const kept: (readonly [number, number])[] = [];
  for (const { x, y } of points) {
    const cx = Math.floor(((x + 0.5) * canvasSide) / columns);
    const cy = Math.floor(((y + 0.5) * canvasSide) / rows);
    if (cx >= 0 && cy >= 0 && cx < canvasSide && cy < canvasSide) kept.push([cx, cy]);
  }
  return { points: kept, dropped: points.length - kept.length };
}

/** Gaussian taps, normalised to sum 1. */
function gaussian(taps: number, sigma: number): Float64Array {
  const middle = (taps - 1) / 2;
  const kernel = Float64Array.from({ length: taps }, (_, i) =>
    Math.exp(-((i - middle) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((total, value) => total + value, 0);
  return kernel.map((value) => value / sum);
}

/** Index mirrored into [0, size) without repeating the edge: ... 2 1 | 0 1 2 ... */
function mirror(i: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const folded = ((i % period) + period) % period;
  return folded < size ? folded : period - folded;
}

/** Separable blur of a sparse map; sums run in the order of the taps, zeros left out. */
function blur(
  map: Float64Array,
  width: number,
  height: number,
  kernel: Float64Array,
): Float64Array {
  const taps = kernel.length;
  const half = (taps - 1) / 2;
  const across = new Float64Array(width * height);
  const filled = new Uint8Array(height);
  for (let r = 0; r < height; r += 1) {
    const row = map.subarray(r * width, (r + 1) * width);
    const target = across.subarray(r * width, (r + 1) * width);
    if (!row.some((value) => value !== 0)) continue;
    filled[r] = 1;
    for (let p = 0; p < width + 2 * half; p += 1) {
      const value = row[mirror(p - half, width)] ?? 0;
      if (value === 0) continue;
      const first = Math.max(0, p - taps + 1);
      const last = Math.min(width - 1, p);
      for (let c = first; c <= last; c += 1)
        target[c] = (target[c] ?? 0) + (kernel[p - c] ?? 0) * value;
    }
  }
  const result = new Float64Array(width * height);
  for (let r = 0; r < height; r += 1) {
    const target = result.subarray(r * width, (r + 1) * width);
    for (let k = 0; k < taps; k += 1) {
      const row = mirror(r + k - half, height);
      if (filled[row] !== 1) continue;
      const weight = kernel[k] ?? 0;
      const source = across.subarray(row * width, (row + 1) * width);
      for (let c = 0; c < width; c += 1) target[c] = (target[c] ?? 0) + weight * (source[c] ?? 0);
    }
  }
  return result;
}

export type PublishedMapOptions = {
  /** Odd; sigma = 0.3 ((taps - 1) / 2 - 1) + 0.8, as OpenCV takes it. */
  readonly taps?: number;
  /** true: negative coordinates wrap and large ones pile up at 799, as published. */
  readonly asPublished: boolean;
};

/**
 * The published heat map (mcgip section 1): 800 x 800, binary (no dwell), blurred with 199 taps (sigma
 * 30.2), divided by its maximum, times 255, truncated. Without a sample: all zero.
 */
export function publishedHeatmap(
  gaze: readonly (readonly [number, number])[],
  { taps = 199, asPublished }: PublishedMapOptions,
): GreyImage {
  const side = canvasSide;
  const map = new Float64Array(side * side);
  for (const [x, y] of gaze) {
    let [column, row] = [Math.min(side - 1, x), Math.min(side - 1, y)];
    if (asPublished) {
      if (column < 0) column += side;
      if (row < 0) row += side;
    } else if (x < 0 || y < 0 || x >= side || y >= side) continue;
    map[row * side + column] = 1;
  }
  const data = new Uint8Array(side * side);
  const blurred = blur(map, side, side, gaussian(taps, 0.3 * ((taps - 1) / 2 - 1) + 0.8));
  let max = 0;
  for (let i = 0; i < blurred.length; i += 1) max = Math.max(max, blurred[i] ?? 0);
  if (max > 0)
    for (let i = 0; i < blurred.length; i += 1)
      data[i] = Math.trunc(((blurred[i] ?? 0) / max) * 255);
  return { width: side, height: side, data };
}

/** A place that was looked at, with how long. */
export type DwellPoint = { readonly x: number; readonly y: number; readonly weight: number };

/**
 * Dwell-weighted heat map: a sum of Gaussians, each as tall as its dwell, normalised to a maximum of 1.
 * Points and `sigma` in pixels of the map, origin at the centre of its top left pixel; all zero without
 * a point.
 */
export function dwellHeatmap(
  points: readonly DwellPoint[],
  width: number,
  height: number,
  sigma: number,
): Float32Array {
  const map = new Float32Array(width * height);
  const reach = Math.ceil(3.5 * sigma);
  const across = new Float64Array(2 * reach + 2);
  const falloff = (distance: number): number => Math.exp(-(distance ** 2) / (2 * sigma * sigma));
  for (const { x, y, weight } of points) {
    if (!Number.isFinite(x + y + weight)) continue;
    const left = Math.max(0, Math.floor(x) - reach);
    const right = Math.min(width - 1, Math.ceil(x) + reach);
    const top = Math.max(0, Math.floor(y) - reach);
    const bottom = Math.min(height - 1, Math.ceil(y) + reach);
    for (let c = left; c <= right; c += 1) across[c - left] = falloff(c - x);
    for (let r = top; r <= bottom; r += 1) {
      const vertical = weight * falloff(r - y);
      const row = r * width;
      for (let c = left; c <= right; c += 1)
        map[row + c] = (map[row + c] ?? 0) + vertical * (across[c - left] ?? 0);
    }
  }
  let max = 0;
  for (let i = 0; i < map.length; i += 1) max = Math.max(max, map[i] ?? 0);
  if (max > 0) for (let i = 0; i < map.length; i += 1) map[i] = (map[i] ?? 0) / max;
  return map;
}
