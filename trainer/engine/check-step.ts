import { createRandom, type Random } from '../../shared/random.ts';
import type { Batch } from '../backend.ts';
import { initialWeights } from './initial-weights.ts';
import { buildTrainingGraph, type GraphDescription } from './training-graph.ts';

/** A seeded training step: weights and input that every engine, and PyTorch, can be given alike. */
export type CheckStep = {
  readonly description: GraphDescription;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly batch: Batch;
};

const embedding = 128;
const emptyAtEnd = 3;

function unitRows(values: Float32Array, length: number): Float32Array {
  for (let row = 0; row < values.length; row += length) {
    const part = values.subarray(row, row + length);
    const norm = Math.hypot(...part);
    for (const [i, value] of part.entries()) part[i] = value / norm;
  }
  return values;
}

function makeBatch(
  { batchImages: n, imageSide: side, method, queueLength }: GraphDescription,
  random: Random,
): Batch {
  const normal = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.normal());
  const pixels = n * 3 * side * side;
  const images = { view1: normal(pixels), view2: normal(pixels) };
  const columns = method === 'simsiam' ? n : queueLength;
  const positives = Float32Array.from({ length: n * columns }, (_, k) =>
    Number((method === 'simsiam' && k % (n + 1) === 0) || random.next() < 0.15),
  );
  if (method === 'simsiam') return { ...images, positives };
  const firstEmpty = queueLength - emptyAtEnd;
  for (const [k] of positives.entries()) if (k % queueLength >= firstEmpty) positives[k] = 0;
  return {
    ...images,
    positives,
    keys: unitRows(normal(n * embedding), embedding),
    queue: unitRows(normal(queueLength * embedding), embedding),
    emptySlots: Uint8Array.from({ length: queueLength }, (_, k) => Number(k >= firstEmpty)),
  };
}

/** The step of a seed; weights of batch norm and biases lie off 1 and 0, so that their gradients matter. */
export function makeCheckStep(seed: number, description: GraphDescription): CheckStep {
  const random = createRandom(seed);
  const { parameters } = buildTrainingGraph(description).builder;
  const weights = initialWeights(parameters, random);
  for (const values of weights.values())
    for (const [i, value] of values.entries()) values[i] = value + 0.05 * random.normal();
  return { description, weights, batch: makeBatch(description, random) };
}
