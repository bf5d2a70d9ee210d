import { type GreyImage, resizeBilinear, roundHalfEven } from '../resize.ts';
import { clusterGaze, type ClusterOptions } from './cluster-gaze.ts';
import { imageMoments, momentSide, type Moments, relativeDifference } from './hu-moments.ts';
import type { Measure, Similarity, UndefinedReason } from './measure.ts';

/** Half of the kernel's side: support -54 .. +53 px. */
const half = 54;
const kernelSigma = 18;

export type TimaOptions = {
  readonly clusters: ClusterOptions;
  /** Canvas on which a cluster is rendered, px; as published 1920 x 1080 with gaze in 0..800. */
  readonly canvasWidth: number;
  readonly canvasHeight: number;
  /** Published: mu 0.7, hu 0.3. */
  readonly weights: { readonly mu: number; readonly hu: number };
  /** As published: clip to 800 before clustering (downstream variant). */
  readonly clip: number | undefined;
  /** As published: clusters are read in the order of their file names, 10 before 2 (mcgip defect 13). */
  readonly orderByName: boolean;
  /** As published: no cluster gives similarity 0; otherwise there is none. */
  readonly asPublished: boolean;
};

const publishedBase = {
  canvasWidth: 1920,
  canvasHeight: 1080,
  weights: { mu: 0.7, hu: 0.3 },
  asPublished: true,
} as const;

/** The core variant on its 800 x 800 canvas. */
export const publishedTimaCore: TimaOptions = {
  ...publishedBase,
  clusters: { width: 800, height: 800, neighbourDivisor: 10, exchangeDivisors: true },
  clip: undefined,
  orderByName: true,
};

/** The downstream variant. */
export const publishedTimaDownstream: TimaOptions = {
  ...publishedBase,
  clusters: { width: 800, height: 800, neighbourDivisor: 20 },
  clip: 800,
  orderByName: true,
};

/** The station's: canvas of the points, clusters in time. */
export const stationTima: TimaOptions = {
  clusters: { width: 800, height: 800, neighbourDivisor: 20 },
  canvasWidth: 800,
  canvasHeight: 800,
  weights: { mu: 0.7, hu: 0.3 },
  clip: undefined,
  orderByName: false,
  asPublished: false,
};

const kernel = Float64Array.from({ length: (2 * half) ** 2 }, (_, k) => {
  const [i, j] = [k % (2 * half), Math.floor(k / (2 * half))];
  return Math.exp(-((i - half) ** 2 + (j - half) ** 2) / (2 * kernelSigma * kernelSigma));
});

/**
 * One cluster as an 8-bit map: a Gaussian for each point, dwell accumulates, scaled to 0..255. Points
 * whose kernel would begin above or left of the canvas's margin (negative coordinates) are dropped.
 */
export function renderCluster(
  points: readonly (readonly [number, number])[],
  width: number,
  height: number,
): GreyImage {
  const data = new Uint8Array(width * height);
  const laid = points.filter(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height);
  // Only where a kernel reaches is there anything but zero.
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (const [x, y] of laid) {
    left = Math.min(left, x - half);
    right = Math.max(right, x + half);
    top = Math.min(top, y - half);
    bottom = Math.max(bottom, y + half);
  }
  [left, top] = [Math.max(0, left), Math.max(0, top)];
  [right, bottom] = [Math.min(width, right), Math.min(height, bottom)];
  if (laid.length === 0 || right <= left || bottom <= top) return { width, height, data };
  const columns = right - left;
  const map = new Float64Array(columns * (bottom - top));
  for (const [x, y] of laid) {
    const [first, last] = [Math.max(left, x - half), Math.min(right, x + half)];
    for (let row = Math.max(top, y - half); row < Math.min(bottom, y + half); row += 1) {
      const from = (row - y + half) * 2 * half + half - x;
      const to = (row - top) * columns - left;
      for (let column = first; column < last; column += 1)
        map[to + column] = (map[to + column] ?? 0) + (kernel[from + column] ?? 0);
    }
  }
  let high = 0;
  for (let i = 0; i < map.length; i += 1) high = Math.max(high, map[i] ?? 0);
  if (high === 0) return { width, height, data };
  // Beside the kernels' reach it is 0; only a reach that is the whole canvas can have a higher least value.
  let low = map.length < width * height ? 0 : 1;
  for (let i = 0; i < map.length && low > 0; i += 1) low = Math.min(low, (map[i] ?? 0) / high);
  const scale = 255 / (1 - low);
  for (let i = 0; i < map.length; i += 1) {
    const value = map[i] ?? 0;
    if (value === 0 && low === 0) continue;
    data[(top + Math.floor(i / columns)) * width + left + (i % columns)] = roundHalfEven(
      (value / high) * scale - low * scale,
    );
  }
  return { width, height, data };
}

