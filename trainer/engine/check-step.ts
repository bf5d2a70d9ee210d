import { createRandom, type Random } from '../../shared/random.ts';
import type { StepDescription, StepInput } from '../backend.ts';
import { buildTrainingGraph } from './training-graph.ts';

/** A seeded training step: weights and input that every engine, and PyTorch, can be given alike. */
export type CheckStep = {
  readonly description: StepDescription;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly input: StepInput;
};

/** Share of the pairs beside the own one that are positive. */
const positiveShare = 0.15;
/** With a lift: weight of the last batch norm of a block, so that depth does not spread the units again. */
const branchWeight = 0.1;
/** Pixels lie evenly in +-spread: deviation 1. */
const spread = Math.sqrt(3);
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

function makeInput(
  { model, loss, batchImages: n }: StepDescription,
  random: Random,
  lift: number,
): StepInput {
  const evenly = (length: number): Float32Array => {
    const values = new Float32Array(length);
    for (let i = 0; i < length; i += 1) values[i] = spread * (2 * random.next() - 1);
    return values;
  };
  const d = model.projector.lengths.at(-1) ?? 0;
  const pixels = model.imageHeight * model.imageWidth;
  const images = (): Float32Array => {
    const values = evenly(n * 3 * pixels);
    if (lift === 0) return values;
    // Of mere noise the larger images have the more equal means, and gradients are what is left of their difference.
    for (let start = 0; start < values.length; start += pixels) {
      const offset = spread * (2 * random.next() - 1);
      for (let i = start; i < start + pixels; i += 1) values[i] = (values[i] ?? 0) + offset;
    }
    return values;
  };
  const view1 = images();
  const nothing = (): boolean => false;
  const same = (row: number, column: number): boolean => row === column;
  const units = (rows: number): Float32Array => unitRows(evenly(rows * d), d);
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
        view2: images(),
        positives: positivePairs(random, n, n, same, nothing),
      };
    case 'byol':
      return {
        kind: loss.kind,
        view1,
        view2: images(),
        positives: positivePairs(random, n, n, same, nothing),
        target1: units(n),
        target2: units(n),
      };
    case 'simclr': {
      const other = (row: number, column: number): boolean => Math.abs(row - column) === n;
      const positives = positivePairs(random, 2 * n, 2 * n, other, same);
      return { kind: loss.kind, view1, view2: images(), positives };
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

/** The last batch norm of a residual block: its output is added to a shortcut. */
function isLastOfBlock(name: string, names: ReadonlySet<string>): boolean {
  const { block, place } = /^(?<block>layer\d+\.\d+)\.bn(?<place>\d)/u.exec(name)?.groups ?? {};
  return place === (names.has(`${block}.conv3.weight`) ? '3' : '2');
}

/** Weights of the usual sizes, quickly drawn; those of norms and biases off 1 and 0, so that their gradients matter. */
function makeWeights(
  description: StepDescription,
  random: Random,
  lift: number,
): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  const { parameters } = buildTrainingGraph(description).builder;
  const names = new Set(parameters.map(({ name }) => name));
  const norms = new Set<string>();
  for (const { name, shape } of parameters) {
    const [out = 1, inputs = 1, height = 1, width = 1] = shape;
    const values = new Float32Array(out * (shape.length > 1 ? inputs : 1) * height * width);
    const isVector = shape.length === 1;
    const isLast = lift > 0 && isLastOfBlock(name, names);
    let middle = 0;
    if (isVector && name.endsWith('weight')) {
      norms.add(name.replace(/weight$/u, 'bias'));
      middle = isLast ? branchWeight : 1;
    } else if (norms.has(name) && !isLast) middle = lift;
    const fan = (shape.length === 4 ? out : inputs) * height * width;
    const bound = isVector ? 0.1 : Math.sqrt(6 / fan);
    for (let i = 0; i < values.length; i += 1) values[i] = middle + bound * (2 * random.next() - 1);
    weights.set(name, values);
  }
  return weights;
}

/**
 * The step of a seed. `lift` is added to every norm's bias: from 3 on hardly any unit lies so near zero that rounding
 * decides on which side of a ReLU it falls. With large images some unit always does, and moves gradients by a hundredth.
 * With a lift the channels of each image have an offset of their own as well.
 */
export function makeCheckStep(seed: number, description: StepDescription, lift = 0): CheckStep {
  const random = createRandom(seed);
  const weights = makeWeights(description, random, lift);
  return { description, weights, input: makeInput(description, random, lift) };
}
