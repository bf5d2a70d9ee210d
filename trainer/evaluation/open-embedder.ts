import { buildEmbedder } from '../engine/onnx-embedder.ts';
import { featureLength } from '../models/encoder.ts';
import type { SavedEncoder } from './saved-encoder.ts';

/** An encoder as it is used after training: forward only, with batch norm's running statistics. */
export interface Embedder {
  /** Length of a feature vector. */
  readonly length: number;
  /** Normalised images `[count, 3, side, side]` -> features `[count, length]`. */
  embed(images: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens a saved encoder for `count` images at a time; close it. Throws where a tensor is missing or of another size. */
export async function openEmbedder(
  { encoder, imageSide, tensors }: SavedEncoder,
  count: number,
  threads: number,
): Promise<Embedder> {
  const embedder = await buildEmbedder({
    encoder,
    imageHeight: imageSide,
    imageWidth: imageSide,
    batchImages: count,
    threads,
    weights: tensors,
    statistics: new Map(),
  });
  return {
    length: featureLength(encoder),
    embed: (images) => embedder.embed(images),
    close: () => embedder.close(),
  };
}
