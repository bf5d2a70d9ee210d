import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { InitialWeightsChoice } from '../../../shared/training/initial-weights.ts';
import type { Host } from '../../host/host.ts';
import { wordFileError } from '../file-errors.ts';
import type { FileStore } from '../file-store.ts';
import { askTrainer } from './ask-trainer.ts';

/** Larger files are no encoder of the station: its largest has 180 MB in float32. */
const largestBytes = 2e9;

/**
 * Copies a file of weights into the store, for a run's configuration. Whether it fits is told by `weights.check`,
 * and again at the run's start. Throws StationError weights-unreadable (too large), file-missing, no-permission, disk-full.
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
  return storeWeights(store, name, bytes);
}

/** Takes weights that are in memory (an upload of the page) into the store. Throws StationError disk-full. */
export async function storeWeights(
  store: FileStore,
  name: string,
  bytes: Uint8Array,
): Promise<InitialWeightsChoice> {
  return { from: 'file', sha256: await store.put(bytes), name: name.slice(-255) };
}

/**
 * Lets an administrator choose a file of weights with the host's own dialog, and tells before a run whether chosen
 * weights fit its encoder.
 */
export function createWeightFiles(
  host: Host,
  store: FileStore,
): SomeHandlers<'weights.choose' | 'weights.check'> {
  return {
    'weights.choose': async () => {
      const [file] = (await host.choosePaths('weights')) ?? [];
      return file === undefined ? null : storeWeightFile(store, file);
    },
    'weights.check': async (asked) => {
      const { adapted = [] } = await askTrainer(host, {
        kind: 'check-weights',
        filesFolder: store.folder,
        ...asked,
      });
      return { adapted };
    },
  };
}
