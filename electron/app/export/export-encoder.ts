import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { findRun } from '../../../shared/database/runs.ts';
import type { EncoderExport } from '../../../shared/ipc/answers.ts';
import type { ParsedInput } from '../../../shared/ipc/contract.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';
import { type TrainerCommand, trainerReport } from '../../../shared/trainer-protocol.ts';
import type { Host } from '../../host/host.ts';
import { wordFileError } from '../file-errors.ts';

/** A trainer process that does one piece of work and ends; answers what it wrote. */
function askTrainer(host: Host, command: TrainerCommand): Promise<EncoderExport> {
  const { promise, resolve, reject } = Promise.withResolvers<EncoderExport>();
  const trainer = host.startTrainer();
  const lines: string[] = [];
  trainer.onOutput((line) => void lines.push(line));
  trainer.onMessage((message) => {
    const report = trainerReport.safeParse(message);
    if (!report.success || report.data.kind !== 'ended') return;
    const { encoder, error } = report.data;
    if (encoder !== undefined) resolve(encoder);
    else if (error !== undefined) reject(new StationError(error.code, error.details));
  });
  // After an end that was told this changes nothing.
  trainer.onExit((code, signal) => {
    const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
    reject(new StationError('trainer-crashed', { how }, { cause: new Error(lines.join('\n')) }));
  });
  trainer.send(command);
  return promise;
}

/**
 * Exports a run's encoder into `exports/encoder-run-<id>.<format>` below the data folder, in place of an
 * earlier export of the same. Throws StationError not-found, file-missing, unreadable-file, disk-full.
 */
export function createEncoderExports(
  database: ReadDatabase,
  host: Host,
): SomeHandlers<'export.encoder'> {
  const exportEncoder = async ({
    runId,
    format,
  }: ParsedInput<'export.encoder'>): Promise<EncoderExport> => {
    const run = findRun(database, runId);
    if (run === undefined) throw new StationError('not-found', { what: 'run' });
    if (run.file === null || run.sha256 === null)
      throw new StationError('not-found', { what: 'encoder of that run' });
    const folder = path.join(host.dataFolder, 'exports');
    try {
      if (!existsSync(folder)) mkdirSync(folder);
    } catch (error) {
      throw wordFileError(error, folder, host.dataFolder);
    }
    return askTrainer(host, {
      kind: 'export-encoder',
      file: path.join(host.dataFolder, run.file),
      sha256: run.sha256,
      format,
      target: path.join(folder, `encoder-run-${runId}.${format}`),
    });
  };
  return { 'export.encoder': exportEncoder };
}
