import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRunWarnings, positivesPerOwn } from '../../../renderer/components/run-warnings.ts';
import type { MinedCount, RunProgressPoint } from '../../../shared/ipc/answers.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';

const count = (found: number, change: Partial<MinedCount> = {}): MinedCount => ({
  measure: 'multimatch',
  images: 100,
  compared: 1000,
  found,
  undefinedPairs: 0,
  groups: [],
  agreement: null,
  ...change,
});
const point = (step: number, embeddingSpread: number | null): RunProgressPoint => ({
  step,
  epoch: 1,
  loss: 4,
  learningRate: 0.1,
  imagesPerSecond: 9,
  embeddingSpread,
});
const configuration = demonstrationConfiguration;

test('positives for each own one: by the batch, or by the queue with its earlier keys', () => {
  assert.equal(positivesPerOwn(configuration, count(410)), 0.41 * 7);
  const moco = { ...configuration, method: 'moco-v2', queueLength: 100 } as const;
  assert.equal(positivesPerOwn(moco, count(50)), (0.05 * 100) / 2);
  assert.equal(positivesPerOwn({ ...moco, ownKeys: 'left-out' }, count(50)), 5);
  assert.equal(positivesPerOwn({ ...moco, dropProbability: 0.5 }, count(50)), 1.25);
  assert.equal(positivesPerOwn(moco, count(0, { compared: 0 })), 0);
});

test('a run whose positives drown the own ones says so, with the measure and the share', () => {
  const [warning, ...others] = findRunWarnings({ configuration, mined: [count(410)], points: [] });
  assert.match(warning ?? '', /^MultiMatch: 41 % of the pairs .* 2\.9 positives/u);
  assert.deepEqual(others, []);
  const unwarned = [
    { configuration, mined: [count(50)], points: [] },
    // Mined for the table alone, or not used at all.
    { configuration, mined: [count(410, { measure: 'tima' })], points: [] },
    { configuration: { ...configuration, useGaze: false }, mined: [count(410)], points: [] },
  ];
  for (const run of unwarned) assert.deepEqual(findRunWarnings(run), []);
});

test('embeddings that are nearly alike are told once the first steps are over', () => {
  const warningsAt = (...points: RunProgressPoint[]): readonly string[] =>
    findRunWarnings({ configuration, mined: [], points });
  assert.match(warningsAt(point(99, 0.5), point(200, 0.09))[0] ?? '', /^Embedding spread 0\.09 /u);
  const plain = { ...configuration, useGaze: false };
  const [low] = findRunWarnings({ configuration: plain, mined: [], points: [point(200, 0.09)] });
  assert.doesNotMatch(low ?? '', /positives/u);
  assert.deepEqual(warningsAt(point(20, 0.09)), []);
  assert.deepEqual(warningsAt(point(200, 0.09), point(300, 0.6)), []);
  assert.deepEqual(warningsAt(point(200, null)), []);
});
