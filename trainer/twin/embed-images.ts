import type { EncoderName } from '../../shared/training/run-configuration.ts';
import { type CachedImage, type ImageCache, writePlainView } from '../data/image-cache.ts';
import { buildEmbedder } from '../engine/onnx-embedder.ts';
import { featureLength } from '../models/encoder.ts';

/** An encoder as training left it: weights and batch norm's running statistics, by torchvision's names. */
export type TrainedEncoder = {
  readonly encoder: EncoderName;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, Float32Array>;
};

const batchImages = 16;

/** Features of images of a cache, whole and without any chance, `[images, featureLength]`. */
export async function embedImages(
  trained: TrainedEncoder,
  cache: ImageCache,
  images: readonly CachedImage[],
  threads: number,
): Promise<Float32Array> {
  const { height, width } = cache.format;
  const embedder = await buildEmbedder({
    ...trained,
    imageHeight: height,
    imageWidth: width,
    batchImages,
    threads,
  });
  try {
    const length = featureLength(trained.encoder);
    const features = new Float32Array(images.length * length);
    const size = 3 * height * width;
    for (let from = 0; from < images.length; from += batchImages) {
      const part = images.slice(from, from + batchImages);
      const input = new Float32Array(part.length * size);
      for (const [i, image] of part.entries()) writePlainView(cache, image, input, i * size);
      features.set(await embedder.embed(input), from * length);
    }
    return features;
  } finally {
    await embedder.close();
  }
}
