import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createAdamw,
  createLars,
  createOptimizer,
  createSgd,
  type Optimizer,
} from '../../trainer/optimizers.ts';
import type { RealArray } from '../../trainer/real-array.ts';

const near = (found: number | undefined, expected: number): void =>
  assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-14, `${found} is not ${expected}`);

const adamw = { betas: [0.9, 0.95], epsilon: 1e-8, weightDecay: 0.01 } as const;
const lars = {
  momentum: 0.9,
  weightDecay: 0.01,
  eta: 0.001,
  epsilon: 1e-8,
  isExcluded: (name: string) => name.endsWith('.bias'),
};
const sgd = { momentum: 0.9, weightDecay: 0.01 };

type State = ReadonlyMap<string, Float64Array>;
const kinds: readonly (readonly [string, (state?: State) => Optimizer<Float64Array>])[] = [
  ['SGD', (state) => createSgd(sgd, state)],
  ['AdamW', (state) => createAdamw(adamw, state)],
  ['LARS', (state) => createLars(lars, state)],
];

const startWeights = (): Map<string, Float64Array> =>
  new Map([
    ['fc.weight', Float64Array.of(3, -4)],
    ['fc.bias', Float64Array.of(0.5)],
  ]);
const gradientsAt = (step: number): Map<string, Float64Array> =>
  new Map([
    ['fc.weight', Float64Array.of(0.3 + step, 0.4)],
    ['fc.bias', Float64Array.of(-1 / (step + 1))],
  ]);

for (const [name, create] of kinds) {
  test(`${name} goes on from its stored state as if it had not stopped`, () => {
    const [whole, parted] = [startWeights(), startWeights()];
    const one = create();
    for (const step of [0, 1, 2, 3]) one.step(whole, gradientsAt(step), 0.1);
    const before = create();
    for (const step of [0, 1]) before.step(parted, gradientsAt(step), 0.1);
    const kept = new Map([...before.state].map(([key, values]) => [key, values.slice()]));
    const after = create(before.state);
    for (const step of [2, 3]) after.step(parted, gradientsAt(step), 0.1);
    assert.deepEqual(parted, whole);
    assert.deepEqual(before.state, kept);
  });

  test(`${name} refuses a weight without a gradient of its size`, () => {
    const gradients = new Map([['fc.weight', new Float64Array(3)]]);
    assert.throws(() => {
      create().step(startWeights(), gradients, 0.1);
    }, /fc\.weight has no gradient of its size/u);
  });
}

test('in single precision a step agrees with double precision to its rounding', () => {
  const single = (values: ReadonlyMap<string, RealArray>): Map<string, Float32Array> =>
    new Map([...values].map(([key, each]) => [key, Float32Array.from(each)]));
  for (const [double, engine] of [
    [createSgd<Float64Array>(sgd), createSgd(sgd)],
    [createAdamw<Float64Array>(adamw), createAdamw(adamw)],
    [createLars<Float64Array>(lars), createLars(lars)],
  ] as const) {
    const [exact, rounded] = [startWeights(), single(startWeights())];
    for (const step of [0, 1, 2]) {
      double.step(exact, gradientsAt(step), 0.1);
      engine.step(rounded, single(gradientsAt(step)), 0.1);
    }
    for (const [key, values] of exact)
      for (const [i, value] of values.entries())
        assert.ok(Math.abs((rounded.get(key)?.[i] ?? Number.NaN) / value - 1) < 1e-5, key);
    for (const values of engine.state.values()) assert.ok(values instanceof Float32Array);
  }
});

test('the first step of AdamW is the learning rate in the direction of the gradient, beside the decay', () => {
  const weights = startWeights();
  createAdamw<Float64Array>({ ...adamw, epsilon: 0 }).step(weights, gradientsAt(0), 0.1);
  near(weights.get('fc.weight')?.[0], 3 * (1 - 0.1 * 0.01) - 0.1);
  near(weights.get('fc.bias')?.[0], 0.5 * (1 - 0.1 * 0.01) + 0.1);
});

