import { mkdir } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { StationError } from '../shared/station-error.ts';
import type { TrainerReport } from '../shared/trainer-protocol.ts';
import { beginEngine } from './engine/open-engine.ts';
import { evaluateRun } from './evaluation/evaluate-run.ts';
import { isMemoryShortage } from './memory-shortage.ts';
import { mine } from './mine.ts';
import { prepareImages } from './prepare-images.ts';
import { pretrain } from './pretrain.ts';
import type { RunContext } from './run-context.ts';
import { writeRunRecord } from './run-record.ts';
import { saveEncoder } from './save-encoder.ts';
import { takeSnapshot } from './snapshot.ts';
import { beginStage } from './stage-progress.ts';
import { readEncoderStart } from './weights/initial-from-file.ts';

/** How a trainer's work ended. */
export type Ended = Extract<TrainerReport, { readonly kind: 'ended' }>;

/** Failures of the operating system as failures of the station. */
function toStationError(error: unknown, folder: string): StationError {
  if (error instanceof StationError) return error;
  const code = (error as { readonly code?: string } | undefined)?.code;
  const reason = error instanceof Error ? error.message : String(error);
  // EFBIG: the file system or a limit of the process allows no larger file.
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new StationError('disk-full', { folder }, { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new StationError('data-folder-read-only', { folder }, { cause: error });
  if (isMemoryShortage(error)) return new StationError('out-of-memory', {}, { cause: error });
  return new StationError('internal', { reason }, { cause: error });
}

async function runStages(context: RunContext): Promise<Ended> {
  const { configuration, report, runFolder } = context;
  await mkdir(runFolder, { recursive: true });
  // A file that does not fit is told before hours of mining.
  if (!configuration.mineOnly) await readEncoderStart(context);
  const snapshot = await takeSnapshot(context);
  const { record, images, resumable } = snapshot;
  const { simulated, belowGate } = record;
  const begun = configuration.mineOnly ? undefined : beginEngine(context, record.engine, resumable);
  const { alike, record: mined } = await mine(context, snapshot);
  if (resumable && record.pairLists && !isDeepStrictEqual(record.pairLists, mined.pairLists)) {
    process.stderr.write('Mining finds other pairs than when this run began: it begins anew.\n');
    await begun?.abandon();
    report({ kind: 'restarted' });
    return runStages({ ...context, resume: false });
  }
  await writeRunRecord(runFolder, { ...record, ...mined });
  if (begun === undefined) return { kind: 'ended', outcome: 'done' };
  const { cache, leftOut } = await prepareImages(context, images);
  report({
    kind: 'snapshot',
    images: cache.images.length,
    leftOut,
    belowGate: belowGate.length,
    simulated,
  });
  const engine = await pretrain(context, cache, alike, resumable, begun);
  try {
    const tell = beginStage(context, 'save', 1);
    const encoder = await saveEncoder(context, engine, simulated);
    tell(1);
    await evaluateRun(context, snapshot, encoder);
    return { kind: 'ended', outcome: 'done', encoder };
  } finally {
    await engine.close();
  }
}

/** Does a whole run and says how it ended; never throws. */
export function run(context: RunContext): Promise<Ended> {
  return tellEnd(() => runStages(context), context.runFolder);
}

/** Does a trainer's work in a folder and says how it ended; never throws. */
export async function tellEnd(work: () => Promise<Ended>, folder: string): Promise<Ended> {
  try {
    return await work();
  } catch (error) {
    const failure = toStationError(error, folder);
    if (failure.code === 'cancelled') return { kind: 'ended', outcome: 'cancelled' };
    if (failure.code === 'internal')
      process.stderr.write(
        `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    const { code, details } = failure;
    return { kind: 'ended', outcome: 'failed', error: { code, details: { ...details } } };
  }
}
