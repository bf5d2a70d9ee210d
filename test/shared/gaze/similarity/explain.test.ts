import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentileOf } from '../../../../shared/gaze/similarity/explain-chance.ts';
import {
  combineSteps,
  explainMultimatch,
} from '../../../../shared/gaze/similarity/explain-multimatch.ts';
import {
  createMultimatch,
  stationMultimatch,
} from '../../../../shared/gaze/similarity/multimatch.ts';
import type { MultimatchFixation } from '../../../../shared/gaze/similarity/saccades.ts';
import { createRandom } from '../../../../shared/random.ts';

function scanpath(seed: number, count: number, spread: number): readonly MultimatchFixation[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => ({
    x: 400 + spread * (random.next() - 0.5),
    y: 400 + spread * (random.next() - 0.5),
    duration: 100 + 500 * random.next(),
  }));
}

test('the steps of an explanation give the very similarities of MultiMatch', () => {
  const measure = createMultimatch(stationMultimatch);
  let merged = 0;
  for (let seed = 1; seed <= 60; seed += 1) {
    // Small spreads are simplified, also by the rule for the last saccade.
    const a = scanpath(seed, 3 + (seed % 25), seed % 3 === 0 ? 120 : 700);
    const b = scanpath(seed + 500, 3 + ((seed * 7) % 20), seed % 2 === 0 ? 120 : 700);
    const [one, other] = [measure.describe(a), measure.describe(b)];
    const explained = explainMultimatch(a, b, stationMultimatch);
    if (typeof one === 'string' || typeof other === 'string' || typeof explained === 'string') {
      assert.equal(explained, typeof one === 'string' ? one : other);
      continue;
    }
    const { parts, relation } = measure.compare(one, other);
    const combined = combineSteps(explained.steps, stationMultimatch);
    for (const [k, part] of parts.entries())
      assert.ok(Math.abs(part - (combined[k] ?? 0)) < 1e-12, `seed ${seed}, part ${k}`);
    const weighted = combined.reduce(
      (sum, part, k) => sum + part * (stationMultimatch.weights[k] ?? 0),
      0,
    );
    assert.ok(Math.abs(relation - weighted) < 1e-12);
    assert.equal(explained.saccadesA.length, one.count);
    if (one.count < a.length - 1) merged += 1;
    for (const { from, to, x, y, duration } of explained.saccadesA) {
      assert.deepEqual({ x, y, duration }, a[from]);
      assert.ok(to > from);
    }
  }
  assert.ok(merged > 10, 'some scanpaths were simplified');
});

test('an alignment begins with the first saccades, ends with the last and never goes back', () => {
  const explained = explainMultimatch(scanpath(1, 20, 700), scanpath(2, 9, 700), stationMultimatch);
  assert.ok(typeof explained !== 'string');
  const { steps, saccadesA, saccadesB } = explained;
  assert.deepEqual([steps[0]?.a, steps[0]?.b], [0, 0]);
  assert.deepEqual(
    [steps.at(-1)?.a, steps.at(-1)?.b],
    [saccadesA.length - 1, saccadesB.length - 1],
  );
  for (const [k, { a, b }] of steps.entries()) {
    const before = steps[k - 1];
    if (before !== undefined)
      assert.ok(a >= before.a && b >= before.b && a + b > before.a + before.b);
  }
});

test('a scanpath that MultiMatch does not compare has a reason in the place of an alignment', () => {
  assert.equal(
    explainMultimatch(scanpath(1, 2, 700), scanpath(2, 9, 700), stationMultimatch),
    'too-few-fixations',
  );
});

test('a percentile counts the chance scores in lower parts, and is unknown without any', () => {
  assert.equal(percentileOf([1, 2, 0, 1], 0.6), 0.75);
  assert.equal(percentileOf([1, 2, 0, 1], 0), 0);
  assert.equal(percentileOf([1, 2, 0, 1], 1), 0.75);
  assert.equal(percentileOf([], 0.5), undefined);
  assert.equal(percentileOf([0, 0], 0.5), undefined);
});
