import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundMark } from '../../../scripts/experiment/marked-set.ts';
import { type SearchScene, simulateSearch } from '../../../scripts/experiment/simulated-search.ts';

/** A made-up scene with one lesion far from its anatomy. */
const scene: SearchScene = {
  columns: 400,
  rows: 400,
  pxPerDegree: 10,
  anatomy: [roundMark(100, 100, 20)],
  field: Array.from({ length: 400 }, (_, k) => ({ x: (k % 20) * 20, y: Math.floor(k / 20) * 20 })),
  lesions: [roundMark(320, 320, 15)],
};

const seeds = Array.from({ length: 40 }, (_, k) => k + 1);

/** Share of the samples near the lesion, over many seeds. */
const nearLesion = (lesions: boolean): number => {
  const samples = seeds.flatMap((seed) =>
    simulateSearch(scene, { lesions, errorDegrees: 0, seed }),
  );
  const near = samples.filter(({ at }) => at && Math.hypot(at.x - 320, at.y - 320) < 30);
  return near.length / samples.length;
};

test('simulated search dwells on lesions, and without them does not', () => {
  assert.ok(nearLesion(true) > 4 * nearLesion(false));
});

test('the same seed gives the same gaze, and time does not tell whether there is a lesion', () => {
  const one = { lesions: true, errorDegrees: 0, seed: 5 };
  assert.deepEqual(simulateSearch(scene, one), simulateSearch(scene, one));
  const length = (lesions: boolean): number =>
    seeds.reduce(
      (sum, seed) => sum + (simulateSearch(scene, { ...one, lesions, seed }).at(-1)?.tMs ?? 0),
      0,
    ) / seeds.length;
  assert.ok(Math.abs(length(true) / length(false) - 1) < 0.15);
});

test('an error of the tracker shifts a whole track, by its degrees on average', () => {
  const shifts = seeds.map((seed) => {
    const [exact, wrong] = [0, 2].map((errorDegrees) =>
      simulateSearch(scene, { lesions: true, errorDegrees, seed }),
    );
    const moved = (exact ?? []).flatMap(({ at }, i) => {
      const other = wrong?.[i]?.at;
      return at === undefined || other === undefined ? [] : [[other.x - at.x, other.y - at.y]];
    });
    const [x = 0, y = 0] = moved[0] ?? [];
    for (const [dx = 0, dy = 0] of moved)
      assert.ok(Math.abs(dx - x) < 1e-9 && Math.abs(dy - y) < 1e-9);
    return Math.hypot(x, y) / scene.pxPerDegree;
  });
  const mean = shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length;
  assert.ok(mean > 1.5 && mean < 2.6, String(mean));
});
