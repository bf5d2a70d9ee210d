import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { latentLoss } from '../../../trainer/losses/latent-loss.ts';
import { normaliseRows } from '../../../trainer/losses/matrix.ts';
import { batchPositives } from '../../../trainer/losses/positive-labels.ts';
import { emptyImageIds, enqueueKeys } from '../../../trainer/methods/memory-queue.ts';
import { createSgd } from '../../../trainer/optimizers.ts';
import {
  createReferenceByol,
  createReferenceSimsiam,
} from '../../../trainer/reference/latent-methods.ts';
import { type Arrays, forward } from '../../../trainer/reference/layers.ts';
import type { ReferenceBatch, ReferenceMethod } from '../../../trainer/reference/method.ts';
import { createReferenceMoco } from '../../../trainer/reference/moco.ts';
import { createReferenceSimclr } from '../../../trainer/reference/simclr.ts';
import { assertGradient, randomMatrix } from '../losses/numeric-gradient.ts';
import { tinyArrays, tinyEncoder, tinyPredictor } from './tiny-model.ts';

const alike = (a: number, b: number): boolean => a + b === 30;

function batchAt(seed: number, imageIds = [10, 20, 31, 44]): ReferenceBatch {
  const random = createRandom(seed);
  return { imageIds, view1: randomMatrix(4, 4, random), view2: randomMatrix(4, 4, random) };
}

const mocoOver = (arrays: Arrays, keyMomentum: number) => {
  const queue = {
    keys: new Float64Array(8 * 3),
    imageIds: emptyImageIds(8),
    place: new Float64Array(1),
  };
  const method = createReferenceMoco({
    arrays,
    query: tinyEncoder('query'),
    key: tinyEncoder('key'),
    queue,
    keyMomentum,
    temperature: 0.2,
    policy: { ownKeys: 'positive' },
  });
  return { method, queue };
};

const methods: readonly (readonly [string, () => ReferenceMethod])[] = [
  [
    'MoCo',
    () => {
      const { method, queue } = mocoOver(tinyArrays(['query', 'key'], 3), 1);
      const earlier = normaliseRows(randomMatrix(4, 3, createRandom(8))).values;
      enqueueKeys(queue, earlier, [20, 51, 10, 53]);
      return method;
    },
  ],
  [
    'BYOL',
    () =>
      createReferenceByol({
        arrays: tinyArrays(['online', 'target'], 3),
        online: tinyEncoder('online'),
        target: tinyEncoder('target'),
        predictor: tinyPredictor,
      }),
  ],
  [
    'SimSiam',
    () =>
      createReferenceSimsiam({
        arrays: tinyArrays(['encoder'], 3),
        encoder: tinyEncoder('encoder'),
        predictor: tinyPredictor,
      }),
  ],
  [
    'SimCLR',
    () =>
      createReferenceSimclr({
        arrays: tinyArrays(['encoder'], 3),
        encoder: tinyEncoder('encoder'),
        temperature: 0.2,
      }),
  ],
];

for (const [name, create] of methods) {
  test(`${name} takes the one kind of batch, with and without pairs, and trains`, () => {
    for (const pairs of [alike, () => false]) {
      const method = create();
      const optimizer = createSgd<Float64Array>({ momentum: 0, weightDecay: 0 });
      const { loss, gradients } = method.step(batchAt(4), pairs);
      optimizer.step(method.weights, gradients, 0.01);
      method.followTarget(0.99);
      // The queue of MoCo has changed, and with it the loss.
      if (name !== 'MoCo') assert.ok(method.step(batchAt(4), pairs).loss < loss);
      else assert.ok(loss > 0 && gradients.get('query.0.f.weight')?.some((g) => g !== 0));
    }
  });

  // The target of SimSiam moves with the encoder but has no gradient, so there is no loss to differentiate.
  if (name === 'SimSiam') continue;
  test(`the gradients of ${name} are those of its loss by every weight`, () => {
    const method = create();
    const lossAt = (): number => {
      const again = create();
      for (const [key, values] of method.weights) again.weights.get(key)?.set(values);
      return again.step(batchAt(5), alike).loss;
    };
    const { gradients } = create().step(batchAt(5), alike);
    for (const [key, values] of method.weights)
      assertGradient(values, gradients.get(key) ?? [], lossAt);
  });
}

