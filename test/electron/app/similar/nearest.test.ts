import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeHighest } from '../../../../electron/app/similar/nearest.ts';
import { createRandom } from '../../../../shared/random.ts';

test('the highest scores are those that sorting gives, equal ones in the order of their places', () => {
  const random = createRandom(3);
  for (const count of [1, 5, 40, 100]) {
    const scores = Array.from({ length: 60 }, (_, i) =>
      i % 13 === 0 ? Number.NaN : Math.floor(random.next() * 20),
    );
    const cases = scores.map((_, i) => 1000 + i);
    const sorted = scores
      .map((relation, i) => ({ case: 1000 + i, relation }))
      .filter(({ relation }) => !Number.isNaN(relation))
      .toSorted((a, b) => b.relation - a.relation || a.case - b.case);
    assert.deepEqual(takeHighest(scores, cases, count), sorted.slice(0, count));
  }
});
