import type { ResnetName } from '../../shared/training/run-configuration.ts';
import { convolve } from '../engine/convolution.ts';
import type { GraphBuilder, Tensor } from '../engine/graph-builder.ts';
import { type BatchStatistics, globalAveragePool, normFeatures } from '../engine/layers.ts';
import { maxPool } from '../engine/max-pool.ts';

/** A residual network (He et al. 2016), named and shaped as torchvision's. */
export type ResnetDescription = {
  /** Two convolutions of 3 x 3, or a bottleneck of 1 x 1, 3 x 3 (with the stride) and 1 x 1 to four times the width. */
  readonly block: 'basic' | 'bottleneck';
  /** Channels of the stem and of the four stages; a bottleneck puts out four times as many. */
  readonly widths: readonly [number, number, number, number];
  readonly blocks: readonly [number, number, number, number];
};

const widths = [64, 128, 256, 512] as const;

/** Every residual encoder of the station. */
export const resnets: Readonly<Record<ResnetName, ResnetDescription>> = {
  'resnet-10': { block: 'basic', widths: [32, 64, 128, 256], blocks: [1, 1, 1, 1] },
  'resnet-18': { block: 'basic', widths, blocks: [2, 2, 2, 2] },
  'resnet-26': { block: 'bottleneck', widths, blocks: [2, 2, 2, 2] },
  'resnet-34': { block: 'basic', widths, blocks: [3, 4, 6, 3] },
  'resnet-50': { block: 'bottleneck', widths, blocks: [3, 4, 6, 3] },
  'resnet-101': { block: 'bottleneck', widths, blocks: [3, 4, 23, 3] },
};

const expansion = { basic: 1, bottleneck: 4 } as const;

/** Length of an encoder's features. */
export function featureLength(encoder: ResnetName): number {
  const resnet = resnets[encoder];
  return resnet.widths[3] * expansion[resnet.block];
}

/** A block's name, its width (a bottleneck puts out four times as much) and its stride. */
export type BlockPlace = {
  readonly name: string;
  readonly width: number;
  readonly stride: 1 | 2;
};

/** Kernel and stride of a block's convolutions, in order; the last is not followed by a ReLU of its own. */
function convolutionsOf(
  kind: ResnetDescription['block'],
  { width, stride }: BlockPlace,
): readonly { readonly kernel: 1 | 3; readonly stride: 1 | 2; readonly out: number }[] {
  if (kind === 'basic')
    return [
      { kernel: 3, stride, out: width },
      { kernel: 3, stride: 1, out: width },
    ];
  return [
    { kernel: 1, stride: 1, out: width },
    { kernel: 3, stride, out: width },
    { kernel: 1, stride: 1, out: width * expansion.bottleneck },
  ];
}

/** A residual block; its shortcut is a projection (`<name>.downsample`) where the shape changes. */
export function residualBlock(
  g: GraphBuilder,
  x: Tensor,
  kind: ResnetDescription['block'],
  place: BlockPlace,
  norms: BatchStatistics[],
): Tensor {
  const { name, width, stride } = place;
  const out = width * expansion[kind];
  let shortcut = x;
  if (stride === 2 || x.shape[1] !== out) {
    const shape = { out, kernel: 1, stride, padding: 0 };
    const projected = convolve(g, x, `${name}.downsample.0.weight`, shape);
    shortcut = normFeatures(g, projected, `${name}.downsample.1`, norms);
  }
  const convolutions = convolutionsOf(kind, place);
  let y = x;
  for (const [i, each] of convolutions.entries()) {
    const shape = { ...each, padding: each.kernel === 3 ? 1 : 0 };
    y = convolve(g, y, `${name}.conv${i + 1}.weight`, shape);
    const isLast = i === convolutions.length - 1;
    y = normFeatures(g, y, `${name}.bn${i + 1}`, norms, {
      rectify: true,
      ...(isLast ? { shortcut } : {}),
    });
  }
  return y;
}

/** Images `[N, 3, H, W]` -> feature map `[N, width, H / 4, W / 4]`: 7 x 7 with stride 2, batch norm, ReLU, max pooling. */
export function stem(
  g: GraphBuilder,
  images: Tensor,
  width: number,
  norms: BatchStatistics[],
): Tensor {
  const shape = { out: width, kernel: 7, stride: 2, padding: 3 } as const;
  const x = convolve(g, images, 'conv1.weight', shape, false);
  return maxPool(g, normFeatures(g, x, 'bn1', norms, { rectify: true }));
}

/** Images `[N, 3, height, width]` (multiples of 32) -> features `[N, featureLength]`; `mostBlocks` of a stage. */
export function encode(
  g: GraphBuilder,
  images: Tensor,
  encoder: ResnetName,
  norms: BatchStatistics[],
  mostBlocks = Infinity,
): Tensor {
  const resnet = resnets[encoder];
  let x = stem(g, images, resnet.widths[0], norms);
  for (const [stage, count] of resnet.blocks.entries())
    for (let block = 0; block < Math.min(count, mostBlocks); block += 1) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const width = resnet.widths[stage] ?? 0;
      const name = `layer${stage + 1}.${block}`;
      x = residualBlock(g, x, resnet.block, { name, width, stride }, norms);
    }
  return globalAveragePool(g, x);
}
