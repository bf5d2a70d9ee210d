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
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

const hasGaze = (map: HeatMap): boolean => map.some((value) => value > 0);

/** Cosine of two heat maps: the plainest of all measures, in [0, 1]. */
export const heatmapCosine: Measure<HeatMap, Float32Array> = {
  name: 'heatmap-cosine',
  partNames: ['cosine'],
  describe: (map): Float32Array | UndefinedReason =>
    hasGaze(map) ? (normalise(map, 0) ?? 'empty-map') : 'empty-map',
  compare: (a, b): Similarity => {
    const relation = Math.min(1, Math.max(0, dot(a, b)));
    return { relation, parts: [relation] };
  },
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
  compare: (a, b): Similarity => {
    const r = Math.min(1, Math.max(-1, dot(a, b)));
    return { relation: (r + 1) / 2, parts: [r] };
  },
};
