import path from 'node:path';
import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import { prepareCache } from '../data/prepare-cache.ts';
import { featureLength } from '../models/encoder.ts';
import { preparedFolderOf } from '../prepare-images.ts';
import type { RunContext } from '../run-context.ts';
import { embedPrepared } from './embed-prepared.ts';
import type { SavedEncoder } from './saved-encoder.ts';

type EmbedOptions = {
  readonly context: Pick<RunContext, 'filesFolder' | 'threads' | 'control' | 'configuration'>;
  /** Images done so far. */
  readonly onBatch: (done: number) => void;
};

/**
 * Features of each image by its id, whole and without any chance, through the pictures that the run's recipe prepares;
 * what cannot be decoded is named on standard error and missing.
 */
export async function embedImages(
  saved: SavedEncoder,
  images: readonly SnapshotImage[],
  { context, onBatch }: EmbedOptions,
): Promise<ReadonlyMap<number, Float32Array>> {
  const { filesFolder, control, configuration, threads } = context;
  const { imageSide: side, encoder } = saved;
  const { cache, leftOut } = await prepareCache({
    images: images.map(({ imageId, sha256, format, laterality }) => ({
      imageId,
      sha256,
      format,
      laterality,
      file: path.join(filesFolder, sha256.slice(0, 2), sha256),
    })),
    root: preparedFolderOf(filesFolder),
    format: { recipe: configuration.recipe, height: side, width: side },
    onImage: () => control.checkpoint(),
  });
  for (const { imageId, reason } of leftOut)
    process.stderr.write(`Image ${imageId} is not judged: ${reason}\n`);
  const features = await embedPrepared(
    { encoder, threads, weights: saved.tensors, statistics: new Map() },
    cache,
    cache.images,
    async (done) => {
      onBatch(done);
      await control.checkpoint();
    },
  );
  onBatch(images.length);
  const length = featureLength(encoder);
  return new Map(
    cache.images.map(({ imageId }, i) => [imageId, features.slice(i * length, (i + 1) * length)]),
  );
}
