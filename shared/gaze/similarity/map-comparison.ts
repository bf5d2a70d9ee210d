import type { Measure, Similarity, UndefinedReason } from './measure.ts';

/** A heat map; all maps that are compared have the same size. */
export type HeatMap = Float32Array;

function normalise(map: HeatMap, mean: number): Float32Array | undefined {
  let squares = 0;
  for (const value of map) squares += (value - mean) ** 2;
  // A map that is even but for rounding has no direction.
  if (squares <= 1e-12 * map.length) return undefined;
  const length = Math.sqrt(squares);
  return map.map((value) => (value - mean) / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error('Heat maps of different sizes cannot be compared.');
  const product = (i: number): number => (a[i] ?? 0) * (b[i] ?? 0);
  // Eight sums, in the order in which the kernel adds them.
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  const whole = a.length - (a.length % 8);
  for (let i = 0; i < whole; i += 8) {
    s0 += product(i);
    s1 += product(i + 1);
    s2 += product(i + 2);
    s3 += product(i + 3);
    s4 += product(i + 4);
    s5 += product(i + 5);
    s6 += product(i + 6);
    s7 += product(i + 7);
  }
  let rest = 0;
  for (let i = whole; i < a.length; i += 1) rest += product(i);
  return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7)) + rest;
}

/** How the dot product of two normalised maps is read. */
export type DotReading = {
  readonly toRelation: (dot: number) => number;
  readonly toSimilarity: (dot: number) => Similarity;
};

const cosineRelation = (dot: number): number => Math.min(1, Math.max(0, dot));

/** Of maps of length 1. */
export const cosineReading: DotReading = {
  toRelation: cosineRelation,
  toSimilarity: (dot) => {
    const relation = cosineRelation(dot);
    return { relation, parts: [relation] };
  },
};

const clampedR = (dot: number): number => Math.min(1, Math.max(-1, dot));
const correlationRelation = (dot: number): number => (clampedR(dot) + 1) / 2;

/** Of maps whose values lie about their mean, of length 1. */
export const correlationReading: DotReading = {
  toRelation: correlationRelation,
  toSimilarity: (dot) => ({ relation: correlationRelation(dot), parts: [clampedR(dot)] }),
};

const hasGaze = (map: HeatMap): boolean => map.some((value) => value > 0);

/** Cosine of two heat maps: the plainest of all measures, in [0, 1]. */
export const heatmapCosine: Measure<HeatMap, Float32Array> = {
  name: 'heatmap-cosine',
  partNames: ['cosine'],
  describe: (map): Float32Array | UndefinedReason =>
    hasGaze(map) ? (normalise(map, 0) ?? 'empty-map') : 'empty-map',
  compare: (a, b) => cosineReading.toSimilarity(dot(a, b)),
};

/**
 * Pearson's correlation r of two heat maps (CC of the saliency literature). `parts` holds r in [-1, 1], the
 * relation is (r + 1) / 2, so that it lies in [0, 1] as with every measure.
 */
export const heatmapCorrelation: Measure<HeatMap, Float32Array> = {
  name: 'heatmap-correlation',
  partNames: ['r'],
  describe: (map): Float32Array | UndefinedReason => {
    if (!hasGaze(map)) return 'empty-map';
    const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
    return normalise(map, mean) ?? 'flat-map';
  },
  compare: (a, b) => correlationReading.toSimilarity(dot(a, b)),
};
