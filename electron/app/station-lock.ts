import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function holderOf(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the data folder for this process by `station.lock`, which holds its process id; the lock of a
 * process that is gone (killed, power cut) is taken over. Answers the function that gives it back.
 * Throws StationError data-folder-in-use.
 */
export function lockDataFolder(folder: string): () => void {
  const file = path.join(folder, 'station.lock');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, `${process.pid}\n`);
      closeSync(handle);
      return () => {
        if (holderOf(file) === process.pid) rmSync(file, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = holderOf(file);
      if (pid !== undefined && pid !== process.pid && isAlive(pid))
        throw new StationError('data-folder-in-use', { pid, folder }, { cause: error });
      rmSync(file, { force: true });
    }
  }
  throw new StationError('data-folder-in-use', { pid: 'unknown', folder });
}
