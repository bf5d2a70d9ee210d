import { rmSync } from 'node:fs';
import path from 'node:path';

/** Where mining keeps relations between runs. */
export const miningFolderOf = (dataFolder: string): string => path.join(dataFolder, 'mining');

/**
 * Forgets the relations kept between runs, after gaze was withdrawn or deleted. They are derived: the next run
 * computes what it needs. Where a run holds the files open, that run's successor leaves out what is gone.
 */
export function forgetRelations(dataFolder: string): void {
  try {
    rmSync(miningFolderOf(dataFolder), { recursive: true, force: true });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}
