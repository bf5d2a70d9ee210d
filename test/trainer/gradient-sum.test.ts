import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GradientSum } from '../../trainer/gradient-sum.ts';

const gradient = (...values: number[]): Map<string, Float64Array> =>
  new Map([['w', Float64Array.from(values)]]);

test('every loss counts its part and the optimiser steps once for all of them', () => {
  const sum = new GradientSum<Float64Array>(4);
  for (const value of [1, 2, 3]) assert.equal(sum.add(gradient(value, -value)), undefined);
  assert.deepEqual(sum.add(gradient(6, 0)), gradient(3, -1.5));
  assert.equal(sum.add(gradient(100, 100)), undefined);
});

test('without accumulation the gradients pass as they are, and the next ones are not added', () => {
  const sum = new GradientSum<Float64Array>(1);
  assert.deepEqual(sum.add(gradient(0.1, 0.2)), gradient(0.1, 0.2));
  assert.deepEqual(sum.add(gradient(5, 6)), gradient(5, 6));
});

test('an accumulation that is no whole number from 1 is refused', () => {
  for (const wrong of [0, 1.5, -2, Number.NaN])
    assert.throws(() => new GradientSum(wrong), /whole number/u);
});
