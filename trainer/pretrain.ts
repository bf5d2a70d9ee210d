import { StationError } from '../shared/station-error.ts';
import type { EngineState, TrainEngine } from './backend.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { makeBatches, stepsPerEpoch } from './data/batches.ts';
import type { ImageCache } from './data/image-cache.ts';
import { ViewLoader } from './data/view-loader.ts';
import { drawWeights } from './engine/draw-weights.ts';
import { type BegunEngine, openEngine } from './engine/open-engine.ts';
import type { AreAlike } from './methods/method.ts';
import { describeStep } from './models/describe-model.ts';
import type { RunContext } from './run-context.ts';
import { reportEveryMs } from './stage-progress.ts';
import { trainEncoder } from './training-loop.ts';
import { readEncoderStart } from './weights/initial-from-file.ts';

/**
 * Threads that make views beside an engine of so many: on a processor one makes them faster than the steps use them
 * up (test/benchmarks/loader.ts), a GPU in a machine of many cores wants more.
 */
const loaderThreadsFor = (threads: number): number => Math.max(1, Math.floor(threads / 4));

/** A pause that lasts longer than this gives the engine's memory back; it is built again in seconds. */
const longPauseMs = 5 * 60_000;

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

/** Weights and running statistics of the checkpoint, of the file that the run begins from, or drawn. */
async function beginState(
  context: RunContext,
  restored: Checkpoint | undefined,
  { drawing }: BegunEngine,
): Promise<EngineState> {
  if (restored !== undefined)
    return { weights: new Map(restored.weights), statistics: restored.statistics };
  const { configuration } = context;
  const start = await readEncoderStart(context);
  const weights = await (drawing ?? drawWeights(describeStep(configuration), configuration.seed));
  for (const [name, values] of start?.weights ?? []) weights.get(name)?.set(values);
  return { weights, ...(start && { statistics: start.statistics }) };
}

/**
 * Pre-trains the encoder on the cached images; a checkpoint is written after every epoch. Where `resumable`
 * says that the one in the run's folder was made from these images and pairs (takeSnapshot and the run's stages compare
 * both with the record), it goes on, with as many threads to the same weights.
 * Throws StationError run-images-lost, loss-not-finite, representation-collapsed, cancelled, engine-unavailable. The engine
 * that is answered must be closed.
 */
export async function pretrain(
  context: RunContext,
  cache: ImageCache,
  alike: AreAlike,
  resumable: boolean,
  begun: BegunEngine,
): Promise<TrainEngine> {
  const { configuration, control, nowMs, report, runFolder, threads } = context;
  const { seed, batchImages, epochs } = configuration;
  const images = cache.images.length;
  const totalSteps = stepsPerEpoch(images, batchImages) * epochs;
  report({ kind: 'stage', stage: 'pretrain', total: totalSteps });
  const restored = resumable ? await readCheckpoint(runFolder, report) : undefined;
  if (restored !== undefined && restored.images !== images)
    throw new StationError('run-images-lost', { before: restored.images, now: images });
  const loader = new ViewLoader(cache, loaderThreadsFor(threads));
  try {
    const firstEpoch = Math.floor((restored?.step ?? 0) / stepsPerEpoch(images, batchImages));
    // The first views are made while the engine opens.
    const batches = makeBatches(loader, { batchImages, seed, firstEpoch, epochs });
    const state = beginState(context, restored, begun);
    // It is awaited once the step is compiled.
    state.catch(() => undefined);
    const engine = await openEngine(context, begun, state);
    try {
      const progress = new Progress(context, totalSteps);
      await trainEncoder({
        configuration,
        engine,
        images,
        batches,
        alike,
        ...(restored && { restored }),
        beforeStep: async () => {
          const beforeMs = nowMs();
          await control.checkpoint({
            afterMs: context.longPauseMs ?? longPauseMs,
            act: () => engine.release(),
          });
          progress.skipPause(nowMs() - beforeMs);
        },
        onStep: ({ step, loss, learningRate, spread }) =>
          progress.tell(step, loss, learningRate, spread, step === totalSteps || step === 1),
        onEpoch: async (checkpoint) => {
          const file = await writeCheckpoint(runFolder, checkpoint);
          report({ kind: 'checkpoint', step: checkpoint.step, path: file });
        },
      });
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  } finally {
    await loader.close();
  }
}
