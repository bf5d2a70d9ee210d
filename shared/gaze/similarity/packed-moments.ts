import type { PackedCases } from './compared-cases.ts';
import {
  type Moments,
  momentSimilarity,
  type MomentWeights,
  relativeDifference,
} from './hu-moments.ts';

/**
 * Moments compared by `momentSimilarity`, two numbers for each case. The order of the two does not matter.
 */
export function packMoments(weights: MomentWeights): PackedCases<Moments> {
  const { hu, mu } = weights;
  let numbers = new Float64Array(128);
  let size = 0;
  const momentsAt = (i: number): Moments => ({
    mu: numbers[2 * i] ?? Number.NaN,
    hu: numbers[2 * i + 1] ?? Number.NaN,
  });
  return {
    add: (moments) => {
      if (2 * size === numbers.length) {
        const longer = new Float64Array(4 * size);
        longer.set(numbers);
        numbers = longer;
      }
      // A map that has moments is never empty: its mu is above 0.
      numbers[2 * size] = moments?.mu ?? Number.NaN;
      numbers[2 * size + 1] = moments?.hu ?? Number.NaN;
      size += 1;
    },
    compare: (i, j) => momentSimilarity(momentsAt(i), momentsAt(j), weights),
    compareRow: (i, from, to, out) => {
      const [ownMu, ownHu] = [numbers[2 * i] ?? 0, numbers[2 * i + 1] ?? 0];
      for (let j = from; j < to; j += 1) {
        const otherMu = numbers[2 * j] ?? 0;
        out[j - from] = Number.isNaN(otherMu)
          ? Number.NaN
          : 1 -
            (hu * relativeDifference(ownHu, numbers[2 * j + 1] ?? 0) +
              mu * relativeDifference(ownMu, otherMu));
      }
    },
  };
}
