import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { describeEncoder } from '../../../trainer/models/encoder.ts';
import { encodeSafetensors } from '../../../trainer/safetensors.ts';
import { resizePositions } from '../../../trainer/weights/adapt-weights.ts';
import { loadWeights, type WantedEncoder } from '../../../trainer/weights/load-weights.ts';
import { makeEncoder } from './exported.ts';

test('positions of another image side are interpolated as torch does, the class token’s stays', () => {
  // torch 1.13, double: arange(18).reshape(1, 3, 3, 2).sin(), bicubic, align_corners=False.
  const grid = Array.from({ length: 18 }, (_, i) => Math.sin(i));
  const two = resizePositions(Float32Array.of(7, 8, ...grid), 3, 2, 2);
  const expected = [
    0.22597391, 0.709835409, -0.310393793, -0.727508291, -0.105719349, 0.554175812, 0.015314588,
    -0.609326366,
  ];
  assert.deepEqual([...two.subarray(0, 2)], [7, 8]);
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs((two[i + 2] ?? 0) - value) < 1e-6, `${i}: ${two[i + 2]}`);
  const five = resizePositions(Float32Array.of(7, 8, ...grid), 3, 5, 2);
  const some: readonly (readonly [number, number])[] = [
    [0, -0.057155731],
    [7, -0.593362106],
    [24, 0.989358247],
    [39, -1.128773163],
    [49, -1.114253681],
  ];
  for (const [i, value] of some) assert.ok(Math.abs((five[i + 2] ?? 0) - value) < 1e-6, `${i}`);

  const wantVit = (side: number): WantedEncoder => ({
    encoder: 'vit-tiny-test',
    tensors: describeEncoder('vit-tiny-test', side).parameters,
  });
  const vit = encodeSafetensors(makeEncoder('vit-tiny-test', 96, createRandom(1)), {});
  const taken = loadWeights('v', vit, wantVit(64), []);
  assert.deepEqual(taken.adapted, ['pos_embed: interpolated from 6 x 6 to 4 x 4 patches']);
  assert.equal(taken.values.get('pos_embed')?.length, 17 * 24);
  assert.deepEqual(loadWeights('v', vit, wantVit(96), []).adapted, []);
});
