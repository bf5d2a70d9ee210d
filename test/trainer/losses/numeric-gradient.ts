import assert from 'node:assert/strict';
import { type Matrix, matrixOf } from '../../../trainer/losses/matrix.ts';
import type { Random } from '../../../shared/random.ts';

/** Normal deviates, `[rows, columns]`. */
export const randomMatrix = (rows: number, columns: number, random: Random): Matrix =>
  matrixOf(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );

/** Compares a gradient with central differences of the loss, number by number; `values` are left as they were. */
export function assertGradient(
  values: Float64Array,
  gradient: ArrayLike<number>,
  loss: () => number,
): void {
  const step = 1e-5;
  assert.equal(gradient.length, values.length);
  for (const [i, value] of values.entries()) {
    values[i] = value + step;
    const above = loss();
    values[i] = value - step;
    const below = loss();
    values[i] = value;
    const expected = (above - below) / (2 * step);
    const found = gradient[i] ?? Number.NaN;
    assert.ok(
      Math.abs(found - expected) < 1e-7 * Math.max(1, Math.abs(expected)),
      `${i}: ${found} is not ${expected}`,
    );
  }
}
