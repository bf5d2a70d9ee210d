import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMeasure } from '../../../shared/gaze/similarity/station-measures.ts';
import { createRandom } from '../../../shared/random.ts';
import { drawChancePairs, layElsewhere } from '../../../trainer/mining/chance-pairs.ts';
import { applyAffine } from '../../../shared/gaze/affine.ts';
import { wayToCanvas } from '../../../shared/gaze/canonical.ts';
import { partByKind } from '../../../trainer/mining/mining-cases.ts';
import { binomialBound, countFalsePositives, randomCases } from '../../fixtures/chance-check.ts';
import { miningOptions, signCases } from '../../fixtures/mining.ts';

// The costly measures have the same check in test/benchmarks/false-positive-rate.ts.
for (const measure of ['multimatch', 'heatmap-cosine', 'heatmap-correlation'] as const)
  test(`on shuffled gaze ${measure} keeps the stated false-positive rate, over 200 seeds`, async () => {
    const rate = 0.05;
    const { above, pairs } = await countFalsePositives(measure, rate, 200, {
      cases: 16,
      surrogates: 30,
    });
    assert.ok(pairs > 1700, `${pairs}`);
    assert.ok(above <= binomialBound(pairs, rate), `${above} of ${pairs}`);
    // And the threshold is not so high that nothing is ever above it.
    assert.ok(above >= pairs * rate - (binomialBound(pairs, rate) - pairs * rate), `${above}`);
  });

test('gaze is mirrored onto the other side, shuffled only where the order counts, and never changed', () => {
  const { cases, images } = randomCases(4);
  const [own, left, right] = [cases[0]?.gaze, images.get(0), images.get(1)];
  assert.ok(own !== undefined && left !== undefined && right !== undefined);
  const before = structuredClone(own);
  assert.deepEqual(layElsewhere(own, left, left, false, createRandom(1)), own);
  const mirrored = layElsewhere(own, left, right, false, createRandom(1));
  assert.deepEqual(
    mirrored.fixations.map(({ x }) => x),
    own.fixations.map(({ x }) => 800 - x),
  );
  assert.deepEqual(
    mirrored.points.map(([x]) => x),
    own.points.map(([x]) => 799 - x),
  );
  const shuffled = layElsewhere(own, left, left, true, createRandom(1));
  assert.notDeepEqual(shuffled.fixations, own.fixations);
  const sorted = (list: readonly { readonly x: number }[]): number[] =>
    list.map(({ x }) => x).toSorted((a, b) => a - b);
  assert.deepEqual(sorted(shuffled.fixations), sorted(own.fixations));
  assert.deepEqual(own, before);
});

test('gaze laid on a photograph that landmarks align lies at the same place of its picture', () => {
  const { cases, images } = randomCases(2);
  const [own, left, right] = [cases[0]?.gaze, images.get(0), images.get(1)];
  assert.ok(own !== undefined && left !== undefined && right !== undefined);
  const aligned = {
    ...right,
    columns: 1200,
    rows: 900,
    landmarks: { disc: { x: 800, y: 420 }, fovea: { x: 560, y: 470 } },
  };
  const way = wayToCanvas(aligned);
  const laid = layElsewhere(own, left, aligned, false, createRandom(1));
  // By hand: canvas -> the left image's pixels -> as large a picture -> by the landmarks.
  const expected = own.fixations
    .map(({ x, y }) =>
      applyAffine(way, ((x - 0.5) / 800) * 1200 + 0.25, ((y - 0.5) / 800) * 900 + 0.0625),
    )
    .filter(({ x, y }) => x >= 0 && y >= 0 && x < 800 && y < 800);
  assert.ok(expected.length > 3);
  assert.equal(laid.fixations.length, expected.length);
  for (const [i, { x, y }] of laid.fixations.entries())
    assert.ok(Math.hypot(x - (expected[i]?.x ?? 0), y - (expected[i]?.y ?? 0)) < 1e-9);
  const back = layElsewhere(laid, aligned, left, false, createRandom(1));
  for (const [i, { x, y }] of back.fixations.entries()) {
    const found = own.fixations.some((each) => Math.hypot(each.x - x, each.y - y) < 1e-9);
    assert.ok(found, `${i}`);
  }
});

test('chance pairs of readings that are all the same differ only where the order counts', async () => {
  const { cases, images } = randomCases(10);
  const [first] = cases;
  assert.ok(first !== undefined);
  const same = cases.map((each) => ({ ...each, gaze: first.gaze }));
  const oneSide = new Map([...images].map(([id, image]) => [id, { ...image, laterality: null }]));
  for (const name of ['multimatch', 'heatmap-cosine'] as const) {
    const measure = findMeasure(name);
    const [group] = partByKind(signCases(measure, same), oneSide, 'within');
    assert.ok(group !== undefined);
    const compared = measure.open();
    for (const { signature } of group.cases) compared.add(signature);
    const chance = await drawChancePairs({
      ...miningOptions(name, same),
      group,
      compared,
      options: { surrogates: 20, pairsPerSurrogate: 5, seed: 1 },
      onStep: () => Promise.resolve(),
    });
    const scores = chance.scores.map(({ relation }) => relation);
    assert.deepEqual(
      chance.partCounts.map((counts) => counts.reduce((sum, count) => sum + count, 0)),
      measure.partNames.map(() => scores.length),
      'each of the numbers is counted once a pair',
    );
    assert.ok(scores.length > 60);
    const alike = scores.filter((score) => score > 0.99).length;
    // By luck a shuffled order may be nearly the one before.
    if (measure.ordered) assert.ok(alike < scores.length / 5, `${alike} of ${scores.length}`);
    else assert.equal(alike, scores.length);
  }
});
