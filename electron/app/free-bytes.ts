import { statfsSync } from 'node:fs';

/** Bytes that this user can still write to the disk of a folder; null where the system does not say. */
export function readFreeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
