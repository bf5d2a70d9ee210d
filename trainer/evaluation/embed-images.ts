import path from 'node:path';
import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import { writePlainView } from '../data/image-cache.ts';
import { prepareCache } from '../data/prepare-cache.ts';
import { buildEmbedder } from '../engine/onnx-embedder.ts';
import { featureLength } from '../models/encoder.ts';
import { preparedFolderOf } from '../prepare-images.ts';
import type { RunContext } from '../run-context.ts';
import type { SavedEncoder } from './saved-encoder.ts';

const batchImages = 16;

type EmbedOptions = {
  readonly context: Pick<RunContext, 'filesFolder' | 'threads' | 'control' | 'configuration'>;
  /** After each batch, images done so far. */
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
  const size = 3 * side * side;
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
  const embedder = await buildEmbedder({
    encoder,
    imageHeight: side,
    imageWidth: side,
    batchImages,
    threads,
    weights: saved.tensors,
    statistics: new Map(),
  });
  const length = featureLength(encoder);
  const features = new Map<number, Float32Array>();
  try {
    const batch = new Float32Array(batchImages * size);
    for (let from = 0; from < cache.images.length; from += batchImages) {
      await control.checkpoint();
      const part = cache.images.slice(from, from + batchImages);
      for (const [i, image] of part.entries()) writePlainView(cache, image, batch, i * size);
      const found = await embedder.embed(batch.subarray(0, part.length * size));
      for (const [i, { imageId }] of part.entries())
        features.set(imageId, found.slice(i * length, (i + 1) * length));
      onBatch(Math.min(images.length, from + batchImages));
    }
    return features;
  } finally {
    await embedder.close();
  }
}
