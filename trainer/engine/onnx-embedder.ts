import type { Embedder, EmbedderDescription } from '../backend.ts';
import { featureLength } from '../models/encoder.ts';
import { sizeOf } from './graph-builder.ts';
import { openSession, weightFeeds, wrapArray } from './onnx-session.ts';
import { buildEmbeddingGraph, imageShape } from './training-graph.ts';

/** Compiles an encoder for use on the CPU. */
export async function buildEmbedder(description: EmbedderDescription): Promise<Embedder> {
  const { encoder, threads, weights, statistics } = description;
  const graph = buildEmbeddingGraph(description);
  const session = await openSession(graph.build(), threads);
  const feeds = weightFeeds(graph.parameters, new Map([...weights, ...statistics]));
  const shape = imageShape(description);
  const whole = sizeOf(shape);
  const perImage = whole / description.batchImages;
  const padded = new Float32Array(whole);
  return {
    embed: async (images) => {
      if (images.length > whole || images.length % perImage !== 0)
        throw new Error(`${images.length / perImage} images do not fit the encoder's batch.`);
      padded.set(images);
      padded.fill(0, images.length);
      const { features } = await session.run({ ...feeds, images: wrapArray(padded, shape) });
      if (!(features?.data instanceof Float32Array))
        throw new Error('The encoder gave no numbers.');
      return features.data.slice(0, (images.length / perImage) * featureLength(encoder));
    },
    close: () => session.release(),
  };
}
