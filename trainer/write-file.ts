import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file so that after a crash it is either the old one or the new one, whole: aside, synced,
 * renamed, and the folder synced. `beforeRename` is called once the new one is on the disk.
 */
export async function writeWhole(
  file: string,
  content: Uint8Array | string,
  beforeRename?: () => Promise<void>,
): Promise<void> {
  const part = `${file}.part`;
  const handle = await open(part, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    // Half a file would only keep a full disk full.
    await rm(part, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await beforeRename?.();
  await rename(part, file);
  // Windows cannot open a folder; there the rename is durable by itself.
  if (process.platform === 'win32') return;
  const folder = await open(path.dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
