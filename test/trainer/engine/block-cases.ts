import { createRandom, type Random } from '../../../shared/random.ts';
import type { ParameterDescription } from '../../../trainer/backend.ts';
import { GraphBuilder, sizeOf } from '../../../trainer/engine/graph-builder.ts';
import type { BatchStatistics } from '../../../trainer/engine/layers.ts';
import { residualBlock, stem } from '../../../trainer/models/resnet.ts';

/** The stem of an encoder or one residual block, over a feature map (a stem: images) of this size. */
export type BlockShape = {
  readonly kind: 'stem' | 'basic' | 'bottleneck';
  readonly channels: number;
  readonly width: number;
  readonly stride: 1 | 2;
  readonly height: number;
  readonly columns: number;
  readonly batch: number;
};

/** One block with seeded weights, input and target: the loss is half the mean square of output minus target. */
export type BlockStep = {
  readonly shape: BlockShape;
  readonly outputShape: readonly number[];
  readonly parameters: readonly ParameterDescription[];
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly input: Float32Array;
  readonly target: Float32Array;
};

const spread = Math.sqrt(3);
/** Pixels and weights of a stem are multiples of these: its sums are exact in single precision in every order. */
const pixelSteps = 64;
const stemSteps = 8192;

/** Rounds in place to multiples of 1 / steps. */
function roundTo(values: Float32Array, steps: number): void {
  for (const [i, value] of values.entries()) values[i] = Math.round(value * steps) / steps;
}

/**
 * Makes the stem's convolution exact, so that no rounding decides which of two places of a pooling window is the
 * largest; which of two engines' sums is closer would else be left to chance.
 */
export function makeStemExact(
  images: Float32Array,
  weights: ReadonlyMap<string, Float32Array>,
): void {
  roundTo(images, pixelSteps);
  const weight = weights.get('conv1.weight');
  if (weight !== undefined) roundTo(weight, stemSteps);
}

/** By the name of a case: `kind-channels-width-stride-heightxcolumns-batch`. */
export function nameOf(shape: BlockShape): string {
  const { kind, channels, width, stride, height, columns, batch } = shape;
  return `${kind}-${channels}-${width}-s${stride}-${height}x${columns}-${batch}`;
}

const block = (
  kind: BlockShape['kind'],
  [channels, width]: readonly [number, number],
  stride: 1 | 2,
  size: number | readonly [number, number],
  batch: number,
): BlockShape => {
  const [height, columns] = typeof size === 'number' ? [size, size] : size;
  return { kind, channels, width, stride, height, columns, batch };
};

/** The blocks of ResNet-18 where a picture of 224 px meets them (64 px: 8 px), and its stem. */
const basicBlocks: readonly BlockShape[] = [
  block('stem', [3, 64], 2, 224, 1),
  block('stem', [3, 64], 2, [96, 64], 2),
  block('basic', [64, 64], 1, 56, 2),
  block('basic', [64, 128], 2, 56, 2),
  block('basic', [128, 128], 1, 28, 2),
  block('basic', [128, 256], 2, 28, 2),
  block('basic', [256, 256], 1, 14, 2),
  block('basic', [256, 512], 2, 14, 2),
  block('basic', [512, 512], 1, 7, 4),
  block('basic', [128, 128], 1, 8, 4),
];

/** Those of ResNet-50: a projection with and without stride, and none. */
const bottlenecks: readonly BlockShape[] = [
  block('bottleneck', [64, 64], 1, 56, 2),
  block('bottleneck', [256, 64], 1, 56, 1),
  block('bottleneck', [256, 128], 2, 56, 1),
  block('bottleneck', [512, 128], 1, 28, 2),
  block('bottleneck', [512, 256], 2, 28, 2),
  block('bottleneck', [1024, 256], 1, 14, 2),
  block('bottleneck', [1024, 512], 2, 14, 4),
  block('bottleneck', [2048, 512], 1, 7, 4),
  block('bottleneck', [512, 128], 1, [8, 12], 4),
];

/** Every kind of block at small sizes, for engines that are slow here. */
const smallBlocks: readonly BlockShape[] = [
  block('stem', [3, 32], 2, [64, 32], 1),
  block('basic', [32, 64], 2, 14, 1),
  block('basic', [32, 32], 1, 14, 1),
  block('bottleneck', [32, 32], 1, 8, 2),
  block('bottleneck', [128, 32], 1, 7, 2),
  block('bottleneck', [64, 32], 2, [8, 12], 2),
];

/** For an engine whose stem and basic blocks a whole small network tests. */
export const smallBottlenecks = smallBlocks.filter(({ kind }) => kind === 'bottleneck').map(nameOf);
/** For a slow engine. */
export const smallCases = smallBlocks.map(nameOf);
/** What an engine runs. */
export const everyCase = [...smallBlocks, ...basicBlocks, ...bottlenecks].map(nameOf);

/** The block of a case's name. */
export function shapeOf(name: string): BlockShape {
  const found = [...smallBlocks, ...basicBlocks, ...bottlenecks].find(
    (shape) => nameOf(shape) === name,
  );
  if (found === undefined) throw new Error(`There is no block ${name}.`);
  return found;
}

/** Weights and the shape of the output; weights of a block begin with `block.`. */
function describe(shape: BlockShape): Pick<BlockStep, 'parameters' | 'outputShape'> {
  const { kind, channels, width, stride, height, columns, batch } = shape;
  const g = new GraphBuilder();
  const norms: BatchStatistics[] = [];
  const x = g.input('input', [batch, channels, height, columns]);
  const y =
    kind === 'stem'
      ? stem(g, x, width, norms)
      : residualBlock(g, x, kind, { name: 'block', width, stride }, norms);
  return { parameters: g.parameters, outputShape: y.shape };
}

/** Far off 1 and 0 for norms, so that each of their terms matters. */
function makeWeight({ name, shape }: ParameterDescription, random: Random): Float32Array {
  const [out = 1, , height = 1, width = 1] = shape;
  const isVector = shape.length === 1;
  const middle = isVector && name.endsWith('weight') ? 1 : 0;
  const bound = isVector ? 0.5 : Math.sqrt(6 / (out * height * width));
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i += 1) values[i] = middle + bound * (2 * random.next() - 1);
  return values;
}

/** The step of a seed: a stem's input are images, a block's what a ReLU has let through. */
export function makeBlockStep(shape: BlockShape, seed: number): BlockStep {
  const { parameters, outputShape } = describe(shape);
  const random = createRandom(seed);
  const weights = new Map(parameters.map((each) => [each.name, makeWeight(each, random)]));
  const evenly = (length: number): Float32Array => {
    const values = new Float32Array(length);
    for (let i = 0; i < length; i += 1) values[i] = spread * (2 * random.next() - 1);
    return values;
  };
  const { kind, channels, height, columns, batch } = shape;
  const input = evenly(batch * channels * height * columns);
  if (kind === 'stem') makeStemExact(input, weights);
  else for (const [i, value] of input.entries()) input[i] = Math.max(0, value);
  return { shape, outputShape, parameters, weights, input, target: evenly(sizeOf(outputShape)) };
}
