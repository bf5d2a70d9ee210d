import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { writeView } from '../../../trainer/data/augmentations.ts';

const side = 32;
const size = 3 * side * side;
const means = [0.485, 0.456, 0.406];
const deviations = [0.229, 0.224, 0.225];

function view(image: Float32Array, seed: number): Float32Array {
  const target = new Float32Array(size);
  writeView(image, side, createRandom(seed), target, 0);
  return target;
}

const noise = (seed: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => random.next());
};

test('the same seed gives the same view, another seed another', () => {
  const image = noise(1);
  assert.deepEqual(view(image, 5), view(image, 5));
  assert.notDeepEqual(view(image, 5), view(image, 6));
});

test('a view stays within the range of pictures after ImageNet’s normalisation', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const result = view(noise(seed), seed);
    for (const [i, value] of result.entries()) {
      const k = Math.floor(i / (side * side));
      const restored = value * (deviations[k] ?? 1) + (means[k] ?? 0);
      assert.ok(restored > -1e-6 && restored < 1 + 1e-6, `${restored}`);
    }
  }
});

test('an even picture stays even: cropping, blurring and flipping bring in nothing from outside', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const result = view(new Float32Array(size).fill(0.5), seed);
    for (let k = 0; k < 3; k += 1) {
      const plane = result.subarray(k * side * side, (k + 1) * side * side);
      const spread = Math.max(...plane) - Math.min(...plane);
      assert.ok(spread < 1e-4, `${spread}`);
    }
  }
});

test('the source picture is left as it was and nothing is written beside the view', () => {
  const image = noise(3);
  const before = image.slice();
  const target = new Float32Array(3 * size).fill(7);
  writeView(image, side, createRandom(1), target, size);
  assert.deepEqual(image, before);
  assert.ok(target.subarray(0, size).every((value) => value === 7));
  assert.ok(target.subarray(2 * size).every((value) => value === 7));
  assert.ok(target.subarray(size, 2 * size).every((value) => value !== 7));
});
