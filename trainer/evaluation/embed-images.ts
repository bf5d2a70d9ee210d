import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import type { ImageCache } from '../data/batches.ts';
import { decodeImage } from '../data/decode-image.ts';
import { resizeToPlanes } from '../data/pixels.ts';
import type { RunContext } from '../run-context.ts';
import { buildEmbedder } from '../engine/onnx-embedder.ts';
import { featureLength } from '../models/resnet.ts';
import type { SavedEncoder } from './saved-encoder.ts';

/** Mean and deviation of ImageNet's channels, as in training; images are not augmented. */
const means = [0.485, 0.456, 0.406] as const;
const deviations = [0.229, 0.224, 0.225] as const;

const batchImages = 16;

/** Where images are found, and who is told. */
export type EmbedOptions = {
  readonly context: Pick<RunContext, 'filesFolder' | 'threads' | 'control'>;
  /** Images that are decoded already, three planes at `cachedSide`. */
  readonly cache: ImageCache;
  readonly cachedSide: number;
  /** After each batch, images done so far. */
  readonly onBatch: (done: number) => void;
};

/** Three planes in [0, 1] as the encoder expects them: less ImageNet's means, over its deviations. */
export function normalisePlanes(planes: Float32Array): Float32Array {
  const size = planes.length / 3;
  return planes.map((value, i) => {
    const channel = Math.floor(i / size);
    return (value - (means[channel] ?? 0)) / (deviations[channel] ?? 1);
  });
}

/** An image's three planes at a side, or undefined where it cannot be decoded; then it is named on standard error. */
export async function loadPlanes(
  { imageId, sha256, format }: SnapshotImage,
  side: number,
  { context, cache, cachedSide }: Omit<EmbedOptions, 'onBatch'>,
): Promise<Float32Array | undefined> {
  const cached = side === cachedSide ? cache.get(imageId) : undefined;
  if (cached !== undefined) return cached;
  try {
    const bytes = await readFile(path.join(context.filesFolder, sha256.slice(0, 2), sha256));
    return resizeToPlanes(await decodeImage(bytes, format), side);
  } catch (error) {
    const reason = error instanceof Error ? error.message : JSON.stringify(error);
    process.stderr.write(`Image ${imageId} is not judged: ${reason}\n`);
    return undefined;
  }
}

/** Features of each image by its id; what cannot be decoded is named on standard error and missing. */
export async function embedImages(
  saved: SavedEncoder,
  images: readonly SnapshotImage[],
  options: EmbedOptions,
): Promise<ReadonlyMap<number, Float32Array>> {
  const { context, onBatch } = options;
  const { imageSide: side } = saved;
  const size = 3 * side * side;
  const embedder = await buildEmbedder({
    encoder: saved.encoder,
    imageHeight: side,
    imageWidth: side,
    batchImages,
    threads: context.threads,
    weights: saved.tensors,
    statistics: saved.tensors,
  });
  const length = featureLength(saved.encoder);
  const features = new Map<number, Float32Array>();
  try {
    const batch = new Float32Array(batchImages * size);
    for (let from = 0; from < images.length; from += batchImages) {
      await context.control.checkpoint();
      const ids: number[] = [];
      for (const image of images.slice(from, from + batchImages)) {
        const planes = await loadPlanes(image, side, options);
        if (planes === undefined) continue;
        batch.set(normalisePlanes(planes), ids.length * size);
        ids.push(image.imageId);
      }
      const found = await embedder.embed(batch.subarray(0, ids.length * size));
      for (const [i, imageId] of ids.entries())
        features.set(imageId, found.slice(i * length, (i + 1) * length));
      onBatch(Math.min(images.length, from + batchImages));
    }
    return features;
  } finally {
    await embedder.close();
  }
}
