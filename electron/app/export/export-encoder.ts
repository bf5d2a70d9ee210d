import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { findModel } from '../../../shared/database/models.ts';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { findRun } from '../../../shared/database/runs.ts';
import type { EncoderExport } from '../../../shared/ipc/answers.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { EncoderFormat } from '../../../shared/training/encoder-formats.ts';
import type { Host } from '../../host/host.ts';
import { wordFileError } from '../file-errors.ts';
import { askTrainer } from '../training/ask-trainer.ts';

/**
 * Exports encoders for other programs. By run: into `exports/encoder-run-<id>.<format>` below the data folder, in place
 * of an earlier export of the same. By model: to where the person says in the host's own dialog, and into
 * `exports/model-<version>.<format>` where the host has none. Throws StationError not-found, file-missing,
 * unreadable-file, disk-full.
 */
export function createEncoderExports(
  database: ReadDatabase,
  host: Host,
): SomeHandlers<'export.encoder' | 'export.model'> {
  const { dataFolder } = host;

  const prepareExports = (): string => {
    const folder = path.join(dataFolder, 'exports');
    try {
      if (!existsSync(folder)) mkdirSync(folder);
    } catch (error) {
      throw wordFileError(error, folder, dataFolder);
    }
    return folder;
  };
  const write = async (
    encoder: { readonly file: string; readonly sha256: string },
    format: EncoderFormat,
    target: string,
  ): Promise<EncoderExport> => {
    const { encoder: written } = await askTrainer(host, {
      kind: 'export-encoder',
      file: path.join(dataFolder, encoder.file),
      sha256: encoder.sha256,
      format,
      target,
    });
    if (written === undefined) throw new Error('The trainer did not say what it has exported.');
    return written;
  };

  return {
    'export.encoder': async ({ runId, format }) => {
      const run = findRun(database, runId);
      if (run === undefined) throw new StationError('not-found', { what: 'run' });
      const { file, sha256 } = run;
      if (file === null || sha256 === null)
        throw new StationError('not-found', { what: 'encoder of that run' });
      const target = path.join(prepareExports(), `encoder-run-${runId}.${format}`);
      return write({ file, sha256 }, format, target);
    },
    'export.model': async ({ version, format }) => {
      const model = findModel(database, version);
      if (model === undefined) throw new StationError('not-found', { what: 'model' });
      if (model.fileDeletedAtMs !== null)
        throw new StationError('file-missing', { file: model.file });
      const name = `model-${version}.${format}`;
      const target = host.nativeDialogs
        ? await host.chooseTarget(name)
        : path.join(prepareExports(), name);
      return target === undefined ? null : write(model, format, target);
    },
  };
}
