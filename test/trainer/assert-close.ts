import assert from 'node:assert/strict';

/** What a run in single precision may deviate by, of the largest number of an array. */
export const single = 1e-5;

/** Compares arrays to `tolerance` of their largest number; throws with `what` and the worst deviation. */
export function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number> | undefined,
  what: string,
  tolerance = single,
): void {
  assert.ok(expected !== undefined && expected.length > 0, `Nothing to compare ${what} with.`);
  assert.equal(found.length, expected.length, what);
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i += 1) {
    const deviation = Math.abs((found[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    largest = Math.max(largest, Math.abs(expected[i] ?? 0));
    worst = Math.max(worst, Number.isNaN(deviation) ? Infinity : deviation);
  }
  assert.ok(worst <= tolerance * largest, `${what}: ${worst / largest} of its largest number`);
}
