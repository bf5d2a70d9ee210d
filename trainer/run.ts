import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { StationError } from '../shared/station-error.ts';
import type { TrainerReport } from '../shared/trainer-protocol.ts';
import { mine, takeSnapshot } from './mine.ts';
import { prepareImages } from './prepare-images.ts';
import { pretrain } from './pretrain.ts';
import type { RunContext } from './run-context.ts';
import { saveEncoder } from './save-encoder.ts';
import { writeWhole } from './write-file.ts';

type Ended = Extract<TrainerReport, { readonly kind: 'ended' }>;

/** Failures of the operating system as failures of the station. */
function toStationError(error: unknown, folder: string): StationError {
  if (error instanceof StationError) return error;
  const code = (error as { readonly code?: string } | undefined)?.code;
  const reason = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new StationError('disk-full', { folder }, { cause: error });
  if (/memory|bad_alloc|allocation failed/iu.test(reason))
    return new StationError('out-of-memory', {}, { cause: error });
  return new StationError('internal', { reason }, { cause: error });
}

async function runStages(context: RunContext): Promise<Ended> {
  const { configuration, report, runFolder, runId } = context;
  await mkdir(runFolder, { recursive: true });
  const snapshot = await takeSnapshot(context);
  const alike = await mine(context, snapshot);
  const simulated =
    snapshot.readings.some((reading) => reading.simulated) ||
    [...snapshot.images.values()].some((image) => image.simulated);
  await writeWhole(
    path.join(runFolder, 'run.json'),
    `${JSON.stringify(
      {
        runId,
        notice: 'Research use only. Not for diagnosis.',
        configuration,
        readingIds: snapshot.readings.map((reading) => reading.readingId),
        images: [...snapshot.images.values()].map(({ imageId, sha256 }) => ({ imageId, sha256 })),
        simulated,
      },
      undefined,
      2,
    )}\n`,
  );
  if (configuration.mineOnly) {
    report({ kind: 'snapshot', images: snapshot.images.size, leftOut: 0, simulated });
    return { kind: 'ended', outcome: 'done' };
  }
  const { cache, leftOut } = await prepareImages(context, snapshot.images);
  report({ kind: 'snapshot', images: cache.size, leftOut, simulated });
  const engine = await pretrain(context, cache, alike);
  try {
    report({ kind: 'stage', stage: 'save', total: 1 });
    const encoder = await saveEncoder(context, engine, simulated);
    report({ kind: 'progress', stage: 'save', done: 1, total: 1 });
    return { kind: 'ended', outcome: 'done', encoder };
  } finally {
    await engine.close();
  }
}

/** Does a whole run and says how it ended; never throws. */
export async function run(context: RunContext): Promise<Ended> {
  try {
    return await runStages(context);
  } catch (error) {
    const failure = toStationError(error, context.runFolder);
    if (failure.code === 'cancelled') return { kind: 'ended', outcome: 'cancelled' };
    if (failure.code === 'internal')
      process.stderr.write(
        `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    const { code, details } = failure;
    return { kind: 'ended', outcome: 'failed', error: { code, details: { ...details } } };
  }
}
