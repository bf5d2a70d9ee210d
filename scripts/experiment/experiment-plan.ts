import { createHash } from 'node:crypto';
import path from 'node:path';
import { publishedMeasures } from '../../shared/training/run-configuration.ts';
import { fullWindow } from '../../trainer/data/decoded-image.ts';
import { storageName, writeEntry } from '../../trainer/data/image-cache.ts';
import { recipes } from '../../trainer/data/recipes.ts';
import { storeImage } from '../../trainer/data/stored-image.ts';
import { trainArm } from '../../trainer/twin/train-arm.ts';
import type { TwinArm, TwinPlan } from '../../trainer/twin/twin-plan.ts';
import { splitByPatient } from '../../trainer/twin/split-patients.ts';
import { defaultRecipe, plainArm } from '../twin/twin-options.ts';
import { type ExperimentFiles, simulatedArms } from './experiment-files.ts';
import type { MarkedSet } from './marked-set.ts';
import { searchModel } from './simulated-search.ts';

/** Small sets: two patients of five are the test part, so that there are cases enough to judge by. */
export const testShare = 0.4;

/**
 * How arms are pre-trained: chosen by runs without gaze alone, on training images alone (docs/twin-run.md). Views
 * without colour jitter are the only ones tried with which a plain run beats random weights by nearest neighbours.
 */
export const experimentRecipe: TwinPlan['recipe'] = { ...defaultRecipe, recipe: 'oai' };

/**
 * Share of pairs put together by chance that counts as alike. At 5 % every image has three positives for each of its
 * own in the queue, and embeddings are nearly alike whatever the gaze.
 */
const falsePositiveRate = 0.01;

const untrainedArm: TwinArm = {
  ...plainArm,
  name: 'untrained',
  trained: false,
  describes:
    'the encoder with random weights, not pre-trained at all: what the probes reach without it',
};

/** Every arm of the experiment, the baseline first. */
export function armsOf({ gazeFiles }: ExperimentFiles): TwinArm[] {
  const simulated = simulatedArms.map(({ name, shuffled, describes }) => ({
    name,
    gaze: gazeFiles.get(shuffled ? 'gaze' : name) ?? null,
    shuffled,
    simulated: true,
    trained: true,
    describes,
  }));
  return [plainArm, ...simulated, untrainedArm];
}

/** Images of a set that train. */
export const trainingImages = ({ images }: MarkedSet): number =>
  splitByPatient(images, testShare).train.length;

/** Steps of an epoch over all arms and seeds of the sets. */
export function stepsOfEpoch(sets: readonly MarkedSet[], batch: number, seeds: number): number {
  const trainedArms = simulatedArms.length + 1;
  return sets.reduce(
    (sum, set) => sum + Math.floor(trainingImages(set) / batch) * trainedArms * seeds,
    0,
  );
}

/** Side of the picture that a step is timed on, in image sides. */
const madeUpTimes = 8;

/**
 * Milliseconds of a step, the median of a few on this machine as it is now. The picture is made up, in colour and larger
 * than any recipe keeps it, since views of a small grey one are made much sooner; it goes into a folder.
 */
export async function measureStepMs(
  recipe: TwinPlan['recipe'],
  threads: number,
  folder: string,
): Promise<number> {
  const { imageSide: side, batchImages } = recipe;
  const format = { recipe: recipe.recipe, height: side, width: side };
  const prepared = path.join(folder, storageName(format));
  const sha256 = createHash('sha256').update('made up').digest('hex');
  const pictureSide = madeUpTimes * side;
  const decoded = {
    width: pictureSide,
    height: pictureSide,
    channels: 3,
    values: Uint8Array.from({ length: 3 * pictureSide ** 2 }, (_, i) => i % 251),
    window: fullWindow(0, 255),
    inverted: false,
  } as const;
  writeEntry(prepared, sha256, storeImage(decoded, recipes[recipe.recipe], side, side));
  const images = Array.from({ length: batchImages }, (_, k) => ({
    imageId: k + 1,
    sha256,
    laterality: null,
  }));
  const times: number[] = [];
  let lastMs = performance.now();
  await trainArm({
    recipe: { ...recipe, epochs: 12, warmupEpochs: 0, learningRate: 1e-6 },
    trained: true,
    cache: { folder: prepared, format, images },
    alike: undefined,
    seed: 1,
    threads,
    checksFolder: folder,
    nowMs: () => performance.now(),
    beforeStep: () => Promise.resolve(),
    onStep: () => {
      times.push(performance.now() - lastMs);
      lastMs = performance.now();
    },
  });
  // The first ones make the engine warm.
  const warm = times.slice(2).toSorted((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)] ?? 0;
}

const remarks = (set: MarkedSet): string[] => [
  `**Circularity.** The SIMULATED gaze is made from the lesion marks, and the label (${set.labelMeans}) says whether there are any. The gaze therefore carries the label: in the arms gaze and err1 to err4 label information enters pre-training through it, and a gain of these arms shows that the method can use a signal which was put in, not that readers give it. The arm "anatomy" has the same search without lesions, "shuffled" the same tracks on other images: what they gain comes from something else than where lesions lie. Time on an image, number of visits of places that are no lesion and the share of lost samples have the same distribution with and without lesions.`,
  `**Model of search** (assumptions, not fitted to readers; seed 1, drawn once for all seeds of training): a first fixation near the middle (${searchModel.firstSpreadDegrees} degrees), then search, half of it on anatomy and half anywhere in the organ, the nearest of ${searchModel.candidates} candidates, dwell ${searchModel.searchDwellMs} ms; each lesion is found with probability ${searchModel.foundShare}, at most ${searchModel.mostMarks} places are visited, with ${searchModel.fewestFixations} to ${searchModel.mostFixations} fixations of ${searchModel.markDwellMs} ms and a return in ${100 * searchModel.returnShare} %; on average ${searchModel.falseAlarms} place that is no lesion draws the eye in every image. Median time ${searchModel.medianTimeMs / 1000} s; ${searchModel.sampleHz} samples a second with ${searchModel.precisionDegrees} degrees of noise, ${100 * searchModel.lostShare} % lost. A tracker's error is one shift of each track.`,
  `Size: ${set.shownAs}: ${set.pxPerDegree.toFixed(2)} px a degree. Patients: ${set.patientMeans}.`,
  `Cite: ${set.cite}.`,
];

/** The plan of a set. */
export function planOf(
  set: MarkedSet,
  files: ExperimentFiles,
  recipe: TwinPlan['recipe'],
  seeds: readonly number[],
): TwinPlan {
  return {
    title: `Experiment on ${set.name}: pre-training with SIMULATED gaze`,
    imageFolder: set.imageFolder,
    labelsFile: files.labelsFile,
    arms: armsOf(files),
    seeds: [...seeds],
    testShare,
    recipe,
    mining: {
      modality: set.modality,
      measure: publishedMeasures[set.modality],
      rule: { falsePositiveRate },
      readerPolicy: 'within',
      samePatientPairs: false,
      maxLostShare: 0.2,
      pxPerDegree: set.pxPerDegree,
      seed: 1,
    },
    remarks: remarks(set),
  };
}
