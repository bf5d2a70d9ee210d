import { momentWeights } from '../gaze/similarity/hu-moments.ts';
import { multimatchWeights } from '../gaze/similarity/multimatch.ts';
import { stationTima } from '../gaze/similarity/tima.ts';
import {
  type Preset,
  presetFeatures,
  type PresetHead,
  type PresetOptimizer,
  type PresetRelation,
} from './preset.ts';

type DataSet = Preset['dataSet'];
export type PresetEncoder = Preset['encoder'];

/** AdamW as in all configurations (mcgip section 8). */
export const adamw = (learningRate: number, weightDecay = 1e-6): PresetOptimizer => ({
  kind: 'adamw',
  learningRate,
  weightDecay,
  betas: [0.9, 0.95],
  epsilon: 1e-8,
});

/** LARS as in all configurations. */
export const lars = (learningRate: number, weightDecay: number): PresetOptimizer => ({
  kind: 'lars',
  learningRate,
  weightDecay,
  momentum: 0.9,
  eta: 0.001,
  epsilon: 1e-8,
});

/** MultiMatch's five similarities with the published weights. */
export const multimatch = (dataSet: DataSet, threshold: number): PresetRelation => ({
  measure: 'multimatch',
  weights: multimatchWeights.published,
  dataSet,
  threshold,
});

/** Moments of the dental maps. */
export const dentalMoments = (threshold: number): PresetRelation => ({
  measure: 'hu-moments',
  weights: momentWeights.dental,
  dataSet: 'dental',
  threshold,
});

/** Temporal image moments, the measure of GzPT. */
export const tima = (dataSet: DataSet, threshold: number): PresetRelation => ({
  measure: 'tima',
  weights: stationTima.weights,
  dataSet,
  threshold,
});

/** A head with batch norm behind its hidden layers; a bias everywhere but in the last layer. */
export const head = (...lengths: number[]): PresetHead => ({
  lengths,
  batchNorm: 'hidden',
  lastAffine: true,
  hiddenBias: true,
  lastBias: false,
});

/** MoCo: two layers with biases and no batch norm; the hidden one is as long as the features. */
export const moco = (
  encoder: PresetEncoder,
  dimension: number,
  queueLength: number,
): Preset['method'] => {
  const features = presetFeatures[encoder];
  const neck = { ...head(features, features, dimension), lastBias: true };
  return {
    kind: 'moco',
    neck: { ...neck, batchNorm: 'none' },
    temperature: 0.2,
    queueLength,
    keyMomentum: 0.999,
    ownKeys: 'positive',
  };
};

/** Hidden layers of the latent methods' necks: 4096, or 1024 behind ResNet-18. */
const latentNeck = (encoder: PresetEncoder): PresetHead => {
  const features = presetFeatures[encoder];
  return head(features, features === 512 ? 1024 : 4096, 256);
};

export const byol = (encoder: PresetEncoder): Preset['method'] => ({
  kind: 'byol',
  neck: latentNeck(encoder),
  predictor: head(256, 4096, 256),
  baseMomentum: 0.99,
});

export const simsiam = (encoder: PresetEncoder): Preset['method'] => ({
  kind: 'simsiam',
  neck: latentNeck(encoder),
  predictor: head(256, 4096, 256),
  fixedPredictorRate: false,
});

/** A departure of the release: its SimSiam is none. */
export const byolForSimsiam =
  'The release calls BYOL with a base momentum of 0, which rises to 1, SimSiam; this is SimSiam.';

/** Side lengths of a view (mcgip section 9, augmentation). */
const views = {
  mammo: { imageHeight: 224, imageWidth: 224 },
  dental: { imageHeight: 300, imageWidth: 600 },
  oai: { imageHeight: 224, imageWidth: 224 },
} as const;

/** What every configuration of a data set has; a line of the table says the rest. */
export const base = (
  dataSet: DataSet,
  encoder: PresetEncoder,
): Pick<
  Preset,
  | 'dataSet'
  | 'encoder'
  | 'initialWeights'
  | 'augmentation'
  | 'imageHeight'
  | 'imageWidth'
  | 'dropProbability'
  | 'accumulation'
  | 'dropLast'
  | 'departures'
  | 'inferred'
> => ({
  dataSet,
  encoder,
  initialWeights: { from: 'imagenet', encoder },
  augmentation: dataSet,
  ...views[dataSet],
  dropProbability: 0,
  accumulation: 1,
  dropLast: false,
  departures: [],
  inferred: [],
});
