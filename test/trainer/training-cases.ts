import { createRandom, type Random, shuffle } from '../../shared/random.ts';
import {
  demonstrationConfiguration,
  methodNames,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import type { TrainEngine } from '../../trainer/backend.ts';
import type { Checkpoint } from '../../trainer/checkpoint.ts';
import { stepsPerEpoch } from '../../trainer/data/batches.ts';
import type { AreAlike, ViewPair } from '../../trainer/methods/method.ts';
import { describeStep } from '../../trainer/models/describe-model.ts';
import type { Layer } from '../../trainer/reference/layers.ts';
import { createTinyEngine, type TinyModel } from './tiny-engine.ts';

/** A short training of a tiny model. */
export type TrainingCase = { readonly name: string; readonly configuration: RunConfiguration };

const imageLength = 4;
/** Two images of an epoch do not fill a batch. */
const imageIds = Array.from({ length: 26 }, (_, i) => i + 1);
export const images = imageIds.length;

const base: RunConfiguration = {
  ...demonstrationConfiguration,
  batchImages: 6,
  epochs: 3,
  warmupEpochs: 1,
  // No whole number of epochs: the next slot is another after each of them.
  queueLength: 18,
  keyMomentum: 0.9,
  baseMomentum: 0.9,
  seed: 5,
};

const pairings = [
  { pairs: 'plain', useGaze: false, dropProbability: 0, ownKeys: 'positive' },
  { pairs: 'gaze positives', useGaze: true, dropProbability: 0, ownKeys: 'negative' },
  { pairs: 'half of the pairs dropped', useGaze: true, dropProbability: 0.5, ownKeys: 'left-out' },
] as const;

const optimizers = [
  { optimizer: { kind: 'sgd', momentum: 0.9 }, learningRate: 0.05, weightDecay: 1e-3 },
  {
    optimizer: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8 },
    learningRate: 0.01,
    weightDecay: 0.05,
  },
  {
    optimizer: { kind: 'lars', momentum: 0.9, eta: 0.02, epsilon: 1e-8 },
    learningRate: 0.5,
    weightDecay: 0.01,
  },
] as const;

/** Every method with every kind of pairs and every optimiser, with accumulation across the end of an epoch and without. */
const everyCase: readonly TrainingCase[] = methodNames.flatMap((method) =>
  pairings.flatMap(({ pairs, ...gaze }) =>
    optimizers.flatMap((chosen) =>
      [1, 3].map((accumulation) => ({
        name: `${method}, ${pairs}, ${chosen.optimizer.kind}, accumulation ${accumulation}`,
        configuration: { ...base, method, ...gaze, ...chosen, accumulation },
      })),
    ),
  ),
);

/** The same of SimSiam with a predictor whose learning rate does not fall, under every optimiser. */
const fixedRates: readonly TrainingCase[] = optimizers.map((chosen) => ({
  name: `simsiam, fixed rate of the predictor, ${chosen.optimizer.kind}`,
  configuration: { ...base, method: 'simsiam', ...chosen, fixedPredictorRate: true },
}));

export const trainingCases: readonly TrainingCase[] = [...everyCase, ...fixedRates];

/** Images looked at alike: a third of the pairs. */
export const alike: AreAlike = (a, b) => (a + b) % 3 === 0;

/** A linear encoder with a head under a prefix. */
export const encoderLayers = (prefix: string): readonly Layer[] => [
  { kind: 'linear', name: `${prefix}.f` },
  { kind: 'linear', name: `${prefix}.fc0` },
  { kind: 'batch-norm', name: `${prefix}.bn0` },
  { kind: 'relu' },
  { kind: 'linear', name: `${prefix}.fc1` },
];

export const predictorLayers: readonly Layer[] = [
  { kind: 'linear', name: 'predictor.fc0' },
  { kind: 'batch-norm', name: 'predictor.bn0' },
  { kind: 'relu' },
  { kind: 'linear', name: 'predictor.fc1' },
];

const hasPredictor = ({ method }: RunConfiguration): boolean =>
  method === 'byol' || method === 'simsiam';

const modelOf = (configuration: RunConfiguration): TinyModel => ({
  encoder: encoderLayers('encoder'),
  predictor: hasPredictor(configuration) ? predictorLayers : [],
});

function drawBlock(
  weights: Map<string, Float32Array>,
  prefix: string,
  [inputs, hidden, outputs]: readonly [number, number, number],
  random: Random,
): void {
  const draw = (name: string, length: number): void => {
    weights.set(
      `${prefix}.${name}`,
      Float32Array.from({ length }, () => random.normal() / 2),
    );
  };
  draw('fc0.weight', hidden * inputs);
  draw('fc0.bias', hidden);
  draw('bn0.weight', hidden);
  draw('bn0.bias', hidden);
  draw('fc1.weight', outputs * hidden);
}

/** Length of the projections. MoCo's queue is as wide as those of the configuration's encoder, so its model is too. */
export function outputsOf(configuration: RunConfiguration): number {
  const { lengths } = describeStep(configuration).model.projector;
  return configuration.method === 'moco-v2' ? (lengths.at(-1) ?? 0) : 6;
}

/** Seeded weights at the start. */
export function drawWeights(configuration: RunConfiguration): Map<string, Float32Array> {
  const random = createRandom(configuration.seed);
  const outputs = outputsOf(configuration);
  const draw = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.normal() / 2);
  const weights = new Map([
    ['encoder.f.weight', draw(5 * imageLength)],
    ['encoder.f.bias', draw(5)],
  ]);
  drawBlock(weights, 'encoder', [5, 12, outputs], random);
  if (hasPredictor(configuration)) drawBlock(weights, 'predictor', [outputs, 8, outputs], random);
  return weights;
}

/** Running statistics at the start, of every batch norm. */
export function startStatistics(
  weights: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const statistics = new Map<string, Float32Array>();
  for (const [name, { length }] of weights) {
    if (!name.endsWith('bn0.weight')) continue;
    statistics.set(name.replace('weight', 'running_mean'), new Float32Array(length));
    statistics.set(name.replace('weight', 'running_var'), new Float32Array(length).fill(1));
  }
  return statistics;
}

/** The engine of a case, new or with the weights and statistics of a checkpoint. */
export function openEngine(configuration: RunConfiguration, restored?: Checkpoint): TrainEngine {
  const weights = new Map(restored?.weights ?? drawWeights(configuration));
  const statistics = restored?.statistics ?? startStatistics(weights);
  const { loss } = describeStep(configuration);
  const { batchImages } = configuration;
  return createTinyEngine({
    model: modelOf(configuration),
    loss,
    batchImages,
    imageLength,
    weights,
    statistics,
  });
}

/** Batches of random views from an epoch on; those of an epoch depend on seed and epoch alone. */
export async function* batchesFrom(
  { seed, batchImages, epochs }: RunConfiguration,
  firstEpoch: number,
): AsyncGenerator<ViewPair> {
  for (let epoch = firstEpoch; epoch < epochs; epoch += 1) {
    const random = createRandom(100 * seed + epoch);
    const order = shuffle(imageIds, random);
    const draw = (): Float32Array =>
      Float32Array.from({ length: batchImages * imageLength }, () => random.normal());
    for (let step = 0; step < stepsPerEpoch(images, batchImages); step += 1) {
      const batch = order.slice(step * batchImages, (step + 1) * batchImages);
      yield await Promise.resolve({ imageIds: batch, view1: draw(), view2: draw() });
    }
  }
}
