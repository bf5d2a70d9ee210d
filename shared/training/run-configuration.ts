import { z } from 'zod';
import type { Modality } from '../imaging/study.ts';
import { engineChoices } from './engine-names.ts';
import { imageStep } from './image-size.ts';
import { initialWeightsChoice } from './initial-weights.ts';
import { recipeNames } from './view-recipes.ts';

/** Residual encoders. `resnet-10` has one basic block a stage, widths halved: for trials. */
export const resnetNames = [
  'resnet-10',
  'resnet-18',
  'resnet-26',
  'resnet-34',
  'resnet-50',
  'resnet-101',
] as const;
/** Encoders that a run can pre-train; `vit-s` is timm's vit_small_patch16_224. */
export const encoderNames = [...resnetNames, 'vit-s'] as const;
export const methodNames = ['simsiam', 'moco-v2', 'byol', 'simclr'] as const;
export const measureNames = [
  'difference-hash',
  'multimatch',
  'hu-moments',
  'tima',
  'heatmap-cosine',
  'heatmap-correlation',
] as const;
export type ResnetName = (typeof resnetNames)[number];
export type EncoderName = (typeof encoderNames)[number];
export type MethodName = (typeof methodNames)[number];
export type MeasureName = (typeof measureNames)[number];

/** Where the positives of the loss come from: one measure, or the one that suits each modality. */
export const positiveSources = [...measureNames, 'by-modality'] as const;
export type PositiveSource = (typeof positiveSources)[number];

/**
 * The paper's preset: heat-map measures for structured images, where what lies where is known (fundus
 * photographs), scanpath measures for unstructured ones (mammograms).
 */
export const publishedMeasures: Readonly<Record<Modality, MeasureName>> = {
  MG: 'multimatch',
  OP: 'difference-hash',
  OT: 'multimatch',
};

/** Fixed thresholds as published (mammography); the two plain measures have none and stand at 0.7. */
export const publishedThresholds: Readonly<Record<MeasureName, number>> = {
  'difference-hash': 0.7,
  multimatch: 0.7,
  'hu-moments': 0.95,
  tima: 0.95,
  'heatmap-cosine': 0.7,
  'heatmap-correlation': 0.7,
};

/** Whose readings are compared with each other. */
export const readerPolicies = ['within', 'across'] as const;
export type ReaderPolicy = (typeof readerPolicies)[number];

/** A measure for each modality. */
export const measureByModality = z.object({
  MG: z.enum(measureNames),
  OP: z.enum(measureNames),
  OT: z.enum(measureNames),
});

const threshold = z.number().min(0).max(1);

const notMultiple = `a side must be a multiple of ${imageStep} pixels`;

/** The optimiser without learning rate and weight decay, which every one has. */
const optimizer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sgd'), momentum: threshold }),
  z.object({
    kind: z.literal('adamw'),
    betas: z.tuple([threshold, threshold]).readonly(),
    epsilon: z.number().positive(),
  }),
  z.object({
    kind: z.literal('lars'),
    momentum: threshold,
    eta: z.number().positive(),
    epsilon: z.number().positive(),
  }),
]);

