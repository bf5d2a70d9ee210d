import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { InitialWeightsChoice } from '../../../shared/training/initial-weights.ts';
import type { Host } from '../../host/host.ts';
import { wordFileError } from '../file-errors.ts';
import type { FileStore } from '../file-store.ts';

/** Larger files are no encoder of the station: its largest has 180 MB in float32. */
const largestBytes = 2e9;

/**
 * Copies a file of weights into the store, for a run's configuration. Whether it fits is told at the run's
 * start. Throws StationError weights-unreadable (too large), file-missing, no-permission, disk-full.
 */
export async function storeWeightFile(
  store: FileStore,
  file: string,
): Promise<InitialWeightsChoice> {
  const name = path.basename(file);
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > largestBytes)
      throw new StationError('weights-unreadable', {
        file: name,
        reason: `it has ${(size / 1e9).toFixed(1)} GB, more than any encoder of the station`,
      });
    bytes = await readFile(file);
  } catch (error) {
    throw wordFileError(error, file, path.dirname(file));
  }
  return { from: 'file', sha256: await store.put(bytes), name };
}

/** Lets an administrator choose a file of weights with the host's own dialog. */
export function createWeightFiles(host: Host, store: FileStore): SomeHandlers<'weights.choose'> {
  return {
    'weights.choose': async () => {
      const [file] = (await host.choosePaths('files')) ?? [];
      return file === undefined ? null : storeWeightFile(store, file);
    },
  };
}
