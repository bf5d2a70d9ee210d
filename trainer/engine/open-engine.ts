import { StationError } from '../../shared/station-error.ts';
import type { EngineChoiceName } from '../../shared/training/engine-names.ts';
import type { EngineDescription, StepDescription } from '../backend.ts';
import { describeStep } from '../models/describe-model.ts';
import type { RunContext } from '../run-context.ts';
import { readRunRecord, writeRunRecord } from '../run-record.ts';
import { buildEngine } from './build-engine.ts';
import type { EngineRecord } from './check-outcome.ts';
import { chooseEngine } from './choose-engine.ts';
import { drawWeights } from './draw-weights.ts';
import { ReleasableEngine } from './releasable-engine.ts';

/**
 * The engine for a run's steps: the one that it has, where that passes its check on them, else as the configuration
 * asks. Throws StationError engine-unavailable.
 */
export async function chooseRunEngine(
  { configuration, miningFolder, threads, nowMs }: RunContext,
  step: StepDescription,
  earlier: EngineRecord | undefined,
): Promise<EngineRecord> {
  const { model, loss, batchImages } = step;
  const ask = (wanted: EngineChoiceName): Promise<EngineRecord> =>
    chooseEngine({
      wanted,
      step: { model, loss, batchImages },
      threads,
      folder: miningFolder,
      nowMs,
    });
  if (earlier === undefined) return ask(configuration.engine);
  // A run that goes on keeps its engine, so that it ends with the same weights; on another machine it may have to change.
  try {
    return { ...(await ask(earlier.name)), refused: earlier.refused };
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return ask(configuration.engine);
  }
}

/** What is on its way while a run mines and prepares its images; a failure is thrown where it is awaited. */
export type BegunEngine = {
  /** Engines are tried in processes of their own. */
  readonly choosing: Promise<EngineRecord>;
  /** Initial weights; absent where the run goes on from a checkpoint. */
  readonly drawing?: Promise<Map<string, Float32Array>>;
};

/** Begins to choose the engine of a run and, unless it goes on from a checkpoint, to draw its weights. */
export function beginEngine(
  context: RunContext,
  earlier: EngineRecord | undefined,
  resumable: boolean,
): BegunEngine {
  const { configuration } = context;
  const step = describeStep(configuration);
  const choosing = chooseRunEngine(context, step, earlier);
  choosing.catch(() => undefined);
  return { choosing, ...(!resumable && { drawing: drawWeights(step, configuration.seed) }) };
}

/**
 * Reports, records and builds the engine of a run once it is chosen. Throws StationError engine-unavailable where the
 * one that the run asks for, or every one, was refused.
 */
export async function openEngine(
  context: RunContext,
  description: EngineDescription,
  choosing: Promise<EngineRecord>,
): Promise<ReleasableEngine> {
  const { report, runFolder } = context;
  const chosen = await choosing;
  const record = await readRunRecord(runFolder);
  const { name, engine, reason, refused } = chosen;
  report({ kind: 'engine', engine, reason, refused });
  if (record !== undefined) await writeRunRecord(runFolder, { ...record, engine: chosen });
  return new ReleasableEngine(await buildEngine(name, description), (statistics) =>
    buildEngine(name, { ...description, statistics }),
  );
}