test('MoCo: the key encoder follows before the keys, by weights and not by running statistics', () => {
  const arrays = tinyArrays(['query', 'key'], 6);
  const before = structuredClone(arrays);
  const { method, queue } = mocoOver(arrays, 0.75);
  const batch = batchAt(7);
  method.step(batch, alike);
  const weight = 'key.1.fc1.weight';
  const followed = (before.get(weight) ?? []).map(
    (value, i) => 0.75 * value + 0.25 * (before.get('query.1.fc1.weight')?.[i] ?? 0),
  );
  assert.deepEqual(arrays.get(weight), followed);
  const fresh = structuredClone(before);
  const keyOnly = new Map(
    [...fresh].map(([key, values]) => [
      key,
      key.startsWith('key.') && !key.includes('running') ? (arrays.get(key) ?? values) : values,
    ]),
  );
  const keys = normaliseRows(forward(tinyEncoder('key'), keyOnly, batch.view2).output);
  assert.deepEqual(queue.keys.slice(0, 12), keys.values);
  assert.deepEqual(arrays.get('key.1.bn0.running_mean'), keyOnly.get('key.1.bn0.running_mean'));
  assert.deepEqual(queue.imageIds, [10, 20, 31, 44, 0, 0, 0, 0]);
});

test('MoCo compares a batch with the queue as it was before its own keys came in', () => {
  const { method } = mocoOver(tinyArrays(['query', 'key'], 6), 0.99);
  const all = (): boolean => true;
  const sum = (labels: Float32Array): number => labels.reduce((total, label) => total + label, 0);
  assert.equal(sum(method.step(batchAt(7), all).labels), 0);
  assert.equal(sum(method.step(batchAt(8), all).labels), 4 * 4);
});

test('BYOL: the target follows the weights, not the running statistics, and only when it is told', () => {
  const arrays = tinyArrays(['online', 'target'], 9);
  const method = createReferenceByol({
    arrays,
    online: tinyEncoder('online'),
    target: tinyEncoder('target'),
    predictor: tinyPredictor,
  });
  const weight = 'target.1.fc1.weight';
  const before = arrays.get(weight)?.slice();
  method.step(batchAt(1), alike);
  assert.deepEqual(arrays.get(weight), before);
  const statistics = arrays.get('target.1.bn0.running_var')?.slice();
  method.followTarget(0);
  assert.deepEqual(arrays.get(weight), arrays.get('online.1.fc1.weight'));
  assert.deepEqual(arrays.get('target.1.bn0.running_var'), statistics);
  assert.notDeepEqual(statistics, arrays.get('online.1.bn0.running_var'));
});

test('BYOL predicts the target of the other view, in both orders, twice over', () => {
  const arrays = tinyArrays(['online', 'target'], 9);
  const [online, target] = [tinyEncoder('online'), tinyEncoder('target')];
  const { imageIds, view1, view2 } = batchAt(2);
  const labels = batchPositives(imageIds, alike);
  const half = (from: typeof view1, to: typeof view1): number => {
    const projected = forward(online, arrays, from).output;
    const predicted = forward(tinyPredictor, arrays, projected).output;
    return latentLoss(predicted, forward(target, arrays, to).output, labels).loss;
  };
  const expected = 2 * (half(view1, view2) + half(view2, view1));
  const method = createReferenceByol({ arrays, online, target, predictor: tinyPredictor });
  assert.ok(Math.abs(method.step(batchAt(2), alike).loss - expected) < 1e-14);
});

test('SimSiam is no BYOL with a momentum: its target is always the encoder as it is now', () => {
  const arrays = tinyArrays(['encoder'], 3);
  const encoder = tinyEncoder('encoder');
  const method = createReferenceSimsiam({ arrays, encoder, predictor: tinyPredictor });
  const optimizer = createSgd<Float64Array>({ momentum: 0.9, weightDecay: 1e-4 });
  for (const seed of [1, 2]) {
    optimizer.step(method.weights, method.step(batchAt(seed), alike).gradients, 0.05);
    method.followTarget(1);
  }
  const { imageIds, view1, view2 } = batchAt(3);
  const labels = batchPositives(imageIds, alike);
  const [z1, z2] = [view1, view2].map((view) => forward(encoder, arrays, view).output);
  assert.ok(z1 !== undefined && z2 !== undefined);
  const half = (from: typeof z1, to: typeof z1): number =>
    0.5 * latentLoss(forward(tinyPredictor, arrays, from).output, to, labels).loss;
  const expected = half(z1, z2) + half(z2, z1);
  assert.ok(Math.abs(method.step(batchAt(3), alike).loss - expected) < 1e-14);
});

test('a momentum encoder that is built differently is refused', () => {
  const arrays = tinyArrays(['online', 'target'], 9);
  const build = (): unknown =>
    createReferenceByol({
      arrays,
      online: tinyEncoder('online'),
      target: tinyEncoder('target').slice(1),
      predictor: tinyPredictor,
    });
  assert.throws(build, /not built like/u);
});
