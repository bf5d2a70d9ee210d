import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  adjustCounted,
  NullDistribution,
} from '../../../../shared/gaze/similarity/null-distribution.ts';
import { createRandom } from '../../../../shared/random.ts';

/** Benjamini and Hochberg one by one, in the order given: what the counted way is held against. */
function adjustByBenjaminiHochberg(pValues: readonly number[]): number[] {
  const count = pValues.length;
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[b] ?? 0) - (pValues[a] ?? 0));
  const adjusted = Array.from({ length: count }, () => 1);
  let smallest = 1;
  for (const [k, i] of order.entries()) {
    smallest = Math.min(smallest, ((pValues[i] ?? 1) * count) / (count - k));
    adjusted[i] = smallest;
  }
  return adjusted;
}

test('a p-value counts the chance scores that are at least as high, and is never 0', () => {
  const chance = new NullDistribution([0.1, 0.2, 0.2, 0.4]);
  assert.equal(chance.size, 4);
  assert.deepEqual(
    [0, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5].map((score) => chance.pValue(score) * 5),
    [5, 5, 4, 4, 2, 2, 1],
  );
  assert.equal(new NullDistribution([]).pValue(1), 1);
  assert.throws(() => new NullDistribution([0.1, Number.NaN]), /numbers only/u);
});

test('what is above the threshold of a rate is exactly what has so small a p-value, ties included', () => {
  const random = createRandom(3);
  for (let round = 0; round < 300; round += 1) {
    // Few different values, so that there are many ties.
    const scores = Array.from({ length: 1 + random.below(60) }, () => random.below(12) / 11);
    const chance = new NullDistribution(scores);
    for (const rate of [0.001, 0.01, 0.05, 0.1, 0.5, 1]) {
      const threshold = chance.thresholdFor(rate);
      for (let k = 0; k <= 11; k += 1)
        assert.equal(k / 11 > threshold, chance.pValue(k / 11) <= rate + 1e-12, `${rate} ${k}`);
    }
  }
  assert.equal(new NullDistribution([1, 2, 3]).thresholdFor(0.05), Infinity);
});

test('adjusted p-values are those of R’s p.adjust(method = "BH")', () => {
  const close = (found: readonly number[], wanted: readonly number[]): void => {
    assert.equal(found.length, wanted.length);
    for (const [i, value] of found.entries())
      assert.ok(Math.abs(value - (wanted[i] ?? Number.NaN)) < 1e-12, `${i}: ${value}`);
  };
  close(
    adjustByBenjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05]),
    Array.from({ length: 5 }, () => 0.05),
  );
  close(adjustByBenjaminiHochberg([0.9, 0.001, 0.04, 0.03]), [0.9, 0.004, 0.16 / 3, 0.16 / 3]);
  close(adjustByBenjaminiHochberg([]), []);
});

test('accepting what Benjamini and Hochberg allow keeps the share of false ones', () => {
  const random = createRandom(5);
  let share = 0;
  const rounds = 300;
  for (let round = 0; round < rounds; round += 1) {
    const isTrue = Array.from({ length: 200 }, (_, i) => i < 40);
    // True effects have small p-values, false ones any.
    const p = isTrue.map((yes) => (yes ? random.next() * 1e-3 : random.next()));
    const accepted = adjustByBenjaminiHochberg(p).map((value) => value <= 0.1);
    const count = accepted.filter(Boolean).length;
    const wrong = accepted.filter((yes, i) => yes && isTrue[i] === false).length;
    share += count === 0 ? 0 : wrong / count;
  }
  assert.ok(share / rounds < 0.1, `${share / rounds}`);
  assert.ok(share / rounds > 0.05, 'and does not keep it by accepting nothing');
});

test('adjusting counted p-values gives what adjusting them one by one gives', () => {
  const random = createRandom(8);
  for (let round = 0; round < 100; round += 1) {
    const counted = Array.from({ length: 1 + random.below(30) }, () => ({
      pValue: (1 + random.below(15)) / 16,
      count: random.below(4),
    }));
    const single = counted.flatMap(({ pValue, count }) =>
      Array.from({ length: count }, () => pValue),
    );
    const adjusted = adjustCounted(counted);
    for (const [i, wanted] of adjustByBenjaminiHochberg(single).entries())
      assert.ok(Math.abs((adjusted.get(single[i] ?? 0) ?? 0) - wanted) < 1e-12);
  }
});
