import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { StationError } from '../../../shared/station-error.ts';
import { modelFileOf } from '../../../shared/training/initial-weights.ts';

/** Where models lie, by the SHA-256 of their files; relative to the data folder. */
export const modelsFolder = 'models';

const chunkBytes = 1 << 20;

/** Lower-case hexadecimal SHA-256 of a file, read in pieces. */
export function hashFile(file: string): string {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(chunkBytes);
  const handle = openSync(file, 'r');
  try {
    for (;;) {
      const bytes = readSync(handle, chunk);
      if (bytes === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, bytes));
    }
  } finally {
    closeSync(handle);
  }
}

/**
 * Takes an encoder that a run has saved into the models: under its SHA-256, read-only, beside the run's own
 * copy. What a run writes later in its folder does not change it. Answers the name relative to the data folder.
 * Throws StationError file-missing, and model-file-damaged where the bytes are not those that the trainer named.
 */
export function adoptEncoder(
  dataFolder: string,
  encoder: { readonly file: string; readonly sha256: string; readonly runId: number },
): string {
  const source = path.join(dataFolder, encoder.file);
  if (!existsSync(source)) throw new StationError('file-missing', { file: encoder.file });
  if (hashFile(source) !== encoder.sha256)
    throw new StationError('model-file-damaged', { version: `of run ${encoder.runId}` });
  const name = modelFileOf(encoder.sha256);
  const target = path.join(dataFolder, name);
  mkdirSync(path.dirname(target), { recursive: true });
  if (existsSync(target) && hashFile(target) === encoder.sha256) return name;
  const part = `${target}.part`;
  rmSync(part, { force: true });
  // A copy, not a link: whoever writes into the run's file must not write into the model. Cloned where it can be.
  copyFileSync(source, part, constants.COPYFILE_FICLONE);
  const handle = openSync(part, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chmodSync(part, 0o444);
  renameSync(part, target);
  return name;
}

/** Whether a model's file is there with the bytes that were registered. */
export function checkModelFile(
  dataFolder: string,
  model: {
    readonly file: string;
    readonly sha256: string;
    readonly fileDeletedAtMs: number | null;
  },
): 'whole' | 'damaged' | 'missing' | 'deleted' {
  if (model.fileDeletedAtMs !== null) return 'deleted';
  const file = path.join(dataFolder, model.file);
  if (!existsSync(file)) return 'missing';
  return hashFile(file) === model.sha256 ? 'whole' : 'damaged';
}
