import type { ResnetName as EncoderName } from '../../shared/training/run-configuration.ts';
import { convolve } from '../engine/convolution.ts';
import type { GraphBuilder, Tensor } from '../engine/graph-builder.ts';
import {
  addResidual,
  batchNorm,
  type BatchNorms,
  globalAveragePool,
  maxPool,
  relu,
} from '../engine/layers.ts';

/** A residual network of basic blocks (He et al. 2016), named and shaped as torchvision's. */
export type ResnetDescription = {
  /** Channels of the stem and of the four stages. */
  readonly widths: readonly [number, number, number, number];
  readonly blocks: readonly [number, number, number, number];
};

/** Every encoder of the station. */
export const resnets: Readonly<Record<EncoderName, ResnetDescription>> = {
  'resnet-10': { widths: [32, 64, 128, 256], blocks: [1, 1, 1, 1] },
  'resnet-18': { widths: [64, 128, 256, 512], blocks: [2, 2, 2, 2] },
};

/** Length of an encoder's features. */
export const featureLength = (encoder: EncoderName): number => resnets[encoder].widths[3];

function basicBlock(
  g: GraphBuilder,
  x: Tensor,
  name: string,
  out: number,
  stride: 1 | 2,
  norms: BatchNorms,
): Tensor {
  let shortcut = x;
  if (stride === 2 || x.shape[1] !== out) {
    const projected = convolve(g, x, `${name}.downsample.0.weight`, {
      out,
      kernel: 1,
      stride,
      padding: 0,
    });
    shortcut = batchNorm(g, projected, `${name}.downsample.1`, norms);
  }
  const first = convolve(g, x, `${name}.conv1.weight`, { out, kernel: 3, stride, padding: 1 });
  const middle = relu(g, batchNorm(g, first, `${name}.bn1`, norms));
  const second = convolve(g, middle, `${name}.conv2.weight`, {
    out,
    kernel: 3,
    stride: 1,
    padding: 1,
  });
  const normed = batchNorm(g, second, `${name}.bn2`, norms);
  return relu(g, addResidual(g, normed, shortcut));
}

/** Images `[N, 3, height, width]` (multiples of 32) -> features `[N, widths[3]]`. */
export function encode(
  g: GraphBuilder,
  images: Tensor,
  encoder: EncoderName,
  norms: BatchNorms,
): Tensor {
  const { widths, blocks } = resnets[encoder];
  const stem = convolve(
    g,
    images,
    'conv1.weight',
    { out: widths[0], kernel: 7, stride: 2, padding: 3 },
    false,
  );
  let x = maxPool(g, relu(g, batchNorm(g, stem, 'bn1', norms)));
  for (const [stage, count] of blocks.entries())
    for (let block = 0; block < count; block += 1) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const width = widths[stage] ?? 0;
      x = basicBlock(g, x, `layer${stage + 1}.${block}`, width, stride, norms);
    }
  return globalAveragePool(g, x);
}
