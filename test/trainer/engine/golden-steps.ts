import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What scripts/make-golden-steps.py stores of a weight's gradient. */
export type GoldenGradient = {
  readonly length: number;
  /** Sums of the values with seeded signs. */
  readonly projections: readonly number[];
};

export type GoldenStep = {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, GoldenGradient>>;
};

/** Steps in PyTorch's double precision, by the names of `makeCases`. */
export function readGoldenSteps(): Readonly<Record<string, GoldenStep>> {
  const file = path.join(import.meta.dirname, '../../golden/training-steps.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, GoldenStep>>;
}

/** Each value with the signs that the low 8 bits of its index's hash give, summed. */
function project(values: Float32Array): Float64Array {
  const sums = new Float64Array(8);
  for (const [i, value] of values.entries()) {
    let bits = Math.imul(i + 1, 0x9e3779b1);
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
    bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
    bits ^= bits >>> 15;
    for (let k = 0; k < 8; k += 1) sums[k] = (sums[k] ?? 0) + ((bits >>> k) & 1 ? value : -value);
  }
  return sums;
}

/**
 * Relative L2 distance of a gradient to the golden one, or of their lengths where that is more. The distance is
 * estimated by 8 random projections (right to about a quarter). `longest`: length of the model's longest gradient,
 * which stands in where this one is 0 (a bias before batch norm).
 */
export function gradientDeviation(
  gradient: Float32Array,
  expected: GoldenGradient,
  longest: number,
): number {
  let squares = 0;
  for (const value of gradient) squares += value * value;
  const found = project(gradient);
  const differences = expected.projections.map((value, k) => value - (found[k] ?? Number.NaN));
  const distance = Math.hypot(...differences) / Math.sqrt(differences.length);
  const lengths = Math.abs(Math.sqrt(squares) - expected.length);
  const scale = expected.length < 1e-9 * longest ? longest : expected.length;
  return Math.max(distance, lengths) / scale;
}
