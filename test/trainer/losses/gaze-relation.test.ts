import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { alikeAbove, dropPairs, type GazeRelation } from '../../../trainer/losses/gaze-relation.ts';
import { batchPositives } from '../../../trainer/losses/positive-labels.ts';

const relation: GazeRelation = {
  dataSetId: 'mammography',
  imageIds: [30, 10, 20],
  values: Float64Array.of(1, 0.7, 0.9, 0.7, 1, Number.NaN, 0.9, Number.NaN, 1),
};

test('rows are found by image id, never by the position of an image in a list', () => {
  const alike = alikeAbove(relation, 0.8, { dataSetId: 'mammography', imageIds: [10, 20, 30] });
  assert.equal(alike(30, 20), true);
  assert.equal(alike(20, 30), true);
  assert.equal(alike(10, 30), false);
});

test('a relation must be above the threshold, and no relation is not', () => {
  const alike = alikeAbove(relation, 0.7, relation);
  assert.equal(alike(30, 10), false);
  assert.equal(alike(10, 20), false);
  assert.equal(alikeAbove(relation, 0.699, relation)(30, 10), true);
});

test('the relation of another data set is refused', () => {
  assert.throws(
    () => alikeAbove(relation, 0.7, { dataSetId: 'knee', imageIds: [10] }),
    /of the data set mammography, the images are of knee/u,
  );
});

test('a relation that lacks an image, names one twice or has too few rows is refused', () => {
  const images = { dataSetId: 'mammography', imageIds: [10, 40] };
  assert.throws(() => alikeAbove(relation, 0.7, images), /no row for the image 40/u);
  assert.throws(
    () => alikeAbove({ ...relation, imageIds: [30, 10, 10] }, 0.7, relation),
    /one row and one column for each image/u,
  );
  assert.throws(
    () => alikeAbove({ ...relation, values: new Float64Array(4) }, 0.7, relation),
    /one row and one column for each image/u,
  );
  assert.throws(() => alikeAbove(relation, 0.7, relation)(10, 41), /no row for the image 41/u);
});

/** Share of the pairs of 200 images that are kept. */
function keptShare(dropProbability: number): number {
  const ids = Array.from({ length: 200 }, (_, i) => i + 1);
  const labels = batchPositives(
    ids,
    dropPairs(() => true, dropProbability, createRandom(3)),
  );
  const kept = labels.reduce((sum, label) => sum + label, 0) - ids.length;
  return kept / (200 * 199);
}

test('dropProbability is the share of pairs that is dropped, not the share that is kept', () => {
  assert.equal(keptShare(0), 1);
  assert.ok(Math.abs(keptShare(0.9) - 0.1) < 0.01, `${keptShare(0.9)}`);
  assert.ok(Math.abs(keptShare(0.3) - 0.7) < 0.015, `${keptShare(0.3)}`);
  assert.equal(keptShare(1), 0);
});

test('one draw decides a pair of images, in both orders and each time it is asked', () => {
  const random = createRandom(5);
  const untouched = createRandom(5);
  const alike = dropPairs((a, b) => a + b === 16, 0.5, random);
  const first = alike(7, 9);
  for (let n = 0; n < 20; n += 1) {
    assert.equal(alike(9, 7), first);
    assert.equal(alike(7, 3), false);
  }
  untouched.next();
  assert.deepEqual(random.state(), untouched.state());
});

test('the same seed drops the same pairs', () => {
  const ids = Array.from({ length: 30 }, (_, i) => i + 1);
  const drawn = (seed: number): Float32Array =>
    batchPositives(
      ids,
      dropPairs(() => true, 0.5, createRandom(seed)),
    );
  assert.deepEqual(drawn(1), drawn(1));
  assert.notDeepEqual(drawn(1), drawn(2));
});

test('a drop probability outside of 0 to 1 is refused', () => {
  for (const wrong of [-0.1, 1.1, Number.NaN])
    assert.throws(() => dropPairs(() => true, wrong, createRandom(1)), /drop probability/u);
});
