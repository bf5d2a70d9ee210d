import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';
import { wordFileError } from './file-errors.ts';

/** Pixel files by their SHA-256, each stored once. */
export interface FileStore {
  readonly folder: string;
  /** Absolute path of a stored file. */
  pathOf(sha256: string): string;
  /**
   * Stores the bytes under their hash: written aside, synced, renamed, so that a file is whole or not
   * there. Answers the hash. Throws StationError disk-full, no-permission, data-folder-missing.
   */
  put(bytes: Uint8Array): Promise<string>;
  remove(sha256: string): Promise<void>;
}

/** Lower-case hexadecimal SHA-256. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The file store of a data folder, which must exist. */
export function createFileStore(dataFolder: string): FileStore {
  const folder = path.join(dataFolder, 'files');
  const pathOf = (sha256: string): string => path.join(folder, sha256.slice(0, 2), sha256);

  const put = async (bytes: Uint8Array): Promise<string> => {
    const sha256 = sha256Of(bytes);
    const target = pathOf(sha256);
    if (existsSync(target)) return sha256;
    if (!existsSync(dataFolder))
      throw new StationError('data-folder-missing', { folder: dataFolder });
    const part = `${target}.part`;
    try {
      await mkdir(path.dirname(target), { recursive: true });
      const handle = await open(part, 'w');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(part, target);
    } catch (error) {
      await rm(part, { force: true });
      throw wordFileError(error, target, dataFolder);
    }
    return sha256;
  };

  return {
    folder,
    pathOf,
    put,
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
  };
}
