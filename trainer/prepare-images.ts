import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SnapshotImage } from '../shared/database/snapshot.ts';
import { StationError } from '../shared/station-error.ts';
import type { ImageCache } from './data/batches.ts';
import { decodeImage } from './data/decode-image.ts';
import { resizeToPlanes } from './data/pixels.ts';
import type { RunContext } from './run-context.ts';
import { beginStage } from './stage-progress.ts';

/**
 * Decodes every image once and keeps it at the run's side. What cannot be decoded is left out, named on
 * standard error and counted. Throws StationError too-few-images where not even one batch is left.
 */
export async function prepareImages(
  context: RunContext,
  images: ReadonlyMap<number, SnapshotImage>,
): Promise<{ readonly cache: ImageCache; readonly leftOut: number }> {
  const { configuration, control, filesFolder } = context;
  const { imageSide, batchImages } = configuration;
  const cache = new Map<number, Float32Array>();
  let leftOut = 0;
  const tell = beginStage(context, 'prepare-images', images.size);
  for (const { imageId, sha256, format } of images.values()) {
    await control.checkpoint();
    try {
      const bytes = await readFile(path.join(filesFolder, sha256.slice(0, 2), sha256));
      cache.set(imageId, resizeToPlanes(await decodeImage(bytes, format), imageSide));
    } catch (error) {
      leftOut += 1;
      const reason = error instanceof Error ? error.message : JSON.stringify(error);
      process.stderr.write(`Image ${imageId} is left out: ${reason}\n`);
    }
    tell(cache.size + leftOut);
  }
  if (cache.size < batchImages)
    throw new StationError('too-few-images', { found: cache.size, needed: batchImages });
  return { cache, leftOut };
}
