import { StationError } from '../../shared/station-error.ts';
import type { EngineChoiceName } from '../../shared/training/engine-names.ts';
import type { EngineDescription, StepDescription } from '../backend.ts';
import { describeStep } from '../models/describe-model.ts';
import type { RunContext } from '../run-context.ts';
import { readRunRecord, writeRunRecord } from '../run-record.ts';
import { buildEngine } from './build-engine.ts';
import type { EngineRecord } from './check-outcome.ts';
import { chooseEngine } from './choose-engine.ts';
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

/**
 * Begins to choose the engine of a run: engines are tried in processes of their own, while the run mines and prepares
 * images. A failure is thrown where the answer is awaited.
 */
export function beginChoice(
  context: RunContext,
  earlier: EngineRecord | undefined,
): Promise<EngineRecord> {
  const choosing = chooseRunEngine(context, describeStep(context.configuration), earlier);
  choosing.catch(() => undefined);
  return choosing;
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
