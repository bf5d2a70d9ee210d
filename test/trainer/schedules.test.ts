import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learningRateAt, targetMomentumAt } from '../../trainer/schedules.ts';

const near = (found: number, expected: number): void =>
  assert.ok(Math.abs(found - expected) < 1e-15, `${found} is not ${expected}`);

const options = { learningRate: 0.4, epochs: 8, warmupEpochs: 2, stepsPerEpoch: 5 };

test('the learning rate begins at a ten-thousandth and rises step by step to the cosine of its epoch', () => {
  near(learningRateAt(0, options), 0.4 * 1e-4);
  const second = 0.2 * (1 + Math.cos(Math.PI / 8));
  near(learningRateAt(5, options), second * (1 - 0.5 * (1 - 1e-4)));
  near(learningRateAt(9, options), second * (1 - 0.1 * (1 - 1e-4)));
});

test('after the warm-up the learning rate is constant within an epoch', () => {
  for (const step of [10, 11, 14]) near(learningRateAt(step, options), 0.2 * (1 + Math.SQRT1_2));
  near(learningRateAt(20, options), 0.2);
});

test('without warm-up the first step has the whole learning rate', () => {
  near(learningRateAt(0, { ...options, warmupEpochs: 0 }), 0.4);
});

test('the target momentum rises by a cosine from its base to 1', () => {
  near(targetMomentumAt(0, 6, 0.99), 0.99);
  near(targetMomentumAt(3, 6, 0.99), 0.995);
  near(targetMomentumAt(6, 6, 0.99), 1);
});

test('a base momentum of 0 does not keep the target equal to the encoder', () => {
  near(targetMomentumAt(0, 100, 0), 0);
  assert.ok(targetMomentumAt(90, 100, 0) > 0.97);
});
