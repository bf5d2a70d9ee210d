import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  batchPositives,
  queueLabels,
  viewPositives,
} from '../../../trainer/losses/positive-labels.ts';

/** Images 7 and 9 were looked at alike; no image is alike to itself by this. */
const sevenAndNine = (a: number, b: number): boolean => a !== b && a + b === 16;

test('a batch has the same positives in both orders, its own images among them', () => {
  assert.deepEqual([...batchPositives([7, 3, 9], sevenAndNine)], [1, 0, 1, 0, 1, 0, 1, 0, 1]);
});

test('two rows of one image are positives, as published only where the relation says so', () => {
  assert.deepEqual([...batchPositives([7, 7], () => false)], [1, 1, 1, 1]);
  assert.deepEqual([...batchPositives([7, 7], () => false, { asPublished: true })], [1, 0, 0, 1]);
});

test('a batch row is not barred from the queue slot of its own number', () => {
  const { positives } = queueLabels([7, 3], [9, 5], sevenAndNine, { ownKeys: 'negative' });
  assert.deepEqual([...positives], [1, 0, 0, 0]);
});

test('as published a batch row is barred from the queue slot of its own number', () => {
  const { positives, masked } = queueLabels([7, 7], [9, 9], sevenAndNine, { asPublished: true });
  assert.deepEqual([...positives], [0, 1, 1, 0]);
  assert.deepEqual([...masked], [0, 0, 0, 0]);
});

test('an earlier key of the same image is found by id and is what the policy says', () => {
  const labelled = (ownKeys: 'positive' | 'negative' | 'left-out'): readonly number[][] => {
    const { positives, masked } = queueLabels([7], [5, 7, 9], sevenAndNine, { ownKeys });
    return [[...positives], [...masked]];
  };
  assert.deepEqual(labelled('positive'), [
    [0, 1, 1],
    [0, 0, 0],
  ]);
  assert.deepEqual(labelled('negative'), [
    [0, 0, 1],
    [0, 0, 0],
  ]);
  assert.deepEqual(labelled('left-out'), [
    [0, 0, 1],
    [0, 1, 0],
  ]);
});

test('an empty queue slot is no positive and takes no part, whatever is alike', () => {
  for (const ownKeys of ['positive', 'negative', 'left-out'] as const) {
    const { positives, masked } = queueLabels([7, 0], [0, 9], () => true, { ownKeys });
    assert.deepEqual([...positives], [0, 1, 0, 1]);
    assert.deepEqual([...masked], [1, 0, 1, 0]);
  }
});

test('SimCLR has gaze positives in all four blocks of the two views', () => {
  assert.deepEqual(
    [...viewPositives([7, 3, 9], sevenAndNine)],
    [
      [0, 0, 1, 1, 0, 1],
      [0, 0, 0, 0, 1, 0],
      [1, 0, 0, 1, 0, 1],
      [1, 0, 1, 0, 0, 1],
      [0, 1, 0, 0, 0, 0],
      [1, 0, 1, 1, 0, 0],
    ].flat(),
  );
});

test('as published SimCLR has gaze positives only between the first views', () => {
  assert.deepEqual(
    [...viewPositives([7, 3, 9], sevenAndNine, { asPublished: true })],
    [
      [0, 0, 1, 1, 0, 0],
      [0, 0, 0, 0, 1, 0],
      [1, 0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0, 0],
      [0, 1, 0, 0, 0, 0],
      [0, 0, 1, 0, 0, 0],
    ].flat(),
  );
});
