import { createRandom, type Random } from '../../shared/random.ts';
import type { StepDescription, StepInput } from '../backend.ts';
import { initialWeights } from './initial-weights.ts';
import { buildTrainingGraph } from './training-graph.ts';

/** A seeded training step: weights and input that every engine, and PyTorch, can be given alike. */
export type CheckStep = {
  readonly description: StepDescription;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly input: StepInput;
};

/** Share of the pairs beside the own one that are positive. */
const positiveShare = 0.15;
/** Slots at the queue's end that take no part. */
const emptyAtEnd = 3;

function unitRows(values: Float32Array, length: number): Float32Array {
  for (let row = 0; row < values.length; row += length) {
    const part = values.subarray(row, row + length);
    const norm = Math.hypot(...part);
    for (const [i, value] of part.entries()) part[i] = value / norm;
  }
  return values;
}

/** Symmetric or not: 1 on the `own` pairs, seeded elsewhere, 0 where `never`. */
function positivePairs(
  random: Random,
  rows: number,
  columns: number,
  own: (row: number, column: number) => boolean,
  never: (row: number, column: number) => boolean,
): Float32Array {
  const pairs = new Float32Array(rows * columns);
  for (const [k] of pairs.entries()) {
    const [row, column] = [Math.floor(k / columns), k % columns];
    const drawn = random.next() < positiveShare;
    pairs[k] = Number(!never(row, column) && (drawn || own(row, column)));
  }
  return pairs;
}

function makeInput({ model, loss, batchImages: n }: StepDescription, random: Random): StepInput {
  const normal = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.normal());
  const d = model.projector.lengths.at(-1) ?? 0;
  const pixels = n * 3 * model.imageHeight * model.imageWidth;
  const view1 = normal(pixels);
  const nothing = (): boolean => false;
  const same = (row: number, column: number): boolean => row === column;
  const units = (rows: number): Float32Array => unitRows(normal(rows * d), d);
  switch (loss.kind) {
    case 'moco': {
      const { kind, queueLength: k } = loss;
      const isEmpty = (_: number, column: number): boolean => column >= k - emptyAtEnd;
      const masked = Uint8Array.from({ length: n * k }, (_, i) => Number(isEmpty(0, i % k)));
      const positives = positivePairs(random, n, k, nothing, isEmpty);
      return { kind, view1, keys: units(n), queue: units(k), positives, masked };
    }
    case 'simsiam':
      return {
        kind: loss.kind,
        view1,
        view2: normal(pixels),
        positives: positivePairs(random, n, n, same, nothing),
      };
    case 'byol':
      return {
        kind: loss.kind,
        view1,
        view2: normal(pixels),
        positives: positivePairs(random, n, n, same, nothing),
        target1: units(n),
        target2: units(n),
      };
    case 'simclr': {
      const other = (row: number, column: number): boolean => Math.abs(row - column) === n;
      const positives = positivePairs(random, 2 * n, 2 * n, other, same);
      return { kind: loss.kind, view1, view2: normal(pixels), positives };
    }
    case 'classes': {
      const targets = Float32Array.from({ length: n * d }, () => random.next() + 0.1);
      for (let row = 0; row < targets.length; row += d) {
        const part = targets.subarray(row, row + d);
        const total = part.reduce((sum, value) => sum + value, 0);
        for (const [i, value] of part.entries()) part[i] = value / total;
      }
      return { kind: loss.kind, view1, targets };
    }
    default:
      return loss satisfies never;
  }
}

/** The step of a seed; weights of batch norm and biases lie off 1 and 0, so that their gradients matter. */
export function makeCheckStep(seed: number, description: StepDescription): CheckStep {
  const random = createRandom(seed);
  const { parameters } = buildTrainingGraph(description).builder;
  const weights = initialWeights(parameters, random);
  for (const values of weights.values())
    for (const [i, value] of values.entries()) values[i] = value + 0.05 * random.normal();
  return { description, weights, input: makeInput(description, random) };
}
