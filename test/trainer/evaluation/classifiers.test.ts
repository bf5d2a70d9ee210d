import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabelledFeatures } from '../../../trainer/evaluation/features.ts';
import { applyProbe, fitProbe } from '../../../trainer/evaluation/linear-probe.ts';
import { minimise } from '../../../trainer/evaluation/minimise.ts';
import { voteNearest } from '../../../trainer/evaluation/nearest-neighbours.ts';
import { assertNear, golden } from './golden.ts';

function part(
  { classCount, length, labels, features }: (typeof golden.classified)[number],
  from: number,
  to: number,
): LabelledFeatures {
  return {
    classCount,
    length,
    labels: Int32Array.from(labels.slice(from, to)),
    patients: Int32Array.from(labels.slice(from, to).keys()),
    features: Float32Array.from(features.slice(from * length, to * length)),
  };
}

test('nearest neighbours vote as scikit-learn’s do with the same weights', () => {
  for (const each of golden.classified) {
    const known = part(each, 0, each.known);
    const asked = part(each, each.known, each.labels.length);
    const found = voteNearest(
      known,
      asked,
      each.votes.map(({ k }) => k),
    );
    for (const [i, { k, scores }] of each.votes.entries())
      assertNear(found[i] ?? [], scores, 1e-9, `${each.name}, k = ${k}`);
  }
});

test('the linear probe is scikit-learn’s logistic regression to 2e-5, however it sets out', () => {
  for (const each of golden.classified) {
    const known = part(each, 0, each.known);
    const asked = part(each, each.known, each.labels.length);
    let before: ReturnType<typeof fitProbe> | undefined;
    for (const { penalty, scores } of each.probes) {
      const cold = fitProbe(known, penalty);
      assertNear(applyProbe(cold, asked), scores, 2e-5, `${each.name}, penalty ${penalty}`);
      before = fitProbe(known, penalty, before);
      assertNear(applyProbe(before, asked), scores, 2e-5, `${each.name}, from the last one`);
      assert.deepEqual(fitProbe(known, penalty).weights, cold.weights);
    }
  }
});

test('the minimum of a quadratic function of bad condition is found', () => {
  const scales = [1, 1e2, 1e4, 3, 5e3];
  const found = minimise(
    (point, gradient) => {
      let value = 0;
      for (const [i, scale] of scales.entries()) {
        const away = (point[i] ?? 0) - i;
        value += (scale / 2) * away * away;
        gradient[i] = scale * away;
      }
      return value;
    },
    new Float64Array(scales.length),
    { tolerance: 1e-9, mostIterations: 500 },
  );
  assertNear(found, [0, 1, 2, 3, 4], 1e-9, 'minimum');
});
