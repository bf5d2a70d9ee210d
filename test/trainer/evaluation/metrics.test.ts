import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { bootstrap, drawWeights, percentile } from '../../../trainer/evaluation/bootstrap.ts';
import { aucCovariance, compareAucs } from '../../../trainer/evaluation/delong.ts';
import { measure, openMetrics } from '../../../trainer/evaluation/metrics.ts';
import { type ScoredCases, scoresOf } from '../../../trainer/evaluation/scored-cases.ts';
import { assertNear, golden } from './golden.ts';

const toCases = (
  { classCount, labels, patients, scores }: (typeof golden.scored)[number],
  which = 0,
): ScoredCases => ({
  classCount,
  labels: Int32Array.from(labels),
  patients: Int32Array.from(patients),
  scores: Float64Array.from(scores[which] ?? []),
});

test('accuracy, balanced accuracy and AUC are scikit-learn’s, weighted by bootstrap samples too', () => {
  assert.equal(golden.scored.length, 3);
  for (const each of golden.scored) {
    const figures = openMetrics(toCases(each));
    const ones = new Float64Array(each.labels.length).fill(1);
    for (const { weights, metrics } of [{ weights: ones, metrics: each.metrics }, ...each.draws]) {
      const found = figures(Float64Array.from(weights));
      assertNear(
        [found.accuracy, found.balancedAccuracy, found.auc],
        [metrics.accuracy, metrics.balancedAccuracy, metrics.auc],
        1e-12,
        each.name,
      );
    }
  }
});

test('DeLong’s covariance is that of all pairs, with the sums by patient, and so are z and p', () => {
  const two = golden.scored.filter(({ deLong }) => deLong !== undefined);
  assert.equal(two.length, 2);
  for (const each of two) {
    const { deLong } = each;
    assert.ok(deLong !== undefined);
    const cases = toCases(each);
    const scores = [scoresOf(cases, 1), scoresOf(toCases(each, 1), 1)];
    const found = aucCovariance(cases, scores);
    assertNear(found.aucs, deLong.aucs, 1e-12, each.name);
    assertNear(found.covariance.flat(), deLong.covariance.flat(), 1e-12, each.name);
    const tested = compareAucs(found);
    assert.ok(tested !== undefined);
    assertNear([tested.z], [deLong.z], 1e-9, `${each.name}, z`);
    assertNear([tested.pValue], [deLong.pValue], 1e-6, `${each.name}, p`);
    const alone = { ...cases, patients: Int32Array.from(each.labels.keys()) };
    const independent = aucCovariance(alone, scores).covariance.flat();
    assertNear(independent, deLong.independent.flat(), 1e-12, `${each.name}, as one image each`);
  }
});

test('images of one patient repeated say no more than one image of the patient', () => {
  const [each] = golden.scored;
  assert.ok(each !== undefined);
  const cases = toCases(each);
  const twice: ScoredCases = {
    ...cases,
    labels: Int32Array.of(...cases.labels, ...cases.labels),
    patients: Int32Array.of(...cases.patients, ...cases.patients),
    scores: Float64Array.of(...cases.scores, ...cases.scores),
  };
  const varianceOf = (of: ScoredCases): number =>
    aucCovariance(of, [scoresOf(of, 1)]).covariance[0]?.[0] ?? Number.NaN;
  assertNear([varianceOf(twice)], [varianceOf(cases)], 1e-12, 'variance');
  const auc = (of: ScoredCases): Float64Array => {
    const options = { rounds: 200, seed: 4 };
    const found = bootstrap(of.patients, openMetrics(of), options).auc;
    return Float64Array.of(found.value, found.low, found.high);
  };
  assertNear(auc(twice), auc(cases), 1e-12, 'bootstrap interval');
});

test('an encoder compared with itself has no difference to test', () => {
  const [each] = golden.scored;
  assert.ok(each !== undefined);
  const cases = toCases(each);
  const scores = scoresOf(cases, 1);
  assert.equal(compareAucs(aucCovariance(cases, [scores, scores])), undefined);
});

test('AUC does not change under a monotone map of the scores and turns round with the classes', () => {
  const [, each] = golden.scored;
  assert.ok(each !== undefined);
  const cases = toCases(each);
  const { auc } = measure(cases);
  const mapped = cases.scores.map((score) => Math.exp(3 * score));
  assertNear([measure({ ...cases, scores: mapped }).auc], [auc], 1e-12, 'mapped');
  const turned = cases.labels.map((label) => 1 - label);
  assertNear([measure({ ...cases, labels: turned }).auc], [1 - auc], 1e-12, 'turned');
  const equal = new Float64Array(cases.scores.length).fill(0.5);
  assert.equal(measure({ ...cases, scores: equal }).auc, 0.5);
});

test('percentiles are numpy’s', () => {
  const { values, low, high } = golden.percentiles;
  assertNear([percentile(values, 0.025), percentile(values, 0.975)], [low, high], 1e-12, 'numpy');
});

test('the bootstrap draws as many patients as there are, whole, and the same by the same seed', () => {
  const patients = Int32Array.of(0, 0, 0, 1, 2, 2, 3, 4, 4);
  const random = createRandom(5);
  let varied = false;
  for (let round = 0; round < 50; round += 1) {
    const weights = drawWeights(patients, random);
    const byPatient = [0, 1, 2, 3, 4].map((patient) => weights[patients.indexOf(patient)] ?? 0);
    for (const [i, patient] of patients.entries()) assert.equal(weights[i], byPatient[patient]);
    assert.equal(
      byPatient.reduce((sum, each) => sum + each, 0),
      5,
    );
    varied ||= byPatient.some((each) => each !== 1);
  }
  assert.ok(varied);
  const [each] = golden.scored;
  assert.ok(each !== undefined);
  const cases = toCases(each);
  const run = (seed: number): unknown =>
    bootstrap(cases.patients, openMetrics(cases), { rounds: 100, seed });
  assert.deepEqual(run(1), run(1));
  assert.notDeepEqual(run(1), run(2));
});

test('bootstrap and DeLong agree on how sure an AUC is', () => {
  for (const each of golden.scored.filter(({ classCount }) => classCount === 2)) {
    const cases = toCases(each);
    const { auc } = bootstrap(cases.patients, openMetrics(cases), { rounds: 2000, seed: 1 });
    const [[variance = 0] = []] = aucCovariance(cases, [scoresOf(cases, 1)]).covariance;
    const ratio = (auc.high - auc.low) / (2 * 1.96 * Math.sqrt(variance));
    assert.ok(ratio > 0.8 && ratio < 1.25, `${each.name}: ${ratio}`);
  }
});
