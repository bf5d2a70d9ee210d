import { createRandom } from '../../../shared/random.ts';
import type { Batch } from '../../../trainer/backend.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import { describeParameters } from '../../../trainer/engine/onnx-engine.ts';
import type { GraphDescription } from '../../../trainer/engine/training-graph.ts';

/** One step with seeded weights and input, the same in the test and for PyTorch. */
export type StepCase = {
  readonly name: string;
  readonly description: GraphDescription;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly batch: Batch;
};

const embedding = 128;

function unitRows(values: Float32Array, length: number): Float32Array {
  for (let row = 0; row < values.length; row += length) {
    const part = values.subarray(row, row + length);
    const norm = Math.hypot(...part);
    for (const [i, value] of part.entries()) part[i] = value / norm;
  }
  return values;
}

function makeCase(seed: number, description: GraphDescription): StepCase {
  const random = createRandom(seed);
  const { batchImages: n, imageSide: side, method, queueLength } = description;
  const weights = initialWeights(describeParameters(description), random);
  // Weights of batch norm and biases away from 1 and 0, so that their gradients matter.
  for (const values of weights.values())
    for (const [i, value] of values.entries()) values[i] = value + 0.05 * random.normal();
  const normal = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.normal());
  const pixels = n * 3 * side * side;
  const images = { view1: normal(pixels), view2: normal(pixels) };
  const columns = method === 'simsiam' ? n : queueLength;
  const positives = Float32Array.from({ length: n * columns }, (_, k) =>
    Number((method === 'simsiam' && k % (n + 1) === 0) || random.next() < 0.15),
  );
  const moco = {
    keys: unitRows(normal(n * embedding), embedding),
    queue: unitRows(normal(queueLength * embedding), embedding),
    emptySlots: Uint8Array.from({ length: queueLength }, (_, k) => Number(k >= queueLength - 3)),
  };
  if (method !== 'simsiam')
    for (const [k] of positives.entries()) if (k % queueLength >= queueLength - 3) positives[k] = 0;
  const { encoder } = description;
  return {
    name: `${method}-${encoder}-${side}-${n}-${seed}`,
    description,
    weights,
    batch: { ...images, positives, ...(method === 'simsiam' ? {} : moco) },
  };
}

const base = { temperature: 0.2, queueLength: 16, batchImages: 4 };

/** A small step. */
export function makeSmallCase(): StepCase {
  return makeCase(1, { ...base, encoder: 'resnet-10', method: 'moco-v2', imageSide: 32 });
}

/** Several methods, encoders, sizes and seeds (a rounding flip at a ReLU spoils single ones). */
export function* makeCases(): Generator<StepCase> {
  const moco = { ...base, method: 'moco-v2' } as const;
  const simsiam = { ...base, method: 'simsiam' } as const;
  for (const seed of [1, 2, 3])
    yield makeCase(seed, { ...simsiam, encoder: 'resnet-10', imageSide: 64 });
  for (const seed of [1, 2, 3])
    yield makeCase(seed, { ...moco, encoder: 'resnet-10', imageSide: 32 });
  yield makeCase(1, { ...moco, encoder: 'resnet-10', imageSide: 96 });
  for (const seed of [1, 2])
    yield makeCase(seed, { ...moco, encoder: 'resnet-18', imageSide: 64 });
  for (const seed of [1, 2]) yield makeCase(seed, { ...moco, encoder: 'resnet-18', imageSide: 96 });
  // The blocks of ResNet-50; all of its 50 layers at random weights are chaotic in any float32.
  for (const seed of [1, 2, 3])
    yield makeCase(seed, { ...moco, encoder: 'resnet-26', imageSide: 64 });
  yield makeCase(1, { ...moco, encoder: 'resnet-26', imageSide: 96 });
}
