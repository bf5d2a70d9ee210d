import path from 'node:path';
import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import type { ImageCache } from '../data/image-cache.ts';
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

/** What an encoder makes of images: their pictures at its own height and width, and its features by image id. */
export type EmbeddedImages = {
  readonly cache: ImageCache;
  readonly features: ReadonlyMap<number, Float32Array>;
};

/**
 * Features of each image, whole and without any chance, at the height and width that the encoder was trained on and
 * through the pictures that its own recipe prepares (the run's, where the file names none); what cannot be decoded is
 * named on standard error and missing.
 */
export async function embedImages(
  saved: SavedEncoder,
  images: readonly Pick<SnapshotImage, 'imageId' | 'sha256' | 'format' | 'laterality'>[],
  { context, onBatch }: EmbedOptions,
): Promise<EmbeddedImages> {
  const { filesFolder, control, configuration, threads } = context;
  const { imageHeight: height, imageWidth: width, encoder } = saved;
  const { cache, leftOut } = await prepareCache({
    images: images.map(({ imageId, sha256, format, laterality }) => ({
      imageId,
      sha256,
      format,
      laterality,
      file: path.join(filesFolder, sha256.slice(0, 2), sha256),
    })),
    root: preparedFolderOf(filesFolder),
    format: { recipe: saved.recipe ?? configuration.recipe, height, width },
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
  return {
    cache,
    features: new Map(
      cache.images.map(({ imageId }, i) => [imageId, features.slice(i * length, (i + 1) * length)]),
    ),
  };
}
