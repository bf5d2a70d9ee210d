import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  heatmapCorrelation,
  heatmapCosine,
} from '../../../../shared/gaze/similarity/map-comparison.ts';
import type { Measure } from '../../../../shared/gaze/similarity/measure.ts';

function compare(
  measure: Measure<Float32Array, Float32Array>,
  a: readonly number[],
  b: readonly number[],
): readonly [number, number] {
  const [one, other] = [a, b].map((map) => measure.describe(Float32Array.from(map)));
  assert.ok(one instanceof Float32Array && other instanceof Float32Array);
  const { relation, parts } = measure.compare(one, other);
  return [relation, parts[0] ?? Number.NaN];
}

const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-6, `${a} and ${b}`);

test('cosine and correlation are what they are by hand', () => {
  close(compare(heatmapCosine, [1, 0, 1, 0], [1, 1, 0, 0])[0], 0.5);
  close(compare(heatmapCosine, [1, 0], [0, 1])[0], 0);
  // Deviations (-1.5, -0.5, 0.5, 1.5) and (-1, 1, -1, 1): 2 / (sqrt 5 * 2).
  const [relation, r] = compare(heatmapCorrelation, [1, 2, 3, 4], [1, 3, 1, 3]);
  close(r, 1 / Math.sqrt(5));
  close(relation, (1 + 1 / Math.sqrt(5)) / 2);
  close(compare(heatmapCorrelation, [1, 0], [0, 1])[1], -1);
});

test('a map is wholly like itself, however bright', () => {
  for (const measure of [heatmapCosine, heatmapCorrelation])
    close(compare(measure, [0, 0.2, 0.9], [0, 20, 90])[0], 1);
});

test('an empty map has no similarity, an even one no correlation', () => {
  for (const measure of [heatmapCosine, heatmapCorrelation])
    assert.equal(measure.describe(new Float32Array(4)), 'empty-map');
  assert.equal(heatmapCorrelation.describe(new Float32Array(4).fill(0.3)), 'flat-map');
  assert.throws(() => compare(heatmapCosine, [1, 2], [1, 2, 3]), /different sizes/u);
});
