import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { buildTrainingGraph } from '../../trainer/engine/training-graph.ts';
import { describeStep } from '../../trainer/models/describe-model.ts';
import { createOptimizer } from '../../trainer/optimizers.ts';

type Chosen = Pick<RunConfiguration, 'optimizer' | 'weightDecay'>;
const rate = 0.5;
const weightDecay = 0.25;
const lars: Chosen = {
  optimizer: { kind: 'lars', momentum: 0.9, eta: 0.125, epsilon: 1e-8 },
  weightDecay,
};

/** A ResNet with BYOL's heads: batch norm in the encoder, behind its shortcuts and in both heads. */
const parameters = buildTrainingGraph(
  describeStep({
    ...demonstrationConfiguration,
    encoder: 'resnet-26',
    method: 'byol',
    imageSide: 32,
    batchImages: 2,
  }),
).builder.parameters;

/** By their names alone; with a bias of every layer that has one and every batch norm. */
const isBiasOrNorm = (name: string): boolean =>
  name.endsWith('.bias') ||
  /^(?:bn1|layer\d\.\d\.(?:bn\d|downsample\.1)|(?:projector|predictor)\.1)\.weight$/u.test(name);
const named = (wanted: (name: string) => boolean): string[] =>
  parameters.map(({ name }) => name).filter(wanted);

/** Three numbers stand for every parameter: an optimiser knows them by name, and what is left out by their shapes. */
const filled = (value: number): Map<string, Float32Array> =>
  new Map(parameters.map(({ name }) => [name, new Float32Array(3).fill(value)]));

/** Weights of 2 after one step with this gradient, each parameter by its first number. */
function stepOnce(chosen: Chosen, gradient: number): ReadonlyMap<string, number> {
  const weights = filled(2);
  createOptimizer(chosen, parameters).step(weights, filled(gradient), rate);
  return new Map([...weights].map(([name, values]) => [name, values[0] ?? Number.NaN]));
}

test('the model of this test has convolutions, linear layers, biases and batch norm everywhere', () => {
  for (const name of [
    'conv1.weight',
    'bn1.weight',
    'layer1.0.downsample.0.weight',
    'layer1.0.downsample.1.weight',
    'layer4.1.bn3.bias',
    'projector.0.bias',
    'projector.1.weight',
    'predictor.1.bias',
    'predictor.3.weight',
  ])
    assert.ok(
      parameters.some((each) => each.name === name),
      name,
    );
  // Every bottleneck has 3 batch norms, every stage one more; stem and heads have one each.
  assert.equal(
    named((name) => isBiasOrNorm(name) && !name.endsWith('.bias')).length,
    8 * 3 + 4 + 3,
  );
});

test('LARS lets weights of layers decay, biases and batch norm not', () => {
  const after = stepOnce(lars, 0);
  assert.deepEqual(
    named((name) => after.get(name) === 2),
    named(isBiasOrNorm),
  );
  // A gradient of length 0 leaves the whole learning rate.
  for (const name of named((each) => !isBiasOrNorm(each)))
    assert.equal(after.get(name), 2 - rate * weightDecay * 2, name);
});

test('LARS gives weights of layers a rate of their own, biases and batch norm the run’s', () => {
  const after = stepOnce(lars, 3);
  for (const name of named(isBiasOrNorm)) assert.equal(after.get(name), 2 - rate * 3, name);
  const local = (0.125 * 2) / (3 + weightDecay * 2);
  for (const name of named((each) => !isBiasOrNorm(each))) {
    const expected = 2 - rate * local * (3 + weightDecay * 2);
    assert.ok(Math.abs((after.get(name) ?? Number.NaN) - expected) < 1e-5, name);
  }
});

test('SGD and AdamW let every parameter decay, as torch does without groups', () => {
  for (const optimizer of [
    { kind: 'sgd', momentum: 0.9 },
    { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8 },
  ] as const)
    for (const [name, value] of stepOnce({ optimizer, weightDecay }, 0))
      assert.equal(value, 2 * (1 - rate * weightDecay), `${optimizer.kind}: ${name}`);
});
