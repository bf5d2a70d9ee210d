import type { ModelEncoder, ParameterDescription } from '../backend.ts';
import { GraphBuilder, type Tensor } from '../engine/graph-builder.ts';
import type { BatchStatistics } from '../engine/layers.ts';
import { encode as encodeResnet, featureLength as resnetLength } from './resnet.ts';
import { encodeVit, type VitName, vits } from './vit.ts';

/** Whether an encoder is a vision transformer; the others are residual networks. */
export function isVit(encoder: ModelEncoder): encoder is VitName {
  return Object.hasOwn(vits, encoder);
}

/** Length of an encoder's features. */
export const featureLength = (encoder: ModelEncoder): number =>
  isVit(encoder) ? vits[encoder].width : resnetLength(encoder);

/** Images `[N, 3, height, width]` (multiples of 32) -> features `[N, featureLength]`; `mostBlocks` of a stage. */
export function encode(
  g: GraphBuilder,
  images: Tensor,
  encoder: ModelEncoder,
  norms: BatchStatistics[],
  mostBlocks?: number,
): Tensor {
  return isVit(encoder)
    ? encodeVit(g, images, encoder, mostBlocks)
    : encodeResnet(g, images, encoder, norms, mostBlocks);
}

/** What an encoder keeps, in the order of its graph. */
export type EncoderTensors = {
  readonly parameters: readonly ParameterDescription[];
  /** Running mean and variance of every batch norm. */
  readonly statistics: readonly ParameterDescription[];
};

/** Names and shapes of an encoder's tensors for images of this height and width. */
export function describeEncoder(
  encoder: ModelEncoder,
  imageHeight: number,
  imageWidth = imageHeight,
): EncoderTensors {
  const g = new GraphBuilder();
  const norms: BatchStatistics[] = [];
  encode(g, g.input('images', [2, 3, imageHeight, imageWidth]), encoder, norms);
  return {
    parameters: g.parameters,
    statistics: norms.flatMap(({ name, channels }) =>
      ['mean', 'var'].map((kind) => ({ name: `${name}.running_${kind}`, shape: [channels] })),
    ),
  };
}
