import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';
import { wordFileError } from './file-errors.ts';

/** Names inside the data folder. */
export const databaseName = 'fovea.sqlite';

/**
 * Makes sure that the data folder is there and can be written. It is made only where its parent exists:
 * a drive that is not connected must not be replaced by an empty folder.
 * Throws StationError data-folder-missing, data-folder-read-only, disk-full.
 */
export function prepareDataFolder(folder: string): void {
  if (!existsSync(folder)) {
    if (!existsSync(path.dirname(folder)))
      throw new StationError('data-folder-missing', { folder });
    try {
      mkdirSync(folder);
    } catch (error) {
      throw readOnlyOr(error, folder);
    }
  }
  if (!statSync(folder).isDirectory()) throw new StationError('data-folder-missing', { folder });
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw readOnlyOr(error, folder);
  }
}

function readOnlyOr(error: unknown, folder: string): Error {
  const worded = wordFileError(error, folder, folder);
  return worded instanceof StationError && worded.code === 'no-permission'
    ? new StationError('data-folder-read-only', { folder }, { cause: error })
    : worded;
}

/** Throws StationError data-folder-missing where the folder was moved away while the station runs. */
export function checkDataFolder(folder: string): void {
  if (!existsSync(path.join(folder, databaseName)))
    throw new StationError('data-folder-missing', { folder });
}
