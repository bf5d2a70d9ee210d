import { createRandom } from '../../shared/random.ts';
import type { EmbedderDescription } from '../backend.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { makeBatches } from '../data/batches.ts';
import type { ImageCache } from '../data/image-cache.ts';
import { ViewLoader } from '../data/view-loader.ts';
import { buildEngine } from '../engine/build-engine.ts';
import { chooseEngine } from '../engine/choose-engine.ts';
import { initialWeights } from '../engine/initial-weights.ts';
import { describeParameters } from '../engine/onnx-engine.ts';
import type { AreAlike, ViewPair } from '../methods/method.ts';
import { describeStep } from '../models/describe-model.ts';
import { trainEncoder } from '../training-loop.ts';
import type { TwinPlan } from './twin-plan.ts';

export type ArmTraining = {
  readonly recipe: TwinPlan['recipe'];
  /** False: the encoder stays as it was drawn. */
  readonly trained: boolean;
  readonly cache: ImageCache;
  /** Positives beside an image's own views; undefined: without gaze. */
  readonly alike: AreAlike | undefined;
  readonly seed: number;
  readonly threads: number;
  /** Keeps the checks of engines, so that every arm has the same one. */
  readonly checksFolder: string;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  /** Awaited before each step; throws to end the arm. */
  readonly beforeStep: () => Promise<void>;
  readonly onStep: (step: number, total: number) => void;
};

/** An encoder as training left it: weights and running statistics by torchvision's names. */
export type TrainedArm = Pick<EmbedderDescription, 'encoder' | 'weights' | 'statistics'> & {
  readonly engine: string;
  readonly steps: number;
  /** Of the last step; null where nothing was trained. */
  readonly loss: number | null;
  readonly spread: number | null;
  /** Positives beside the own ones, for each image of a batch, mean over all steps. */
  readonly positives: number;
};

/**
 * Pre-trains one arm from seeded weights. Two arms of one seed have the same weights at the start, batches, views
 * and rates. Throws StationError loss-not-finite, representation-collapsed, and what `beforeStep` throws.
 */
export async function trainArm(training: ArmTraining): Promise<TrainedArm> {
  const { recipe, trained, cache, alike, seed, threads, beforeStep, onStep } = training;
  const { checksFolder: folder, nowMs } = training;
  const configuration: RunConfiguration = {
    ...demonstrationConfiguration,
    ...recipe,
    useGaze: alike !== undefined,
    seed,
  };
  const described = describeStep(configuration);
  const weights = initialWeights(describeParameters(described), createRandom(seed));
  const chosen = await chooseEngine({
    wanted: configuration.engine,
    step: described,
    threads,
    folder,
    nowMs,
  });
  const engine = await buildEngine(chosen.name, { ...described, threads, weights });
  const loader = new ViewLoader(cache, 0);
  const last = { step: 0, loss: 0, spread: 0, positives: 0 };
  async function* countPositives(batches: AsyncIterable<ViewPair>): AsyncGenerator<ViewPair> {
    for await (const views of batches) {
      for (const a of views.imageIds)
        for (const b of views.imageIds)
          if (a !== b && alike?.(a, b) === true) last.positives += 1 / recipe.batchImages;
      yield views;
    }
  }
  try {
    if (trained)
      await trainEncoder({
        configuration,
        engine,
        images: cache.images.length,
        batches: countPositives(makeBatches(loader, { ...recipe, seed, firstEpoch: 0 })),
        alike: alike ?? (() => false),
        beforeStep,
        onStep: ({ step, totalSteps, loss, spread }) => {
          Object.assign(last, { step, loss, spread });
          onStep(step, totalSteps);
        },
        onEpoch: () => Promise.resolve(),
      });
    return {
      encoder: recipe.encoder,
      engine: engine.kind,
      weights,
      statistics: engine.statistics,
      steps: last.step,
      loss: last.step === 0 ? null : last.loss,
      spread: last.step === 0 ? null : last.spread,
      positives: last.step === 0 ? 0 : last.positives / last.step,
    };
  } finally {
    await loader.close();
    await engine.close();
  }
}
