/** Sums of a gradient with signs that look random: they see every value, and a file of them is small. */
export type GradientSummary = {
  /** Euclidean length. */
  readonly length: number;
  /** Signed sums, eight of them. */
  readonly projections: readonly number[];
};

/** Bits that give value `i` its eight signs; `scripts/make-golden-steps.py` has the same. */
function signBits(i: number): number {
  let bits = Math.imul(i + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return bits ^ (bits >>> 15);
}

/** The summary of a gradient. */
export function summarise(gradient: Float32Array): GradientSummary {
  const sums = new Float64Array(8);
  let squares = 0;
  for (let i = 0; i < gradient.length; i += 1) {
    const value = gradient[i] ?? 0;
    squares += value * value;
    const bits = signBits(i);
    for (let k = 0; k < 8; k += 1) sums[k] = (sums[k] ?? 0) + ((bits >>> k) & 1 ? value : -value);
  }
  return { length: Math.sqrt(squares), projections: [...sums] };
}

/**
 * Estimates |found - expected| / |expected|: a signed sum of a difference has the variance of its squared
 * length, so the root of the sums' mean square estimates it. `least`: what a shorter gradient is measured against. Infinite
 * where a number is not finite.
 */
export function summaryDeviation(
  found: GradientSummary,
  expected: GradientSummary,
  least: number,
): number {
  const squares = expected.projections.reduce(
    (sum, each, k) => sum + (each - (found.projections[k] ?? NaN)) ** 2,
    0,
  );
  const off = Math.max(
    Math.sqrt(squares / expected.projections.length),
    Math.abs(found.length - expected.length),
  );
  const relative = off / Math.max(expected.length, least);
  return Number.isFinite(relative) ? relative : Infinity;
}

/** Euclidean length of a gradient. A loop: over millions of values `reduce` takes ten times as long. */
export function lengthOf(gradient: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i += 1) squares += (gradient[i] ?? 0) ** 2;
  return Math.sqrt(squares);
}

/** |found - expected| / |expected|, or / `least` where that is more; infinite where a number is not finite or the sizes differ. */
export function gradientDeviation(
  found: Float32Array,
  expected: Float32Array,
  least: number,
): number {
  if (found.length !== expected.length) return Infinity;
  let off = 0;
  let squares = 0;
  for (let i = 0; i < expected.length; i += 1) {
    const value = expected[i] ?? 0;
    off += ((found[i] ?? 0) - value) ** 2;
    squares += value * value;
  }
  const relative = Math.sqrt(off) / Math.max(Math.sqrt(squares), least);
  return Number.isFinite(relative) ? relative : Infinity;
}

/**
 * The length that a gradient is measured against at least: a thousandth of the step's longest. A bias before batch norm
 * has gradient 0, which no rounding hits.
 */
export const leastLength = (lengths: readonly number[]): number =>
  Math.max(1e-12, 1e-3 * Math.max(...lengths));
