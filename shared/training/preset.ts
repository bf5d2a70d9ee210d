import { z } from 'zod';
import { findContradictions } from './contradictions.ts';

/** Data sets of the published configurations; `oai`: knee radiographs of the Osteoarthritis Initiative. */
export const presetDataSets = ['mammo', 'dental', 'oai'] as const;

/** Encoders of the published configurations with the length of their features. */
export const presetFeatures = { 'resnet-18': 512, 'resnet-50': 2048, 'resnet-101': 2048 } as const;

const positive = z.number().int().min(1);
const share = z.number().min(0).max(1);
const dataSet = z.enum(presetDataSets);
const encoder = z.enum(['resnet-18', 'resnet-50', 'resnet-101']);

/** Linear layers with ReLU between them, behind the encoder's pooling or behind another head. */
const head = z.strictObject({
  /** From the input to the output. */
  lengths: z.array(positive).min(2),
  /** After which linear layers a batch norm stands: none, all but the last, all. */
  batchNorm: z.enum(['none', 'hidden', 'all']),
  /** Whether a batch norm behind the last layer has weight and bias. */
  lastAffine: z.boolean(),
  hiddenBias: z.boolean(),
  lastBias: z.boolean(),
});

const gazeRelation = { dataSet, threshold: share };
const half = z.strictObject({ hu: share, mu: share });
/** Where the positives come from: one measure over one data set, positive where relation > threshold. */
const relation = z.discriminatedUnion('measure', [
  z.strictObject({
    measure: z.literal('multimatch'),
    /** Of shape, direction, length, position and duration. */
    weights: z.tuple([share, share, share, share, share]).readonly(),
    ...gazeRelation,
  }),
  z.strictObject({ measure: z.literal('hu-moments'), weights: half, ...gazeRelation }),
  z.strictObject({ measure: z.literal('tima'), weights: half, ...gazeRelation }),
]);

const method = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('moco'),
    neck: head,
    temperature: z.number().positive(),
    queueLength: positive,
    keyMomentum: share,
    /** What earlier keys of the same image are. */
    ownKeys: z.enum(['positive', 'negative', 'left-out']),
  }),
  z.strictObject({
    kind: z.literal('byol'),
    neck: head,
    predictor: head,
    /** The target's momentum at the start; it rises to 1. */
    baseMomentum: share,
  }),
  z.strictObject({
    kind: z.literal('simsiam'),
    neck: head,
    predictor: head,
    /** True: the predictor's learning rate does not fall. */
    fixedPredictorRate: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('simclr'), neck: head, temperature: z.number().positive() }),
]);

const rates = { learningRate: z.number().positive(), weightDecay: share };
const optimizer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), momentum: share, ...rates }),
  z.strictObject({
    kind: z.literal('adamw'),
    betas: z.tuple([share, share]).readonly(),
    epsilon: z.number().positive(),
    ...rates,
  }),
  z.strictObject({
    kind: z.literal('lars'),
    momentum: share,
    eta: z.number().positive(),
    epsilon: z.number().positive(),
    ...rates,
  }),
]);

const fields = z.strictObject({
  /** data set, method, variant, encoder: `mammo-byol-mcgip-r50`. */
  name: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)+$/u),
  dataSet,
  /** null: plain, without gaze. */
  relation: relation.nullable(),
  /** Share of the pairs that GzPT drops at random; 0 keeps all. */
  dropProbability: share,
  method,
  encoder,
  initialWeights: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('imagenet'), encoder }),
    z.strictObject({ from: z.literal('random') }),
  ]),
  batchImages: positive,
  /** Iterations for one step of the optimiser. */
  accumulation: positive,
  /** Whether images that do not fill a batch are left out of an epoch. */
  dropLast: z.boolean(),
  optimizer,
  warmupEpochs: z.number().int().min(0),
  epochs: positive,
  /** Whose recipe makes the views. */
  augmentation: dataSet,
  /** Pixels of a view. */
  imageHeight: positive,
  imageWidth: positive,
  /** What the release does otherwise, in sentences; ours is what the fields say. */
  departures: z.array(z.string()),
  /** Fields that the release's table does not state, by path (`method.predictor`); the values are assumed. */
  inferred: z.array(z.string()),
});

type Fields = z.infer<typeof fields>;

/** Sentences on what does not fit together. */
function listContradictions(preset: Fields): string[] {
  const { method: its, relation: gaze, initialWeights: initial } = preset;
  const found: string[] = [];
  const check = (fits: boolean, sentence: string): void => {
    if (!fits) found.push(sentence);
  };
  const output = its.neck.lengths.at(-1);
  const short = preset.encoder.replace('resnet-', 'r');
  check(
    preset.name.startsWith(`${preset.dataSet}-${its.kind}-`) &&
      preset.name.split('-').includes(short),
    'The name does not begin with data set and method, or lacks the encoder.',
  );
  check(
    its.neck.lengths[0] === presetFeatures[preset.encoder],
    `The neck does not take the features of ${preset.encoder}.`,
  );
  if ('predictor' in its)
    check(
      its.predictor.lengths[0] === output && its.predictor.lengths.at(-1) === output,
      "The predictor does not go from the neck's output to its like.",
    );
  check(
    gaze === null || gaze.dataSet === preset.dataSet,
    'The relation is of another data set than the images.',
  );
  check(gaze !== null || preset.dropProbability === 0, 'Without gaze there is no pair to drop.');
  check(
    initial.from === 'random' || initial.encoder === preset.encoder,
    'The initial weights are of another encoder.',
  );
  const asked =
    its.kind === 'moco'
      ? { ...preset, method: 'moco-v2' as const, queueLength: its.queueLength }
      : { ...preset, method: its.kind, queueLength: 0 };
  for (const { field, problem } of findContradictions(asked)) found.push(`${field}: ${problem}.`);
  check(preset.augmentation === preset.dataSet, 'The views are made for another data set.');
  return found;
}

const schema = fields.superRefine((preset, context) => {
  for (const message of listContradictions(preset)) context.addIssue({ code: 'custom', message });
});

/** A whole configuration of pre-training by name: everything but images, seed and threads. */
export type Preset = Fields;
export type PresetHead = Preset['method']['neck'];
export type PresetRelation = NonNullable<Preset['relation']>;
export type PresetOptimizer = Preset['optimizer'];

/**
 * A preset from outside. Throws (ZodError) naming every option that is unknown (`p`, which is called `dropProbability`),
 * missing or wrong, and every contradiction between them.
 */
export const parsePreset = (value: unknown): Preset => schema.parse(value);

/** The same preset without gaze: batches, optimiser, rate, epochs and views are shared, only the pairs are gone. */
export const twinWithoutGaze = (preset: Preset): Preset => ({
  ...preset,
  name: `${preset.name}-without-gaze`,
  relation: null,
  dropProbability: 0,
});
