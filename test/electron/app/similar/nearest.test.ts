import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeHighest } from '../../../../electron/app/similar/nearest.ts';
import { SmallMaps } from '../../../../electron/app/similar/small-maps.ts';
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

test('small maps keep which heat maps are alike, and an empty map is like none', () => {
  const random = createRandom(5);
  const blob = (x: number, y: number): Uint8Array => {
    const map = Float32Array.from({ length: 64 * 64 }, (_, i) =>
      Math.exp(-((((i % 64) - x) ** 2 + (Math.floor(i / 64) - y) ** 2) / 18)),
    );
    return new Uint8Array(map.buffer);
  };
  const maps = new SmallMaps();
  const own = maps.add(blob(20, 30));
  const near = maps.add(blob(22, 31));
  const far = maps.add(blob(50, 8));
  const empty = maps.add(undefined);
  for (let i = 0; i < 400; i += 1) maps.add(blob(64 * random.next(), 64 * random.next()));
  assert.ok(Math.abs(maps.cosine(own, own) - 1) < 1e-5);
  assert.ok(maps.cosine(own, near) > 0.8 && maps.cosine(own, far) < 0.01);
  assert.equal(maps.cosine(own, empty), 0);
  assert.equal(maps.size, 404);
});