/** Moments of each cluster in their order. */
export function describeClusters(
  gaze: readonly (readonly [number, number])[],
  options: TimaOptions,
): { readonly labels: readonly number[]; readonly moments: readonly Moments[] } {
  const { clip, canvasWidth, canvasHeight, orderByName } = options;
  const points =
    clip === undefined
      ? gaze
      : gaze.map(([x, y]) => [Math.min(clip, x), Math.min(clip, y)] as const);
  const labels = clusterGaze(points, options.clusters);
  const count = labels.reduce((most, label) => Math.max(most, label + 1), 0);
  const order = Array.from({ length: count }, (_, k) => k);
  if (orderByName) order.sort((a, b) => (String(a) < String(b) ? -1 : 1));
  const moments = order.map((label) => {
    const own = points.filter((_, k) => labels[k] === label);
    const map = renderCluster(own, canvasWidth, canvasHeight);
    return imageMoments(resizeBilinear(map, momentSide, momentSide));
  });
  return { labels, moments };
}

/** A table that grows with the longest pair met, so that nothing is allocated for a pair. */
class Scratch {
  #table = new Float64Array(64);

  fit(cells: number): Float64Array {
    if (this.#table.length < cells) this.#table = new Float64Array(2 * cells);
    return this.#table;
  }
}

/**
 * Dynamic time warping of two sequences of moments: D = cost + min of the three before; the path is traced
 * back by the smallest of (diagonal, up, left), first wins. Similarity 1 - D / (nodes on the path).
 */
export function compareSequences(
  a: readonly Moments[],
  b: readonly Moments[],
  weights: TimaOptions['weights'],
  scratch = new Scratch(),
): { readonly distance: number; readonly length: number; readonly similarity: number } {
  const [n, m] = [a.length, b.length];
  const width = m + 1;
  const table = scratch.fit((n + 1) * width);
  table.fill(Infinity, 0, width);
  table[0] = 0;
  const at = (i: number, j: number): number => table[i * width + j] ?? Infinity;
  for (let i = 1; i <= n; i += 1) {
    const u = a[i - 1];
    table[i * width] = Infinity;
    for (let j = 1; j <= m; j += 1) {
      const v = b[j - 1];
      if (u === undefined || v === undefined) continue;
      const cost =
        weights.mu * relativeDifference(u.mu, v.mu) + weights.hu * relativeDifference(u.hu, v.hu);
      table[i * width + j] = cost + Math.min(at(i - 1, j - 1), at(i - 1, j), at(i, j - 1));
    }
  }
  const distance = at(n, m);
  let length = Math.max(n, m);
  if (n > 1 && m > 1) {
    let [i, j] = [n, m];
    length = 1;
    while (i > 1 || j > 1) {
      const [diagonal, up, left] = [at(i - 1, j - 1), at(i - 1, j), at(i, j - 1)];
      if (diagonal <= up && diagonal <= left) [i, j] = [i - 1, j - 1];
      else if (up <= left) i -= 1;
      else j -= 1;
      length += 1;
    }
  }
  return { distance, length, similarity: 1 - distance / length };
}

/** TIMA, temporal image moment analysis (GzPT; mcgip section 6). */
export function createTima(
  options: TimaOptions,
): Measure<readonly (readonly [number, number])[], readonly Moments[]> {
  const scratch = new Scratch();
  return {
    name: 'tima',
    partNames: ['tima'],
    describe: (gaze): readonly Moments[] | UndefinedReason => {
      const { moments } = describeClusters(gaze, options);
      return moments.length === 0 && !options.asPublished ? 'no-cluster' : moments;
    },
    compare: (a, b): Similarity => {
      const relation =
        a.length === 0 || b.length === 0
          ? 0
          : compareSequences(a, b, options.weights, scratch).similarity;
      return { relation, parts: [relation] };
    },
  };
}
