import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { queueLabels } from '../../../trainer/losses/positive-labels.ts';
import {
  emptyImageIds,
  enqueueKeys,
  type MemoryQueue,
  publishedImageIds,
} from '../../../trainer/methods/memory-queue.ts';

const emptyQueue = (slots: number): MemoryQueue => ({
  keys: new Float32Array(2 * slots),
  imageIds: emptyImageIds(slots),
  place: new Float32Array(1),
});

/** Keys that say whose they are. */
const keysOf = (ids: readonly number[]): Float32Array =>
  Float32Array.from(ids.flatMap((id) => [id, -id]));

test('ids stay beside their keys when the queue is full and goes round', () => {
  const queue = emptyQueue(5);
  for (const batch of [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ])
    enqueueKeys(queue, keysOf(batch), batch);
  assert.deepEqual(queue.imageIds, [6, 7, 8, 4, 5]);
  assert.deepEqual(queue.keys, keysOf(queue.imageIds));
  assert.equal(queue.place[0], 3);
});

test('gathered keys without the ids of all their images are refused', () => {
  assert.throws(
    () => enqueueKeys(emptyQueue(6), keysOf([1, 2, 3, 4]), [1, 2]),
    /4 keys came with 2/u,
  );
});

test('a new queue has no positives and no negatives until keys have come', () => {
  const queue = emptyQueue(4);
  enqueueKeys(queue, keysOf([9]), [9]);
  const { positives, masked } = queueLabels([7], queue.imageIds, () => true, {
    ownKeys: 'positive',
  });
  assert.deepEqual([...positives], [1, 0, 0, 0]);
  assert.deepEqual([...masked], [0, 1, 1, 1]);
});

test('as published a new queue already has the ids of rows at random up to 699', () => {
  const ids = publishedImageIds(2000, createRandom(1));
  assert.ok(ids.every((id) => Number.isInteger(id) && id >= 0 && id < 700));
  assert.ok(new Set(ids).size > 600);
  assert.deepEqual(publishedImageIds(2000, createRandom(1)), ids);
  const { positives, masked } = queueLabels([7], ids, (a, b) => a === b, { asPublished: true });
  assert.equal(
    positives.reduce((sum, label) => sum + label, 0),
    ids.filter((id, slot) => id === 7 && slot !== 0).length,
  );
  assert.ok(masked.every((each) => each === 0));
});
