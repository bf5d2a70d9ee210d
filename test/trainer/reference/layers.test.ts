import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { dot, matrixOf } from '../../../trainer/losses/matrix.ts';
import { forward, type Layer, weightsOf } from '../../../trainer/reference/layers.ts';
import { assertGradient, randomMatrix } from '../losses/numeric-gradient.ts';
import { tinyArrays, tinyEncoder } from './tiny-model.ts';

test('gradients of a network are those of a scalar of its output, by input and by every weight', () => {
  const arrays = tinyArrays(['encoder'], 1);
  const layers: Layer[] = [...tinyEncoder('encoder'), { kind: 'batch-norm', name: 'last' }];
  arrays.set('last.running_mean', new Float64Array(3));
  arrays.set('last.running_var', new Float64Array(3).fill(1));
  const random = createRandom(2);
  const [x, direction] = [randomMatrix(5, 4, random), randomMatrix(5, 3, random)];
  const value = (): number => dot(forward(layers, arrays, x).output.values, direction.values);
  const { input, weights } = forward(layers, arrays, x).backward(direction);
  assertGradient(x.values, input.values, value);
  const trained = weightsOf(layers, arrays);
  assert.deepEqual([...weights.keys()].sort(), [...trained.keys()].sort());
  assert.equal(weights.has('last.weight'), false);
  for (const [name, values] of trained) assertGradient(values, weights.get(name) ?? [], value);
});

test('running statistics take a tenth of a batch, its variance unbiased', () => {
  const arrays = new Map([
    ['bn.running_mean', Float64Array.of(1)],
    ['bn.running_var', Float64Array.of(2)],
  ]);
  const x = matrixOf(3, 1, Float64Array.of(1, 2, 6));
  const { output } = forward([{ kind: 'batch-norm', name: 'bn' }], arrays, x);
  assert.ok(Math.abs((arrays.get('bn.running_mean')?.[0] ?? 0) - (0.9 + 0.3)) < 1e-15);
  assert.ok(Math.abs((arrays.get('bn.running_var')?.[0] ?? 0) - (1.8 + 0.7)) < 1e-15);
  assert.ok(Math.abs((output.values[0] ?? 0) + 2 / Math.sqrt(14 / 3 + 1e-5)) < 1e-15);
});

test('weights of another size than the layer are refused by name', () => {
  const arrays = tinyArrays(['encoder'], 1);
  arrays.set('encoder.1.fc0.weight', new Float64Array(32));
  assert.throws(
    () => forward(tinyEncoder('encoder'), arrays, matrixOf(2, 4)),
    /linear layer encoder\.1\.fc0 does not take 5/u,
  );
  const other = tinyArrays(['encoder'], 1);
  other.set('encoder.1.bn0.bias', new Float64Array(7));
  assert.throws(
    () => forward(tinyEncoder('encoder'), other, matrixOf(2, 4)),
    /batch norm encoder\.1\.bn0 does not take 6/u,
  );
});

test('batch norm in training refuses a batch of one', () => {
  const arrays = tinyArrays(['encoder'], 1);
  assert.throws(() => forward(tinyEncoder('encoder'), arrays, matrixOf(1, 4)), /two rows/u);
});
