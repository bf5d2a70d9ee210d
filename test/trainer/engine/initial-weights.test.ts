import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';

const weight = (shape: readonly number[]): Float32Array =>
  initialWeights([{ name: 'conv.weight', shape }], createRandom(3)).get('conv.weight') ??
  new Float32Array(0);

test('convolutions are drawn from the normal distribution of He and colleagues', () => {
  const out = 200;
  const values = weight([out, 100, 3, 3]);
  const deviation = Math.sqrt(2 / (out * 9));
  const moments = [0, 0, 0, 0, 0];
  let neighbours = 0;
  for (const [i, value] of values.entries()) {
    const z = value / deviation;
    for (const power of moments.keys())
      moments[power] = (moments[power] ?? 0) + z ** power / values.length;
    if (i > 0) neighbours += (z * (values[i - 1] ?? 0)) / deviation / values.length;
  }
  // Five standard errors of 180,000 values.
  const [, mean = 1, variance = 0, skewness = 1, fourth = 0] = moments;
  assert.ok(Math.abs(mean) < 0.012, `mean ${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.017, `variance ${variance}`);
  assert.ok(Math.abs(skewness) < 0.046, `third moment ${skewness}`);
  assert.ok(Math.abs(fourth - 3) < 0.12, `fourth moment ${fourth}`);
  assert.ok(Math.abs(neighbours) < 0.012, `of neighbours ${neighbours}`);
});
