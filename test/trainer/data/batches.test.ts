import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochBatches, epochRandom, stepsPerEpoch } from '../../../trainer/data/batches.ts';

const side = 32;

/** Pictures whose grey says which one they are. */
const cacheOf = (count: number): Map<number, Float32Array> =>
  new Map(
    Array.from({ length: count }, (_, i) => [
      100 + i,
      new Float32Array(3 * side * side).fill(i / count),
    ]),
  );

function idsOf(count: number, batch: number, seed: number, epoch: number): number[][] {
  const found: number[][] = [];
  for (const { imageIds } of epochBatches(cacheOf(count), side, batch, epochRandom(seed, epoch)))
    found.push([...imageIds]);
  return found;
}

test('an epoch shows no image twice and leaves out less than a batch', () => {
  const batches = idsOf(11, 4, 1, 0);
  assert.equal(batches.length, stepsPerEpoch(11, 4));
  assert.ok(batches.every((ids) => ids.length === 4));
  assert.equal(new Set(batches.flat()).size, 8);
});

test('order depends on seed and epoch alone', () => {
  assert.deepEqual(idsOf(12, 4, 1, 3), idsOf(12, 4, 1, 3));
  assert.notDeepEqual(idsOf(12, 4, 1, 3), idsOf(12, 4, 1, 4));
  assert.notDeepEqual(idsOf(12, 4, 1, 3), idsOf(12, 4, 2, 3));
});

test('the two views of an image differ and belong to its id', () => {
  const cache = cacheOf(4);
  // A left half that is brighter than the right one, so that a crop or a flip shows.
  for (const image of cache.values())
    for (let i = 0; i < image.length; i += 1) if (i % side < side / 2) image[i] = 0.9;
  const views = [...epochBatches(cache, side, 4, epochRandom(1, 0))][0];
  assert.ok(views !== undefined);
  const size = 3 * side * side;
  for (const [i] of views.imageIds.entries())
    assert.notDeepEqual(
      views.view1.slice(i * size, (i + 1) * size),
      views.view2.slice(i * size, (i + 1) * size),
    );
});
