import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { latentLoss } from '../../../trainer/losses/latent-loss.ts';
import { matrixOf, normaliseRows } from '../../../trainer/losses/matrix.ts';
import { mocoLoss } from '../../../trainer/losses/moco-loss.ts';
import { viewPositives } from '../../../trainer/losses/positive-labels.ts';
import { simclrLoss } from '../../../trainer/losses/simclr-loss.ts';
import { softmaxLoss } from '../../../trainer/losses/softmax-loss.ts';
import { assertGradient, randomMatrix } from './numeric-gradient.ts';

const near = (found: number, expected: number): void =>
  assert.ok(Math.abs(found - expected) < 1e-12, `${found} is not ${expected}`);

const mocoTerms = (seed: number) => {
  const random = createRandom(seed);
  return {
    queries: randomMatrix(3, 4, random),
    keys: normaliseRows(randomMatrix(3, 4, random)),
    queue: normaliseRows(randomMatrix(5, 4, random)),
    temperature: 0.2,
  };
};
const someLabels = Float32Array.of(0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
const someMask = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0);

test('the gradient of MoCo is that of its loss, also where slots take no part', () => {
  const terms = { ...mocoTerms(1), positives: someLabels, masked: someMask };
  assertGradient(terms.queries.values, mocoLoss(terms).gradient.values, () => mocoLoss(terms).loss);
});

test('MoCo without positives in the queue is the cross-entropy of each query with its own key', () => {
  const terms = mocoTerms(2);
  const { loss, products } = mocoLoss({ ...terms, positives: new Float32Array(15) });
  let expected = 0;
  for (let i = 0; i < 3; i += 1) {
    const row = products.values.slice(6 * i, 6 * i + 6).map((value) => value / 0.2);
    expected += Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - (row[0] ?? 0);
  }
  near(loss, expected / 3);
});

test('MoCo is normalised by all positives of the batch, not row by row', () => {
  const logits = matrixOf(2, 2, Float64Array.of(0, 0, Math.log(3), 0));
  const { loss } = softmaxLoss(logits, [1, 1, 1, 0]);
  near(loss, (2 * Math.log(2) + Math.log(4 / 3)) / 3);
});

test('what is in a slot that takes no part changes nothing', () => {
  const terms = { ...mocoTerms(3), positives: someLabels, masked: new Uint8Array(15) };
  for (const row of [0, 1, 2]) terms.masked[5 * row + 3] = 1;
  const before = mocoLoss(terms);
  terms.queue.values.fill(7, 3 * 4, 4 * 4);
  assert.equal(mocoLoss(terms).loss, before.loss);
  assert.deepEqual(mocoLoss(terms).gradient, before.gradient);
});

test('a positive in a slot that takes no part is refused', () => {
  const masked = new Uint8Array(15);
  masked[1] = 1;
  assert.throws(
    () => mocoLoss({ ...mocoTerms(4), positives: someLabels, masked }),
    /masked place/u,
  );
});

test('the gradient of SimCLR is that of its loss', () => {
  const embeddings = randomMatrix(6, 3, createRandom(5));
  const labels = viewPositives([4, 9, 2], (a, b) => a + b === 11);
  const { gradient } = simclrLoss(embeddings, labels, 0.5);
  assertGradient(
    embeddings.values,
    gradient.values,
    () => simclrLoss(embeddings, labels, 0.5).loss,
  );
});

test('SimCLR does not depend on the lengths of the embeddings', () => {
  const embeddings = randomMatrix(4, 3, createRandom(6));
  const labels = viewPositives([1, 2], () => false);
  const longer = matrixOf(
    4,
    3,
    embeddings.values.map((value, at) => value * (1 + Math.floor(at / 3))),
  );
  const [a, b] = [embeddings, longer].map((each) => simclrLoss(each, labels, 0.1).loss);
  assert.ok(Math.abs((a ?? 0) - (b ?? 1)) < 1e-8);
});

test('the gradient of latent prediction is that of its loss', () => {
  const random = createRandom(7);
  const [predictions, targets] = [randomMatrix(3, 4, random), randomMatrix(3, 4, random)];
  const labels = [1, 0, 1, 0, 1, 0, 1, 0, 1];
  const { gradient } = latentLoss(predictions, targets, labels);
  assertGradient(
    predictions.values,
    gradient.values,
    () => latentLoss(predictions, targets, labels).loss,
  );
});

test('latent prediction without pairs is minus the mean cosine, -1 where the target is met', () => {
  const targets = randomMatrix(3, 4, createRandom(8));
  const labels = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  near(latentLoss(targets, targets, labels).loss, -1);
  assert.ok(latentLoss(targets, targets, labels).gradient.values.every((g) => Math.abs(g) < 1e-15));
});

test('latent prediction is normalised by the number of pairs: targets that all agree are worth no more', () => {
  const same = matrixOf(2, 2, Float64Array.of(3, 4, 3, 4));
  for (const labels of [
    [1, 0, 0, 1],
    [1, 1, 1, 1],
  ])
    near(latentLoss(same, same, labels).loss, -1);
});

test('an embedding of zeros gives numbers, not NaN', () => {
  const zeros = matrixOf(2, 3);
  for (const { loss, gradient } of [
    simclrLoss(zeros, [0, 1, 1, 0], 0.2),
    latentLoss(zeros, zeros, [1, 0, 0, 1]),
  ]) {
    assert.ok(Number.isFinite(loss));
    assert.ok(gradient.values.every((value) => Number.isFinite(value)));
  }
});

test('a batch without any positive is refused', () => {
  assert.throws(() => latentLoss(matrixOf(2, 2), matrixOf(2, 2), [0, 0, 0, 0]), /positive pair/u);
});
