import { createRandom } from '../../shared/random.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import { dropPairs } from '../../trainer/losses/gaze-relation.ts';
import { matrixOf } from '../../trainer/losses/matrix.ts';
import { emptyImageIds, type MemoryQueue } from '../../trainer/methods/memory-queue.ts';
import type { AreAlike, ViewPair } from '../../trainer/methods/method.ts';
import { createAdamw, createLars, createSgd, type Optimizer } from '../../trainer/optimizers.ts';
import {
  createReferenceByol,
  createReferenceSimsiam,
} from '../../trainer/reference/latent-methods.ts';
import { addGradients, type Arrays } from '../../trainer/reference/layers.ts';
import type { ReferenceMethod } from '../../trainer/reference/method.ts';
import { createReferenceMoco } from '../../trainer/reference/moco.ts';
import { createReferenceSimclr } from '../../trainer/reference/simclr.ts';
import { learningRateAt, targetMomentumAt } from '../../trainer/schedules.ts';
import { toDouble } from './tiny-engine.ts';
import {
  alike,
  drawWeights,
  encoderLayers,
  images,
  outputsOf,
  predictorLayers,
  startStatistics,
} from './training-cases.ts';

/** A training in double precision by the reference methods, one iteration after another. */
export type ReferenceLoop = {
  /** Weights and running statistics; those of the encoder that follows are named `follower.`. */
  readonly arrays: Arrays;
  readonly queue: MemoryQueue<Float64Array>;
  /** Loss and learning rate of the next iteration; the arrays have changed afterwards. */
  readonly iterate: (batch: ViewPair) => { readonly loss: number; readonly rate: number };
};

function createOptimizer({ optimizer, weightDecay }: RunConfiguration): Optimizer<Float64Array> {
  switch (optimizer.kind) {
    case 'sgd':
      return createSgd({ ...optimizer, weightDecay });
    case 'adamw':
      return createAdamw({ ...optimizer, weightDecay });
    case 'lars': {
      const isExcluded = (name: string): boolean => !/\.(?:f|fc\d)\.weight$/u.test(name);
      return createLars({ ...optimizer, weightDecay, isExcluded });
    }
    default:
      return optimizer satisfies never;
  }
}

function createMethod(
  configuration: RunConfiguration,
  arrays: Arrays,
  queue: MemoryQueue<Float64Array>,
): ReferenceMethod {
  const { method, temperature, keyMomentum, ownKeys } = configuration;
  const [encoder, follower] = [encoderLayers('encoder'), encoderLayers('follower')];
  const predictor = predictorLayers;
  switch (method) {
    case 'moco-v2':
      return createReferenceMoco({
        arrays,
        query: encoder,
        key: follower,
        queue,
        keyMomentum,
        temperature,
        policy: { ownKeys },
      });
    case 'byol':
      return createReferenceByol({ arrays, online: encoder, target: follower, predictor });
    case 'simsiam':
      return createReferenceSimsiam({ arrays, encoder, predictor });
    case 'simclr':
      return createReferenceSimclr({ arrays, encoder, temperature });
    default:
      return method satisfies never;
  }
}

/** Pairs of an iteration; the draws of an iteration are kept by seed and step, so that a run can go on anywhere. */
function pairsAt({ useGaze, dropProbability, seed }: RunConfiguration, step: number): AreAlike {
  if (!useGaze) return () => false;
  const random = createRandom((Math.imul(step + 1, 0x85ebca6b) ^ seed ^ 0x5bd1e995) >>> 0);
  return dropPairs(alike, dropProbability, random);
}

/** The mean of gradients by name. */
function meanOf(gradients: readonly Arrays[]): Arrays {
  const sum = addGradients(...gradients);
  return new Map([...sum].map(([name, values]) => [name, values.map((g) => g / gradients.length)]));
}

function startArrays(configuration: RunConfiguration): Map<string, Float64Array> {
  const weights = drawWeights(configuration);
  const own = toDouble(new Map([...weights, ...startStatistics(weights)]));
  const arrays = new Map(own);
  for (const [name, values] of own)
    if (name.startsWith('encoder.'))
      arrays.set(name.replace('encoder', 'follower'), values.slice());
  return arrays;
}

/** The training of a configuration from the start. */
export function createReferenceLoop(configuration: RunConfiguration): ReferenceLoop {
  const { batchImages, accumulation, epochs, queueLength } = configuration;
  const stepsPerEpoch = Math.floor(images / batchImages);
  const totalSteps = epochs * stepsPerEpoch;
  const arrays = startArrays(configuration);
  const queue: MemoryQueue<Float64Array> = {
    keys: new Float64Array(queueLength * outputsOf(configuration)),
    imageIds: emptyImageIds(queueLength),
    place: new Float64Array(1),
  };
  const method = createMethod(configuration, arrays, queue);
  const optimizer = createOptimizer(configuration);
  // One of its own for a predictor whose rate does not fall.
  const ofPredictor = configuration.fixedPredictorRate ? createOptimizer(configuration) : undefined;
  const pick = (all: Arrays, isWanted: (name: string) => boolean): Arrays =>
    new Map([...all].filter(([name]) => isWanted(name)));
  const isPredictor = (name: string): boolean =>
    ofPredictor !== undefined && name.startsWith('predictor.');
  let waiting: Arrays[] = [];
  let step = 0;
  return {
    arrays,
    queue,
    iterate: ({ imageIds, view1, view2 }) => {
      const rows = (view: Float32Array): ReturnType<typeof matrixOf> =>
        matrixOf(batchImages, view.length / batchImages, Float64Array.from(view));
      const batch = { imageIds, view1: rows(view1), view2: rows(view2) };
      const { loss, gradients } = method.step(batch, pairsAt(configuration, step));
      const rate = learningRateAt(step, { ...configuration, stepsPerEpoch });
      waiting.push(gradients);
      if (waiting.length === accumulation) {
        const mean = meanOf(waiting);
        optimizer.step(
          pick(method.weights, (name) => !isPredictor(name)),
          mean,
          rate,
        );
        ofPredictor?.step(pick(method.weights, isPredictor), mean, configuration.learningRate);
        method.followTarget(targetMomentumAt(step, totalSteps, configuration.baseMomentum));
        waiting = [];
      }
      step += 1;
      return { loss, rate };
    },
  };
}
