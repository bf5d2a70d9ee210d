import { createRandom } from '../../shared/random.ts';
import { StationError } from '../../shared/station-error.ts';
import type { EncoderName, MethodName } from '../../shared/training/run-configuration.ts';
import { epochBatches, epochRandom, type ImageCache, stepsPerEpoch } from '../data/batches.ts';
import { embeddingSpread } from '../embedding-spread.ts';
import { initialWeights } from '../engine/initial-weights.ts';
import { buildOnnxEngine, describeParameters } from '../engine/onnx-engine.ts';
import type { AreAlike } from '../methods/method.ts';
import { createMoco } from '../methods/moco-v2.ts';
import { createSimsiam } from '../methods/simsiam.ts';
import { mocoLength } from '../models/heads.ts';
import { createSgd } from '../optimizers.ts';
import { learningRateAt } from '../schedules.ts';
import type { TrainedEncoder } from './embed-images.ts';

/** How every arm is pre-trained; arms differ in their positives alone. */
export type TwinRecipe = {
  readonly method: MethodName;
  readonly encoder: EncoderName;
  /** Pixels; a multiple of 32. */
  readonly imageSide: number;
  readonly batchImages: number;
  /** 0: the encoder stays as it was drawn. */
  readonly epochs: number;
  readonly warmupEpochs: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** MoCo v2 only. */
  readonly temperature: number;
  readonly queueLength: number;
  readonly keyMomentum: number;
};

export type ArmTraining = {
  readonly recipe: TwinRecipe;
  readonly cache: ImageCache;
  /** Positives beside an image's own views. */
  readonly alike: AreAlike;
  readonly seed: number;
  readonly threads: number;
  /** Awaited after each step; throws to end the arm. */
  readonly onStep: (step: number, total: number) => Promise<void>;
};

export type TrainedArm = TrainedEncoder & {
  readonly steps: number;
  /** Means over the last epoch; null where nothing was trained. */
  readonly loss: number | null;
  readonly spread: number | null;
  /** Positives beside the own ones, for each image of a batch, mean over all steps. */
  readonly positives: number;
};

/**
 * Pre-trains one arm from seeded weights. Two arms of one seed have the same weights at the start, batches, views
 * and rates. Throws StationError too-few-images, loss-not-finite.
 */
export async function trainArm(training: ArmTraining): Promise<TrainedArm> {
  const { recipe, cache, alike, seed, threads, onStep } = training;
  const { epochs, batchImages, imageSide, learningRate, warmupEpochs, queueLength } = recipe;
  const perEpoch = stepsPerEpoch(cache.size, batchImages);
  if (perEpoch === 0)
    throw new StationError('too-few-images', { found: cache.size, needed: batchImages });
  const weights = initialWeights(describeParameters(recipe), createRandom(seed));
  const engine = await buildOnnxEngine({ ...recipe, threads, weights });
  try {
    const method =
      recipe.method === 'simsiam'
        ? createSimsiam()
        : createMoco({
            queueLength,
            dimension: mocoLength,
            keyMomentum: recipe.keyMomentum,
            weights,
          });
    const optimizer = createSgd({ momentum: 0.9, weightDecay: recipe.weightDecay });
    const schedule = { learningRate, epochs, warmupEpochs, stepsPerEpoch: perEpoch };
    let [step, positives] = [0, 0];
    let last = { loss: 0, spread: 0 };
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      last = { loss: 0, spread: 0 };
      for (const views of epochBatches(cache, imageSide, batchImages, epochRandom(seed, epoch))) {
        const { imageIds } = views;
        for (const a of imageIds)
          for (const b of imageIds) if (a !== b && alike(a, b)) positives += 1 / batchImages;
        const { loss, gradients, embeddings } = await method.step(engine, views, alike);
        if (!Number.isFinite(loss)) throw new StationError('loss-not-finite', { step });
        optimizer.step(weights, gradients, learningRateAt(step, schedule));
        step += 1;
        last.loss += loss / perEpoch;
        last.spread += embeddingSpread(embeddings, batchImages) / perEpoch;
        await onStep(step, perEpoch * epochs);
      }
    }
    return {
      encoder: recipe.encoder,
      weights,
      statistics: engine.statistics,
      steps: step,
      loss: step === 0 ? null : last.loss,
      spread: step === 0 ? null : last.spread,
      positives: step === 0 ? 0 : positives / step,
    };
  } finally {
    await engine.close();
  }
}
