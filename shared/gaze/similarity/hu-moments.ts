import { type GreyImage, resizeBilinear } from '../resize.ts';
import type { Measure, Similarity, UndefinedReason } from './measure.ts';

/** Side of the image from which moments are taken, as published. */
export const momentSide = 32;

/** The two numbers that the published code compares (mcgip section 4). */
export type Moments = {
  /** M00: sum of the grey values. */
  readonly mu: number;
  /** First Hu invariant, eta20 + eta02; NaN for an empty image. */
  readonly hu: number;
};

/** Moments of a grey image of any size, x = row, y = column; sums in double (mcgip defect 11). */
export function imageMoments({ width, height, data }: GreyImage): Moments {
  let [m00, m10, m01] = [0, 0, 0];
  for (let x = 0; x < height; x += 1)
    for (let y = 0; y < width; y += 1) {
      const value = data[x * width + y] ?? 0;
      m00 += value;
      m10 += x * value;
      m01 += y * value;
    }
  const [centreX, centreY] = [m10 / m00, m01 / m00];
  let [mu20, mu02] = [0, 0];
  for (let x = 0; x < height; x += 1)
    for (let y = 0; y < width; y += 1) {
      const value = data[x * width + y] ?? 0;
      mu20 += (x - centreX) ** 2 * value;
      mu02 += (y - centreY) ** 2 * value;
    }
  return { mu: m00, hu: mu20 / m00 ** 2 + mu02 / m00 ** 2 };
}

/** Relative difference in [0, 1]: 1 where one is not a number, 0 where both are equal. */
export function relativeDifference(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return 1;
  if (a === b) return 0;
  const larger = Math.max(a, b);
  return larger === 0 ? 1 : Math.abs(a - b) / Math.abs(larger);
}

/** Weights of the two differences. */
export const momentWeights = {
  mammography: { hu: 0.5, mu: 0.5 },
  dental: { hu: 0.8, mu: 0.2 },
} as const;
export type MomentWeights = { readonly hu: number; readonly mu: number };

/** 1 - (w_hu cd(hu) + w_mu cd(mu)). */
export function momentSimilarity(a: Moments, b: Moments, weights: MomentWeights): Similarity {
  const parts = [1 - relativeDifference(a.hu, b.hu), 1 - relativeDifference(a.mu, b.mu)];
  const difference =
    weights.hu * relativeDifference(a.hu, b.hu) + weights.mu * relativeDifference(a.mu, b.mu);
  return { relation: 1 - difference, parts };
}

/** Image moments of heat maps. An empty map has no similarity; as published it has one by rule. */
export function createHuMoments(options: {
  readonly weights: MomentWeights;
  readonly asPublished: boolean;
}): Measure<GreyImage, Moments> {
  return {
    name: 'hu-moments',
    partNames: ['hu', 'mu'],
    describe: (map): Moments | UndefinedReason => {
      const moments = imageMoments(resizeBilinear(map, momentSide, momentSide));
      return moments.mu === 0 && !options.asPublished ? 'empty-map' : moments;
    },
    compare: (a, b) => momentSimilarity(a, b, options.weights),
  };
}
