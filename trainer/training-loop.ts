import { createRandom, type Random } from '../shared/random.ts';
import { StationError } from '../shared/station-error.ts';
import type { RunConfiguration } from '../shared/training/run-configuration.ts';
import type { StepResult, TrainEngine } from './backend.ts';
import type { Checkpoint } from './checkpoint.ts';
import { stepsPerEpoch } from './data/batches.ts';
import { embeddingSpread } from './embedding-spread.ts';
import { GradientSum } from './gradient-sum.ts';
import { dropPairs } from './losses/gaze-relation.ts';
import { createMethod } from './methods/create-method.ts';
import type { AreAlike, ViewPair } from './methods/method.ts';
import { createOptimizer, type LearningRate } from './optimizers.ts';
import { learningRateAt } from './schedules.ts';

/** Below this spread for so many steps in a row all embeddings are alike. */
const collapsedSpread = 0.02;
const collapsedSteps = 50;

/** What one iteration gave. */
export type IterationReport = {
  /** Iterations done, this one included. */
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly spread: number;
};

export type TrainingOptions = {
  readonly configuration: RunConfiguration;
  readonly engine: TrainEngine;
  /** Images that take part. */
  readonly images: number;
  /** The batches of one epoch after another, whole ones only, from the epoch on at which the training begins. */
  readonly batches: AsyncIterable<ViewPair>;
  /** Images looked at alike; not asked where the configuration is without gaze. */
  readonly alike: AreAlike;
  /** Where to go on; made from these images and pairs. */
  readonly restored?: Checkpoint;
  /** Called before each iteration; a run waits or ends here. */
  readonly beforeStep: () => Promise<void>;
  readonly onStep: (report: IterationReport) => void;
  /** Called after each epoch with all that is needed to go on; the arrays change afterwards. */
  readonly onEpoch: (checkpoint: Checkpoint) => Promise<void>;
};

function isAllFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i += 1) if (!Number.isFinite(values[i])) return false;
  return true;
}

const areFinite = (weights: ReadonlyMap<string, Float32Array>): boolean =>
  [...weights.values()].every(isAllFinite);

/** The learning rate of each weight where the schedule has come to `rate`. */
function weightRates(
  { method, fixedPredictorRate, learningRate }: RunConfiguration,
  rate: number,
): LearningRate {
  if (method !== 'simsiam' || !fixedPredictorRate) return rate;
  return (weight) => (weight.startsWith('predictor.') ? learningRate : rate);
}

/** Draws which pairs GzPT drops: a generator of its own, so that views do not depend on the pairs. */
const dropRandom = (seed: number, step: number): Random =>
  createRandom((Math.imul(step + 1, 0x85ebca6b) ^ seed ^ 0x5bd1e995) >>> 0);

/** Steps in a row whose embeddings were all alike, after this one. Ends a run where that lasts. */
function countAlike(before: number, spread: number, step: number): number {
  const alikeSteps = spread < collapsedSpread ? before + 1 : 0;
  if (alikeSteps >= collapsedSteps) throw new StationError('representation-collapsed', { step });
  return alikeSteps;
}

/**
 * Trains `engine.weights` for all epochs of the configuration. The same images, pairs, seed, engine and threads give
 * the same weights, bit for bit, also where it goes on from a checkpoint. Throws StationError loss-not-finite,
 * representation-collapsed, and whatever `beforeStep` throws.
 */
export async function trainEncoder(options: TrainingOptions): Promise<void> {
  const { configuration, engine, images, restored } = options;
  const { seed, batchImages, epochs, dropProbability } = configuration;
  const perEpoch = stepsPerEpoch(images, batchImages);
  const totalSteps = perEpoch * epochs;
  const schedule = { ...configuration, stepsPerEpoch: perEpoch };
  const method = createMethod(configuration, engine, totalSteps, restored);
  const optimizer = createOptimizer(configuration, engine.parameters, restored?.optimizer);
  const sum = new GradientSum(configuration.accumulation, restored?.accumulated);
  let alikeSteps = restored?.alikeSteps ?? 0;

  /** Pairs of an iteration. */
  const pairsAt = (step: number): AreAlike => {
    if (!configuration.useGaze) return () => false;
    if (dropProbability === 0) return options.alike;
    return dropPairs(options.alike, dropProbability, dropRandom(seed, step));
  };
  const apply = (step: number, { loss, gradients }: StepResult): number => {
    if (!Number.isFinite(loss)) throw new StationError('loss-not-finite', { step });
    const whole = sum.add(gradients);
    const rate = learningRateAt(step, schedule);
    if (whole !== undefined)
      optimizer.step(engine.weights, whole, weightRates(configuration, rate));
    method.afterIteration?.(step, whole !== undefined);
    return rate;
  };

  let step = restored?.step ?? 0;
  for await (const views of options.batches) {
    await options.beforeStep();
    const result = await method.step(engine, views, pairsAt(step));
    const learningRate = apply(step, result);
    step += 1;
    const spread = embeddingSpread(result.embeddings, batchImages);
    alikeSteps = countAlike(alikeSteps, spread, step);
    options.onStep({ step, totalSteps, loss: result.loss, learningRate, spread });
    if (step % perEpoch !== 0) continue;
    // The last good checkpoint must not be replaced by one that is none.
    if (!areFinite(engine.weights)) throw new StationError('loss-not-finite', { step });
    await options.onEpoch({
      step,
      images,
      weights: engine.weights,
      statistics: engine.statistics,
      optimizer: optimizer.state,
      accumulated: sum.state,
      method: method.state,
      queueIds: method.queueIds,
      alikeSteps,
    });
  }
  if (step !== totalSteps)
    throw new Error(`Batches for ${step} of ${totalSteps} steps were given.`);
}
