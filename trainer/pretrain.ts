import { StationError } from '../shared/station-error.ts';
import { createRandom } from '../shared/random.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { epochBatches, epochRandom, type ImageCache, stepsPerEpoch } from './data/batches.ts';
import { embeddingSpread } from './embedding-spread.ts';
import { initialWeights } from './engine/initial-weights.ts';
import { buildOnnxEngine, describeParameters, type OnnxEngine } from './engine/onnx-engine.ts';
import type { AreAlike, Method } from './methods/method.ts';
import { createMoco } from './methods/moco-v2.ts';
import { createSimsiam } from './methods/simsiam.ts';
import { mocoLength } from './models/heads.ts';
import { createSgd } from './optimizers.ts';
import type { RunContext } from './run-context.ts';
import { learningRateAt } from './schedules.ts';
import { reportEveryMs } from './stage-progress.ts';
import { readEncoderStart } from './weights/initial-from-file.ts';

const momentum = 0.9;
/** Below this spread for so many steps in a row all embeddings are alike. */
const collapsedSpread = 0.02;
const collapsedSteps = 50;

function createMethod(
  { configuration }: RunContext,
  weights: ReadonlyMap<string, Float32Array>,
  restored: Awaited<ReturnType<typeof readCheckpoint>>,
): Method {
  const { method, queueLength, keyMomentum } = configuration;
  if (method === 'simsiam') return createSimsiam();
  return createMoco({
    queueLength,
    dimension: mocoLength,
    keyMomentum,
    weights,
    ...(restored && { restored: { state: restored.method, queueIds: restored.queueIds } }),
  });
}

function areFinite(weights: ReadonlyMap<string, Float32Array>): boolean {
  for (const values of weights.values())
    for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}

/** Loss, rate and time since the last report. */
class Progress {
  readonly #context: RunContext;
  readonly #totalSteps: number;
  #losses: number[] = [];
  #sinceMs: number;
  #rate: number | undefined;

  constructor(context: RunContext, totalSteps: number) {
    this.#context = context;
    this.#totalSteps = totalSteps;
    this.#sinceMs = context.nowMs();
  }

  /** Pauses do not count into the rate. */
  skipPause(pausedMs: number): void {
    this.#sinceMs += pausedMs;
  }

  tell(step: number, loss: number, learningRate: number, spread: number, always: boolean): void {
    const { nowMs, configuration, report } = this.#context;
    this.#losses.push(loss);
    const passedMs = nowMs() - this.#sinceMs;
    if (!always && passedMs < reportEveryMs) return;
    const images = this.#losses.length * configuration.batchImages;
    const now = (images * 1000) / Math.max(1, passedMs);
    this.#rate = this.#rate === undefined ? now : 0.7 * this.#rate + 0.3 * now;
    const epochs = configuration.epochs;
    report({
      kind: 'progress',
      stage: 'pretrain',
      done: step,
      total: this.#totalSteps,
      step,
      epoch: (step * epochs) / this.#totalSteps,
      loss: this.#losses.reduce((sum, each) => sum + each, 0) / this.#losses.length,
      learningRate,
      imagesPerSecond: now,
      secondsLeft: ((this.#totalSteps - step) * configuration.batchImages) / this.#rate,
      embeddingSpread: spread,
    });
    this.#losses = [];
    this.#sinceMs = nowMs();
  }
}

/**
 * Pre-trains the encoder on the cached images; a checkpoint is written after every epoch. Where `resumable`
 * says that the one in the run's folder was made from these images and pairs, it goes on to the same weights.
 * Throws StationError loss-not-finite, representation-collapsed, cancelled, engine-unavailable. The engine
 * that is answered must be closed.
 */
export async function pretrain(
  context: RunContext,
  cache: ImageCache,
  alike: AreAlike,
  resumable: boolean,
): Promise<OnnxEngine> {
  const { configuration, control, nowMs, report, runFolder, threads } = context;
  const { seed, imageSide, batchImages, epochs, warmupEpochs, learningRate } = configuration;
  const perEpoch = stepsPerEpoch(cache.size, batchImages);
  const totalSteps = perEpoch * epochs;
  report({ kind: 'stage', stage: 'pretrain', total: totalSteps });
  const restored = resumable ? await readCheckpoint(runFolder) : undefined;
  if (restored !== undefined && restored.images !== cache.size)
    throw new Error(
      `The run began with ${restored.images} images and ${cache.size} can be read now: start a new run.`,
    );
  const start = restored === undefined ? await readEncoderStart(context) : undefined;
  const weights =
    restored === undefined
      ? initialWeights(describeParameters(configuration), createRandom(seed))
      : new Map(restored.weights);
  for (const [name, values] of start?.weights ?? []) weights.get(name)?.set(values);
  const statistics = restored?.statistics ?? start?.statistics;
  const engine = await buildOnnxEngine({
    ...configuration,
    threads,
    weights,
    ...(statistics && { statistics }),
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StationError('engine-unavailable', { reason }, { cause: error });
  });
  report({
    kind: 'engine',
    engine: engine.kind,
    reason: `the default: standard operators, ${threads} thread(s); other engines come later`,
  });
  try {
    const method = createMethod(context, weights, restored);
    const optimizer = createSgd(
      { momentum, weightDecay: configuration.weightDecay },
      restored?.optimizer,
    );
    const schedule = { learningRate, epochs, warmupEpochs, stepsPerEpoch: perEpoch };
    const positives: AreAlike = configuration.useGaze ? alike : () => false;
    const progress = new Progress(context, totalSteps);
    let step = restored?.step ?? 0;
    let collapsed = 0;
    for (let epoch = Math.floor(step / perEpoch); epoch < epochs; epoch += 1) {
      const random = epochRandom(seed, epoch);
      for (const views of epochBatches(cache, imageSide, batchImages, random)) {
        const beforeMs = nowMs();
        await control.checkpoint();
        progress.skipPause(nowMs() - beforeMs);
        const { loss, gradients, embeddings } = await method.step(engine, views, positives);
        if (!Number.isFinite(loss)) throw new StationError('loss-not-finite', { step });
        const rate = learningRateAt(step, schedule);
        optimizer.step(weights, gradients, rate);
        step += 1;
        const spread = embeddingSpread(embeddings, batchImages);
        collapsed = spread < collapsedSpread ? collapsed + 1 : 0;
        if (collapsed >= collapsedSteps)
          throw new StationError('representation-collapsed', { step });
        progress.tell(step, loss, rate, spread, step === totalSteps || step === 1);
      }
      // The last good checkpoint must not be replaced by one that is none.
      if (!areFinite(weights)) throw new StationError('loss-not-finite', { step });
      const file = await writeCheckpoint(runFolder, {
        step,
        images: cache.size,
        weights,
        statistics: engine.statistics,
        optimizer: optimizer.state,
        method: method.state,
        queueIds: method.queueIds,
      });
      report({ kind: 'checkpoint', step, path: file });
    }
    return engine;
  } catch (error) {
    await engine.close();
    throw error;
  }
}
