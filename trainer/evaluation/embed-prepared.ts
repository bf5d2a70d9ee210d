import type { EmbedderDescription } from '../backend.ts';
import { type CachedImage, type ImageCache, writePlainView } from '../data/image-cache.ts';
import { openEmbedder } from '../engine/open-embedder.ts';
import { featureLength } from '../models/encoder.ts';

const batchImages = 16;

/**
 * Features of images of a cache, whole and without any chance, `[images, featureLength]`. `beforeBatch` is told how
 * many are done; what it throws ends the work.
 */
export async function embedPrepared(
  encoder: Pick<EmbedderDescription, 'encoder' | 'weights' | 'statistics' | 'threads'>,
  cache: ImageCache,
  images: readonly CachedImage[],
  beforeBatch: (done: number) => Promise<void> = () => Promise.resolve(),
): Promise<Float32Array> {
  const { height, width } = cache.format;
  const embedder = await openEmbedder({
    ...encoder,
    imageHeight: height,
    imageWidth: width,
  });
  try {
    const length = featureLength(encoder.encoder);
    const size = 3 * height * width;
    const features = new Float32Array(images.length * length);
    const batch = new Float32Array(batchImages * size);
    for (let from = 0; from < images.length; from += batchImages) {
      await beforeBatch(from);
      const part = images.slice(from, from + batchImages);
      for (const [i, image] of part.entries()) writePlainView(cache, image, batch, i * size);
      features.set(await embedder.embed(batch.subarray(0, part.length * size)), from * length);
    }
    return features;
  } finally {
    await embedder.close();
  }
}
