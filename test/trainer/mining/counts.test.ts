import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NullDistribution } from '../../../shared/gaze/similarity/null-distribution.ts';
import { createRandom, shuffle } from '../../../shared/random.ts';
import { BestPairs } from '../../../trainer/mining/best-pairs.ts';
import { KindCounts } from '../../../trainer/mining/kind-counts.ts';

test('the table of ranks answers what counting the chance scores gives, at every score and between', () => {
  const random = createRandom(5);
  const scores = [
    0,
    1,
    ...Array.from({ length: 3000 }, () => Math.fround(0.6 + 0.2 * random.next())),
    ...Array.from({ length: 50 }, (_, k) => k / 50),
  ];
  const chance = new NullDistribution(scores);
  const counts = new KindCounts(chance, { fixed: 0.7 });
  const asked = [...scores, ...Array.from({ length: 3000 }, () => Math.fround(random.next()))];
  for (const relation of asked)
    assert.equal(counts.rankOf(relation), scores.filter((score) => score >= relation).length);
});

test('what equals a fixed threshold in single precision is not above it', () => {
  const counts = new KindCounts(new NullDistribution([]), { fixed: 0.7 });
  assert.ok(!(Math.fround(0.7) > counts.threshold));
  assert.ok(Math.fround(0.7000001) > counts.threshold);
});

test('the most alike pairs are kept, in the order in which they came; of equal ones the first', () => {
  const random = createRandom(9);
  // Many relations are equal.
  const all = Array.from({ length: 5000 }, (_, i) => ({
    a: i % 71,
    b: 100 + Math.floor(i / 71),
    relation: Math.fround(Math.floor(random.next() * 40) / 40),
  }));
  for (const most of [10, 600, 3000, 5000, 9000])
    for (let seed = 0; seed < 3; seed += 1) {
      const given = shuffle(all, createRandom(seed));
      const best = new BestPairs(most);
      for (const { a, b, relation } of given) best.add(a, b, relation);
      const kept = best.list();
      const chosen = new Set(given.toSorted((p, q) => q.relation - p.relation).slice(0, most));
      assert.deepEqual(
        Array.from(kept.relation, (relation, k) => ({ a: kept.a[k], b: kept.b[k], relation })),
        given.filter((each) => chosen.has(each)),
      );
    }
});