test('AdamW corrects both moments by the number of steps', () => {
  const weights = new Map([['fc.bias', Float64Array.of(0)]]);
  const optimizer = createAdamw<Float64Array>({ ...adamw, epsilon: 0, weightDecay: 0 });
  optimizer.step(weights, new Map([['fc.bias', Float64Array.of(1)]]), 0.1);
  optimizer.step(weights, new Map([['fc.bias', Float64Array.of(3)]]), 0.1);
  const mean = (0.9 * 0.1 + 0.1 * 3) / (1 - 0.9 ** 2);
  const square = (0.95 * 0.05 + 0.05 * 9) / (1 - 0.95 ** 2);
  near(weights.get('fc.bias')?.[0], -0.1 - (0.1 * mean) / Math.sqrt(square));
});

test('SGD decays the weight and keeps nine tenths of what it moved before', () => {
  const weights = new Map([['fc.bias', Float64Array.of(2)]]);
  const optimizer = createSgd<Float64Array>(sgd);
  const gradients = new Map([['fc.bias', Float64Array.of(1)]]);
  optimizer.step(weights, gradients, 0.5);
  const moved = 2 - 0.5 * 1.02;
  near(weights.get('fc.bias')?.[0], moved);
  optimizer.step(weights, gradients, 0.5);
  near(weights.get('fc.bias')?.[0], moved - 0.5 * (0.9 * 1.02 + 1 + 0.01 * moved));
});

test('LARS scales a step by the norms of weight and gradient', () => {
  const weights = startWeights();
  createLars<Float64Array>(lars).step(weights, gradientsAt(0), 2);
  const local = (0.001 * 5) / (0.5 + 0.01 * 5 + 1e-8);
  near(weights.get('fc.weight')?.[0], 3 - 2 * local * (0.3 + 0.01 * 3));
  near(weights.get('fc.weight')?.[1], -4 - 2 * local * (0.4 - 0.01 * 4));
});

test('LARS neither scales nor decays what is excluded, and does not scale where a norm is 0', () => {
  const weights = startWeights();
  weights.set('zero.weight', new Float64Array(1));
  const gradients = gradientsAt(0);
  gradients.set('zero.weight', Float64Array.of(0.7));
  createLars<Float64Array>(lars).step(weights, gradients, 0.1);
  near(weights.get('fc.bias')?.[0], 0.5 + 0.1);
  near(weights.get('zero.weight')?.[0], -0.07);
});

test('the buffer of LARS holds the scaled step, so that a new learning rate does not rescale the old ones', () => {
  const weights = new Map([['fc.bias', Float64Array.of(0)]]);
  const optimizer = createLars<Float64Array>(lars);
  const gradients = new Map([['fc.bias', Float64Array.of(1)]]);
  optimizer.step(weights, gradients, 0.5);
  optimizer.step(weights, gradients, 0);
  near(weights.get('fc.bias')?.[0], -0.5 - 0.45);
});

test("LARS moves a vision transformer's class token and positions at the full rate and does not decay them", () => {
  const shapes = { cls_token: [1, 1, 4], pos_embed: [1, 2, 4], 'head.weight': [2, 4] };
  const parameters = Object.entries(shapes).map(([name, shape]) => ({ name, shape }));
  const optimizer = createOptimizer(
    { optimizer: { kind: 'lars', momentum: 0, eta: 0.001, epsilon: 0 }, weightDecay: 0.5 },
    parameters,
  );
  const filled = (value: number): Map<string, Float32Array> =>
    new Map(
      parameters.map(({ name, shape }) => [
        name,
        new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(value),
      ]),
    );
  const weights = filled(2);
  optimizer.step(weights, filled(1), 0.25);
  for (const name of ['cls_token', 'pos_embed'])
    assert.ok(
      weights.get(name)?.every((value) => value === 1.75),
      name,
    );
  const adapted = (0.001 * 2) / (1 + 0.5 * 2);
  const matrix = 2 - 0.25 * adapted * (1 + 0.5 * 2);
  assert.ok(weights.get('head.weight')?.every((value) => value === Math.fround(matrix)));
});
