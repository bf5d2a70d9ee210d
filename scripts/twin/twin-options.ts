import path from 'node:path';
import { modalities } from '../../shared/imaging/study.ts';
import {
  encoderNames,
  measureNames,
  methodNames,
  publishedMeasures,
} from '../../shared/training/run-configuration.ts';
import { engineChoices, engineNames } from '../../shared/training/engine-names.ts';
import { recipeNames } from '../../shared/training/view-recipes.ts';
import { invalid, numberOf, oneOf, parseOptions, seedsOf, threadsOf } from './option-values.ts';
import { type TwinArm, twinPlan, type TwinPlan } from '../../trainer/twin/twin-plan.ts';

/** How arms are pre-trained where nothing else is asked for: what two cores can do. */
export const defaultRecipe: TwinPlan['recipe'] = {
  method: 'moco-v2',
  encoder: 'resnet-10',
  imageSide: 96,
  batchImages: 16,
  epochs: 100,
  warmupEpochs: 5,
  learningRate: 0.03,
  weightDecay: 1e-4,
  temperature: 0.2,
  queueLength: 64,
  keyMomentum: 0.99,
  baseMomentum: 0.99,
  recipe: 'demonstration',
  engine: 'automatic',
};

/** The arms that every twin run has. */
export const plainArm: TwinArm = {
  name: 'plain',
  gaze: null,
  shuffled: false,
  simulated: false,
  trained: true,
  describes: 'pre-training without gaze',
};

/** What the command is told. */
export type TwinCommand = {
  readonly plan: TwinPlan;
  readonly outFolder: string;
  readonly threads: number;
};

export const twinUsage = `npm run twin -- --images DIR --labels FILE --gaze FILE [--out DIR]
  --modality ${modalities.join('|')} (OT)   --measure ${measureNames.join('|')} (by modality)
  --rate SHARE (0.01) | --threshold SHARE   --px-per-degree N   --simulated   --shuffled
  --method ${methodNames.join('|')}   --encoder ${encoderNames.join('|')}
  --side N (96)   --batch N (16)   --epochs N (100)   --learning-rate N (0.03)   --queue N (64)   --views ${recipeNames.join('|')}
  --seeds N (3)   --test-share SHARE (0.3)   --threads N (2)   --engine automatic|${engineNames.join('|')}
The files are described in docs/twin-run.md.`;

/** The options whose values the plan checks, by the place of the value there. */
const optionsOf: Readonly<Record<string, string>> = {
  testShare: '--test-share',
  'recipe.imageSide': '--side',
  'recipe.batchImages': '--batch',
  'recipe.epochs': '--epochs',
  'recipe.learningRate': '--learning-rate',
  'recipe.queueLength': '--queue',
  'mining.pxPerDegree': '--px-per-degree',
};

/** Reads the options of the command. Throws StationError invalid-input. */
export function readTwinCommand(args: readonly string[]): TwinCommand {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const values = parseOptions(args, {
    images: text,
    labels: text,
    gaze: text,
    out: { ...text, default: 'twin-run' },
    modality: { ...text, default: 'OT' },
    measure: text,
    rate: text,
    threshold: text,
    'px-per-degree': text,
    simulated: flag,
    shuffled: flag,
    method: { ...text, default: defaultRecipe.method },
    encoder: { ...text, default: defaultRecipe.encoder },
    side: { ...text, default: String(defaultRecipe.imageSide) },
    batch: { ...text, default: String(defaultRecipe.batchImages) },
    epochs: { ...text, default: String(defaultRecipe.epochs) },
    'learning-rate': { ...text, default: String(defaultRecipe.learningRate) },
    queue: text,
    views: { ...text, default: defaultRecipe.recipe },
    seeds: { ...text, default: '3' },
    'test-share': { ...text, default: '0.3' },
    threads: { ...text, default: '2' },
    engine: { ...text, default: defaultRecipe.engine },
  });
  const { images, labels, gaze, simulated } = values;
  if (images === undefined || labels === undefined || gaze === undefined)
    throw invalid('options', '--images, --labels and --gaze are needed');
  if (values.rate !== undefined && values.threshold !== undefined)
    throw invalid('options', 'either --rate or --threshold');
  const modality = oneOf('--modality', modalities, values.modality);
  const measure = oneOf('--measure', measureNames, values.measure ?? publishedMeasures[modality]);
  const batchImages = numberOf('--batch', values.batch);
  const gazeArm: TwinArm = {
    name: 'gaze',
    gaze: path.resolve(gaze),
    shuffled: false,
    simulated,
    trained: true,
    describes: 'images that were looked at alike are positives',
  };
  const shuffledArm: TwinArm = {
    ...gazeArm,
    name: 'shuffled',
    shuffled: true,
    describes: 'control: each image has the gaze of another one',
  };
  const threads = threadsOf(values.threads);
  const degree = values['px-per-degree'];
  const epochs = numberOf('--epochs', values.epochs);
  const plan = twinPlan.safeParse({
    title: `Twin run of ${path.basename(images)}`,
    imageFolder: path.resolve(images),
    labelsFile: path.resolve(labels),
    arms: [plainArm, gazeArm, ...(values.shuffled ? [shuffledArm] : [])],
    seeds: seedsOf(values.seeds),
    testShare: numberOf('--test-share', values['test-share']),
    recipe: {
      ...defaultRecipe,
      method: oneOf('--method', methodNames, values.method),
      encoder: oneOf('--encoder', encoderNames, values.encoder),
      imageSide: numberOf('--side', values.side),
      recipe: oneOf('--views', recipeNames, values.views),
      engine: oneOf('--engine', engineChoices, values.engine),
      batchImages,
      epochs,
      warmupEpochs: Math.min(defaultRecipe.warmupEpochs, Math.floor(epochs / 10)),
      learningRate: numberOf('--learning-rate', values['learning-rate']),
      // The queue's length is a multiple of the batch.
      queueLength: values.queue === undefined ? 4 * batchImages : numberOf('--queue', values.queue),
    },
    mining: {
      modality,
      measure,
      rule:
        values.threshold === undefined
          ? { falsePositiveRate: numberOf('--rate', values.rate ?? '0.01', [0.0005, 0.5]) }
          : { fixed: numberOf('--threshold', values.threshold, [0, 1]) },
      readerPolicy: 'within',
      samePatientPairs: false,
      maxLostShare: 0.2,
      pxPerDegree: degree === undefined ? null : numberOf('--px-per-degree', degree),
      seed: 1,
    },
    remarks: [],
  });
  if (!plan.success) {
    const [first] = plan.error.issues;
    const place = first?.path.join('.') ?? 'options';
    throw invalid(optionsOf[place] ?? place, first?.message ?? 'check the options');
  }
  return { plan: plan.data, outFolder: path.resolve(values.out), threads };
}
