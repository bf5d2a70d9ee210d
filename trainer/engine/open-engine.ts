import { StationError } from '../../shared/station-error.ts';
import type { EngineChoiceName, EngineName } from '../../shared/training/engine-names.ts';
import type { CompiledStep, EngineState, StepDescription } from '../backend.ts';
import { describeStep } from '../models/describe-model.ts';
import type { RunContext } from '../run-context.ts';
import { readRunRecord, writeRunRecord } from '../run-record.ts';
import { buildEngine, compileStep } from './build-engine.ts';
import type { EngineRecord } from './check-outcome.ts';
import { chooseEngine } from './choose-engine.ts';
import { drawWeights } from './draw-weights.ts';
import { ReleasableEngine } from './releasable-engine.ts';

/**
 * The engine for a run's steps: the one that it has, where that passes its check on them, else as the configuration
 * asks. `onPromising` is told as by `chooseEngine`. Throws StationError engine-unavailable, out-of-memory.
 */
export async function chooseRunEngine(
  { configuration, miningFolder, threads, nowMs }: RunContext,
  step: StepDescription,
  earlier: EngineRecord | undefined,
  onPromising?: (name: EngineName) => void,
): Promise<EngineRecord> {
  const { model, loss, batchImages } = step;
  const ask = (wanted: EngineChoiceName): Promise<EngineRecord> =>
    chooseEngine({
      wanted,
      step: { model, loss, batchImages },
      threads,
      folder: miningFolder,
      nowMs,
      ...(onPromising && { onPromising }),
    });
  if (earlier === undefined) return ask(configuration.engine);
  // A run that goes on keeps its engine, so that it ends with the same weights; on another machine it may have to change.
  try {
    return { ...(await ask(earlier.name)), refused: earlier.refused };
  } catch (error) {
    if (!(error instanceof StationError) || error.code !== 'engine-unavailable') throw error;
    return ask(configuration.engine);
  }
}

/** What is on its way while a run mines and prepares its images; a failure is thrown where it is awaited. */
export type BegunEngine = {
  /** Engines are tried in processes of their own. */
  readonly choosing: Promise<EngineRecord>;
  /** Initial weights; absent where the run goes on from a checkpoint. */
  readonly drawing?: Promise<Map<string, Float32Array>>;
  /** The run's step compiled for an engine. */
  readonly compiled: (name: EngineName) => Promise<CompiledStep>;
  /** Waits for what is on its way and releases it, where no engine is wanted after all. */
  readonly abandon: () => Promise<void>;
};

/**
 * Begins to choose the engine of a run, to compile its step for the engine that is likely to be chosen and, unless it
 * goes on from a checkpoint, to draw its weights.
 */
export function beginEngine(
  context: RunContext,
  earlier: EngineRecord | undefined,
  resumable: boolean,
): BegunEngine {
  const { configuration, threads } = context;
  const step = describeStep(configuration);
  const compile = (name: EngineName): Promise<CompiledStep> =>
    compileStep(name, { ...step, threads });
  let likely: { readonly name: EngineName; readonly step: Promise<CompiledStep> } | undefined;
  const choosing = chooseRunEngine(context, step, earlier, (name) => {
    likely ??= { name, step: compile(name) };
    likely.step.catch(() => undefined);
  });
  choosing.catch(() => undefined);
  const closeLikely = async (): Promise<void> => {
    const unused = await likely?.step.catch(() => undefined);
    await unused?.close();
  };
  return {
    choosing,
    ...(!resumable && { drawing: drawWeights(step, configuration.seed) }),
    compiled: async (name) => {
      // It may have failed for want of what the trial of an engine held then.
      if (likely?.name === name) return likely.step.catch(() => compile(name));
      await closeLikely();
      return compile(name);
    },
    abandon: async () => {
      await choosing.catch(() => undefined);
      await closeLikely();
    },
  };
}

/**
 * Reports and records the engine of a run once it is chosen, and makes it of the state that comes meanwhile. Throws
 * StationError engine-unavailable where the one that the run asks for, or every one, was refused.
 */
export async function openEngine(
  context: RunContext,
  { choosing, compiled }: BegunEngine,
  state: Promise<EngineState>,
): Promise<ReleasableEngine> {
  const { configuration, threads, report, runFolder } = context;
  const chosen = await choosing;
  const record = await readRunRecord(runFolder);
  const { name, engine, reason, refused } = chosen;
  report({ kind: 'engine', engine, reason, refused });
  const before = record?.engine;
  if (before !== undefined && before.name !== name)
    report({
      kind: 'notice',
      code: 'engine-changed',
      details: { before: before.engine, now: engine },
    });
  if (record !== undefined) await writeRunRecord(runFolder, { ...record, engine: chosen });
  const step = await compiled(name);
  const begin = await state;
  const again = { ...describeStep(configuration), threads, weights: begin.weights };
  return new ReleasableEngine(await step.begin(begin), (statistics) =>
    buildEngine(name, { ...again, statistics }),
  );
}
