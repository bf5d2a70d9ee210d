import { type GreyImage, resizeBilinear } from '../resize.ts';
import type { Measure, Similarity, UndefinedReason } from './measure.ts';

/** 64 bits, row by row from the top left; bit k of the first word is bit k of the hash. */
export type DifferenceHash = { readonly low: number; readonly high: number; readonly ones: number };

/** How many of the 32 bits are set. */
export function countBits(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}

/** The hash's bits as 0 and 1, in their order. */
export function hashBits({ low, high }: DifferenceHash): number[] {
  return Array.from({ length: 64 }, (_, k) => (k < 32 ? (low >>> k) & 1 : (high >>> (k - 32)) & 1));
}

/** Hash of a heat map: resized to 9 wide x 8 high, a bit is set where a pixel is brighter than its right neighbour. */
export function differenceHash(map: GreyImage): DifferenceHash {
  const { data } = resizeBilinear(map, 9, 8);
  let [low, high] = [0, 0];
  for (let bit = 0; bit < 64; bit += 1) {
    const i = (bit >>> 3) * 9 + (bit & 7);
    if ((data[i] ?? 0) <= (data[i + 1] ?? 0)) continue;
    if (bit < 32) low |= 1 << bit;
    else high |= 1 << (bit - 32);
  }
  return { low, high, ones: countBits(low) + countBits(high) };
}

/** Cosine of the two bit vectors (not Hamming); 0 where one has no bit set. */
export function hashCosine(a: DifferenceHash, b: DifferenceHash): number {
  if (a.ones === 0 || b.ones === 0) return 0;
  const both = countBits(a.low & b.low) + countBits(a.high & b.high);
  return both / Math.sqrt(a.ones * b.ones);
}

/**
 * Difference hash of heat maps (mcgip section 3). An empty map and one without any falling edge have no
 * similarity, not even with themselves; as published they have 0.
 */
export function createDifferenceHash(options: {
  readonly asPublished: boolean;
}): Measure<GreyImage, DifferenceHash> {
  return {
    name: 'difference-hash',
    partNames: ['cosine'],
    describe: (map): DifferenceHash | UndefinedReason => {
      const hash = differenceHash(map);
      if (hash.ones > 0 || options.asPublished) return hash;
      return map.data.some((value) => value !== 0) ? 'flat-map' : 'empty-map';
    },
    compare: (a, b): Similarity => {
      const relation = hashCosine(a, b);
      return { relation, parts: [relation] };
    },
  };
}
