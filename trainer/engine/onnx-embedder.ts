import type { Embedder, EmbedderDescription } from '../backend.ts';
import { describeEncoder, isVit } from '../models/encoder.ts';
import { vits } from '../models/vit.ts';
import { encodeOnnx } from '../weights/encode-onnx.ts';
import { sizeOf } from './graph-builder.ts';
import { openSession, wrapArray } from './onnx-session.ts';

/**
 * Compiles an encoder for use on the CPU, as the model that is exported: its weights are constants, so that ONNX
 * Runtime folds batch norm into them and lays feature maps in blocks by itself. Throws where a tensor is missing or of
 * another size.
 */
export async function buildEmbedder(description: EmbedderDescription): Promise<Embedder> {
  const { encoder, imageHeight, imageWidth, threads, weights, statistics } = description;
  const described = describeEncoder(encoder, imageHeight, imageWidth);
  const tensors = [...described.parameters, ...described.statistics].map(({ name, shape }) => {
    const values = weights.get(name) ?? statistics.get(name);
    if (values?.length !== sizeOf(shape))
      throw new Error(`The encoder's ${name} must have ${sizeOf(shape)} values.`);
    return { name, shape, values };
  });
  const heads = isVit(encoder) ? { heads: String(vits[encoder].heads) } : {};
  const session = await openSession(encodeOnnx(tensors, heads), threads);
  const perImage = 3 * imageHeight * imageWidth;
  return {
    embed: async (images) => {
      const count = images.length / perImage;
      if (!Number.isInteger(count)) throw new Error(`${count} images cannot be embedded.`);
      const { features } = await session.run({
        images: wrapArray(images, [count, 3, imageHeight, imageWidth]),
      });
      if (!(features?.data instanceof Float32Array))
        throw new Error('The encoder gave no numbers.');
      return features.data;
    },
    close: () => session.release(),
  };
}
