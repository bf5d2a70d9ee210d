import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SnapshotImage } from '../shared/database/snapshot.ts';
import { StationError } from '../shared/station-error.ts';
import type { ImageCache } from './data/image-cache.ts';
import { forgetDeleted, prepareCache } from './data/prepare-cache.ts';
import type { RunContext } from './run-context.ts';
import { beginStage } from './stage-progress.ts';

/** Folder of the prepared pictures, beside the images' files: derived, it may be deleted between runs. */
export const preparedFolderOf = (filesFolder: string): string =>
  path.join(path.dirname(filesFolder), 'prepared-images');

/**
 * Prepares every image for the run's recipe; a picture that was prepared before is used again. What cannot be
 * read or decoded, or was deleted since the snapshot, is left out, named on standard error and counted. Throws
 * StationError too-few-images where not even one batch is left, disk-full, cancelled.
 */
export async function prepareImages(
  context: RunContext,
  images: ReadonlyMap<number, SnapshotImage>,
): Promise<{ readonly cache: ImageCache; readonly leftOut: number }> {
  const { configuration, control, filesFolder } = context;
  const { imageSide, imageWidth, batchImages, recipe } = configuration;
  const root = preparedFolderOf(filesFolder);
  const fileOf = (sha256: string): string => path.join(filesFolder, sha256.slice(0, 2), sha256);
  const tell = beginStage(context, 'prepare-images', images.size);
  forgetDeleted(root, (sha256) => existsSync(fileOf(sha256)));
  const { cache, leftOut } = await prepareCache({
    images: [...images.values()].map(({ imageId, sha256, format, laterality }) => ({
      imageId,
      sha256,
      format,
      laterality,
      file: fileOf(sha256),
    })),
    root,
    format: { recipe, height: imageSide, width: imageWidth ?? imageSide },
    onImage: async (done) => {
      tell(done);
      await control.checkpoint();
    },
  });
  for (const { imageId, reason } of leftOut)
    process.stderr.write(`Image ${imageId} is left out: ${reason}\n`);
  if (cache.images.length < batchImages)
    throw new StationError('too-few-images', { found: cache.images.length, needed: batchImages });
  return { cache, leftOut: leftOut.length };
}