/** Everything that decides a run's result beside the snapshot of the database and the code's version. */
export const runConfiguration = z.object({
  /** Measures to mine by; `positivesFrom` is mined by in any case. */
  measures: z.array(z.enum(measureNames)).default(['difference-hash', 'multimatch']),
  /** Fixed thresholds: a pair is stored where relation > threshold. */
  thresholds: z.object({
    'difference-hash': threshold,
    multimatch: threshold,
    'hu-moments': threshold.default(publishedThresholds['hu-moments']),
    tima: threshold.default(publishedThresholds.tima),
    'heatmap-cosine': threshold.default(publishedThresholds['heatmap-cosine']),
    'heatmap-correlation': threshold.default(publishedThresholds['heatmap-correlation']),
  }),
  /**
   * Set: the thresholds are taken from chance instead, so that this share of the pairs put together by
   * chance is above them, for each measure and kind of image.
   */
  falsePositiveRate: z.number().min(0.0005).max(0.5).nullable().default(null),
  /** Quality gate: a reading of which a larger share of the samples is lost is not mined. */
  maxLostShare: z.number().min(0).max(1).default(0.2),
  /** True: the run ends after mining, without pre-training. */
  mineOnly: z.boolean(),
  /** True: a run that only mines leaves test patients out, as a run that trains does in any case. */
  holdOutTest: z.boolean().default(false),
  /** The measure whose pairs are the positives of the loss. */
  positivesFrom: z.enum(positiveSources),
  /** The measure of each modality, for positives by modality. */
  measureByModality: measureByModality.default(publishedMeasures),
  /** `within`: only readings of one reader are compared; `across`: of all, standardised for each reader. */
  readerPolicy: z.enum(readerPolicies).default('within'),
  /** Whether two images of one patient may be a pair. */
  samePatientPairs: z.boolean().default(false),
  /** False: the same run without gaze, for comparison. */
  useGaze: z.boolean(),
  method: z.enum(methodNames),
  encoder: z.enum(encoderNames),
  initialWeights: initialWeightsChoice.default({ from: 'random' }),
  /** The published configuration that the run follows: its heads are taken from it; null: the station's own. */
  presetName: z.string().nullable().default(null),
  /** Pixels; a multiple of 32. The height where `imageWidth` is set. */
  imageSide: z.number().int().min(32).max(512).multipleOf(imageStep, notMultiple),
  /** Pixels; a multiple of 32; null: as high as wide. */
  imageWidth: z
    .number()
    .int()
    .min(32)
    .max(1024)
    .multipleOf(imageStep, notMultiple)
    .nullable()
    .default(null),
  /** How the two views of an image are made. */
  recipe: z.enum(recipeNames).default('demonstration'),
  batchImages: z.number().int().min(2).max(64),
  epochs: z.number().int().min(1).max(1000),
  warmupEpochs: z.number().int().min(0).max(100),
  learningRate: z.number().positive().max(10),
  weightDecay: z.number().min(0).max(1),
  optimizer: optimizer.default({ kind: 'sgd', momentum: 0.9 }),
  /** Iterations for one step of the optimiser. */
  accumulation: z.number().int().min(1).max(64).default(1),
  /** Share of the pairs that are dropped at random in each batch (GzPT); 0 keeps all. */
  dropProbability: z.number().min(0).max(1).default(0),
  /** BYOL: the target's momentum at the start; it rises to 1. */
  baseMomentum: z.number().min(0).max(1).default(0.99),
  /** SimSiam: the predictor keeps its first learning rate (Chen and He 2021, 4.2); the rest follows the schedule. */
  fixedPredictorRate: z.boolean().default(false),
  /** MoCo v2: what earlier keys of the same image are. */
  ownKeys: z.enum(['positive', 'negative', 'left-out']).default('positive'),
  /** MoCo v2 and SimCLR. */
  temperature: z.number().positive().max(10),
  /** MoCo v2 only; a multiple of `batchImages`. */
  queueLength: z.number().int().min(1).max(65536),
  keyMomentum: z.number().min(0).max(1),
  /** Epochs by which a copy of the encoder is fine-tuned when it is judged; 0: it is not. */
  fineTuneEpochs: z.number().int().min(0).max(200).default(0),
  /** What computes the steps: the fastest engine that passes its check, or one by name. */
  engine: z.enum(engineChoices).default('automatic'),
  seed: z.number().int().min(0).max(0xffffffff),
  /** Only studies of this modality; null: every modality, each mined by itself. */
  modality: z.enum(['MG', 'OP', 'OT']).nullable(),
  /** Whether readings made by a program (demonstration, pointer) may be mined. */
  includeSimulated: z.boolean(),
});

export type RunConfiguration = z.infer<typeof runConfiguration>;

/** Measures that a run mines by, in the order of `measureNames`. */
export function minedMeasures({
  measures,
  positivesFrom,
  measureByModality,
}: Pick<
  RunConfiguration,
  'measures' | 'positivesFrom' | 'measureByModality'
>): readonly MeasureName[] {
  const positives: readonly MeasureName[] =
    positivesFrom === 'by-modality' ? Object.values(measureByModality) : [positivesFrom];
  return measureNames.filter((name) => positives.includes(name) || measures.includes(name));
}

/** A small run that ends within a minute or two on two cores with the demonstration library. */
export const demonstrationConfiguration: RunConfiguration = {
  measures: ['difference-hash', 'multimatch'],
  thresholds: publishedThresholds,
  // From chance: above the published 0.7 lie 41 % of the demonstration library's pairs by MultiMatch.
  falsePositiveRate: 0.05,
  maxLostShare: 0.2,
  mineOnly: false,
  holdOutTest: false,
  positivesFrom: 'multimatch',
  measureByModality: publishedMeasures,
  readerPolicy: 'within',
  samePatientPairs: false,
  useGaze: true,
  method: 'simsiam',
  encoder: 'resnet-10',
  initialWeights: { from: 'random' },
  presetName: null,
  imageSide: 64,
  imageWidth: null,
  recipe: 'demonstration',
  batchImages: 8,
  epochs: 10,
  warmupEpochs: 1,
  learningRate: 0.05,
  weightDecay: 1e-4,
  optimizer: { kind: 'sgd', momentum: 0.9 },
  accumulation: 1,
  dropProbability: 0,
  baseMomentum: 0.99,
  fixedPredictorRate: false,
  ownKeys: 'positive',
  temperature: 0.2,
  queueLength: 64,
  fineTuneEpochs: 0,
  keyMomentum: 0.99,
  engine: 'automatic',
  seed: 1,
  modality: null,
  includeSimulated: true,
};
