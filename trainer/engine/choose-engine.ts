import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { StationError } from '../../shared/station-error.ts';
import {
  type EngineChoiceName,
  type EngineName,
  engineNames,
  processorEngines,
} from '../../shared/training/engine-names.ts';
import type { StepDescription } from '../backend.ts';
import { writeWhole } from '../write-file.ts';
import type { Adapter } from './adapter.ts';
import { checkOutcome, type CheckOutcome, type EngineRecord } from './check-outcome.ts';
import { isBlockedFit, selectEngine } from './select-engine.ts';
import { askAdapter, tryEngine } from './try-engine.ts';

const storedChecks = z.record(z.string(), checkOutcome);
type StoredChecks = z.infer<typeof storedChecks>;

/** A refusal that is about the engine itself is kept as well where it took longer than this. */
const keptAfterMs = 3000;

/** Checks are kept here between runs; the file may be deleted. */
export const checksName = 'engine-checks.json';

const onAdapter: readonly EngineName[] = ['onnx-webgpu', 'tensorflow-webgpu'];
/** Slow beyond use: tried only where nothing else passed, or by name. */
const lastResort: EngineName = 'tensorflow-cpu';

export type EngineRequest = {
  /** `automatic` or an engine by name. */
  readonly wanted: EngineChoiceName;
  readonly step: StepDescription;
  readonly threads: number;
  /** Folder that outlives the run, for the checks that passed. */
  readonly folder: string;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  /** Told at most once, before all is tried: an engine of the processor that will be chosen unless a card is faster. */
  readonly onPromising?: (name: EngineName) => void;
  /** How an engine is tried, and the graphics adapter looked for; in a process of its own where absent. */
  readonly tryOne?: typeof tryEngine;
  readonly findAdapter?: typeof askAdapter;
};

function versionOf(name: string): string {
  try {
    const { version } = createRequire(import.meta.filename)(`${name}/package.json`) as {
      readonly version: string;
    };
    return version;
  } catch {
    return 'none';
  }
}

/** Raised where the check changes: what an earlier one refused may pass. */
const checkVersion = 3;

/** What a check depends on: its own version, library, machine, model, side. */
function checkKey(
  engine: EngineName,
  { step, threads }: EngineRequest,
  adapter: Adapter | undefined,
): string {
  const { model, loss } = step;
  const facts = {
    check: checkVersion,
    versions: ['onnxruntime-node', '@tensorflow/tfjs', 'webgpu'].map(versionOf),
    machine: [platform(), arch(), cpus()[0]?.model, threads],
    adapter: onAdapter.includes(engine) ? adapter?.name : undefined,
    model,
    loss: loss.kind,
  };
  return `${engine} ${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)}`;
}

async function readChecks(folder: string): Promise<StoredChecks> {
  const file = path.join(folder, checksName);
  if (!existsSync(file)) return {};
  try {
    return storedChecks.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Of an earlier version or damaged: the checks are made again.
    return {};
  }
}

/** The reason not to try an engine of the adapter at all. */
function adapterRefusal(engine: EngineName, adapter: Adapter | undefined): string | undefined {
  if (!onAdapter.includes(engine)) return undefined;
  if (adapter === undefined) return 'no graphics adapter for WebGPU';
  return adapter.isSoftware ? `the adapter is a program: ${adapter.name}` : undefined;
}

/** The reason not to try the plain graph: a start is to take seconds. */
function plainRefusal(
  engine: EngineName,
  outcomes: ReadonlyMap<EngineName, CheckOutcome>,
): string | undefined {
  return engine === 'onnx-plain' && isBlockedFit(outcomes.get('onnx-blocked'))
    ? 'not needed: the blocked layout was compared with it, agrees and is not slower'
    : undefined;
}

/**
 * Whether a check is not made again at the next start. A refusal that says nothing of the engine itself (a time-out, a
 * crash, want of memory, a part that is not there) never is kept: one busy night would cost the site its fast engine.
 */
const isKept = (outcome: CheckOutcome, tookMs: number): boolean =>
  outcome.kind === 'passed' || (outcome.cause === 'engine' && tookMs > keptAfterMs);

/**
 * Chooses the engine of a run: every engine is tried in a process of its own, on gradients and on time. Throws
 * StationError engine-unavailable where the wanted engine, or every one, was refused.
 */
export async function chooseEngine(request: EngineRequest): Promise<EngineRecord> {
  const { wanted, step, threads, folder, nowMs } = request;
  const { tryOne = tryEngine, findAdapter = askAdapter } = request;
  const stored = await readChecks(folder);
  const fresh: StoredChecks = {};
  const candidates =
    wanted === 'automatic' ? engineNames.filter((name) => name !== lastResort) : [wanted];
  const needAdapter = candidates.filter((name) => onAdapter.includes(name));
  // Looked for while the others are tried.
  const looking = needAdapter.length > 0 ? findAdapter() : undefined;
  const outcomes = new Map<EngineName, CheckOutcome>();
  let isTold = false;
  const tellPromising = (name: EngineName): void => {
    if (isTold || !processorEngines.includes(name)) return;
    isTold = true;
    request.onPromising?.(name);
  };
  const attempt = async (name: EngineName): Promise<void> => {
    const adapter = onAdapter.includes(name) ? await looking : undefined;
    const refusal =
      wanted === 'automatic'
        ? (adapterRefusal(name, adapter) ?? plainRefusal(name, outcomes))
        : undefined;
    const key = checkKey(name, request, adapter);
    const startedMs = nowMs();
    const kept = stored[key];
    if (refusal === undefined && kept?.kind === 'passed') tellPromising(name);
    const outcome =
      refusal === undefined
        ? (kept ?? (await tryOne(name, step, threads, () => tellPromising(name))))
        : ({ kind: 'refused', reason: refusal, cause: 'moment' } as const);
    outcomes.set(name, outcome);
    if (isKept(outcome, nowMs() - startedMs)) fresh[key] = outcome;
  };
  for (const name of candidates) if (!needAdapter.includes(name)) await attempt(name);
  for (const name of needAdapter) await attempt(name);
  if (wanted === 'automatic' && selectEngine(outcomes) === undefined) await attempt(lastResort);
  const byTable = [...outcomes].toSorted(
    ([a], [b]) => engineNames.indexOf(a) - engineNames.indexOf(b),
  );
  const found = selectEngine(new Map(byTable));
  if (found === undefined) {
    // Refused for want of memory, none is wrong: a smaller batch may do.
    if ([...outcomes.values()].some((each) => each.kind === 'refused' && each.cause === 'memory'))
      throw new StationError('out-of-memory', {});
    const reason = [...outcomes]
      .map(([name, each]) => `${name}: ${each.kind === 'refused' ? each.reason : ''}`)
      .join('; ');
    throw new StationError('engine-unavailable', { reason });
  }
  await mkdir(folder, { recursive: true });
  await writeWhole(
    path.join(folder, checksName),
    `${JSON.stringify({ ...stored, ...fresh }, undefined, 2)}\n`,
  );
  const reason = wanted === 'automatic' ? found.reason : `asked for by the run; ${found.reason}`;
  return { ...found, reason };
}
