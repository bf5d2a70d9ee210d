import type { ConvolutionShape } from './convolution.ts';
import { type BlockedConvolution, blockedConvolution, fourSizes } from './blocked-operators.ts';
import { blockedWeightGradient, stemWeightGradient } from './blocked-weight-gradient.ts';
import type { GraphBuilder, Tensor } from './graph-builder.ts';

/**
 * Convolution without bias over blocked feature maps. `isStem`: x is the plain image batch (7 x 7, stride 2,
 * padding 3, three channels) and needs no gradient. The weight stays [M, C, k, k] outside.
 */
export function convolveBlocked(
  g: GraphBuilder,
  x: Tensor,
  name: string,
  shape: ConvolutionShape,
  isStem: boolean,
): Tensor {
  const { out, kernel, stride, padding } = shape;
  const channels = x.shape[1] ?? 0;
  const weight = g.parameter(name, [out, channels, kernel, kernel]);
  const options: BlockedConvolution = {
    kernel: [kernel, kernel],
    pads: [padding, padding, padding, padding],
    stride,
  };
  if (isStem) {
    const y = blockedConvolution(g, x, stemWeight(g, weight), options);
    g.onBackward(() => g.addGradient(weight, stemWeightGradient(g, x, g.gradientOf(y))));
    return y;
  }
  const taps = byTap(g, weight);
  const y = blockedConvolution(g, x, forwardWeight(g, taps, kernel), options);
  g.onBackward(() => {
    const dy = g.gradientOf(y);
    g.addGradient(weight, blockedWeightGradient(g, x, dy, shape));
    g.addGradient(x, inputGradient(g, x, taps, dy, shape));
  });
  return y;
}

/** [M, C, k, k] -> [k * k, M, C]: every other layout is cheap from there. */
function byTap(g: GraphBuilder, weight: Tensor): Tensor {
  const [m, c, k] = fourSizes(weight);
  const rows = g.reshape(weight, [m * c, k * k]);
  return g.reshape(k === 1 ? rows : g.transpose(rows, [1, 0]), [k * k, m, c]);
}

/** Memory [M / B, C / B, k * k, B of c, B of m]: reordering transposes each tile, then whole tiles move. */
function forwardWeight(g: GraphBuilder, taps: Tensor, kernel: number): Tensor {
  const [kk = 0, m = 0, c = 0] = taps.shape;
  const b = g.block;
  const rows = g.reshape(taps, [(kk * m) / b, b, 1, c]);
  const turned = g.op('ReorderInput', [rows], rows.shape, {}, 'com.microsoft.nchwc');
  const tiles = g.reshape(turned, [kk, m / b, c / b, b * b]);
  const ordered = kk === 1 ? tiles : g.transpose(tiles, [1, 2, 0, 3]);
  return g.reshape(ordered, [m, c, kernel, kernel]);
}

/** Memory [C / B, M / B, taps, B of m, B of c] with the given taps in the given order; dims [C, M, height, width]. */
function backwardWeight(
  g: GraphBuilder,
  taps: Tensor,
  chosen: readonly number[],
  [height, width]: readonly [number, number],
): Tensor {
  const [kk = 0, m = 0, c = 0] = taps.shape;
  const b = g.block;
  const identical = chosen.length === kk && chosen.every((tap, i) => tap === i);
  const picked = identical
    ? taps
    : g.op('Gather', [taps, g.integers(chosen)], [chosen.length, m, c], { axis: 0 });
  const tiles = g.reshape(picked, [chosen.length, m / b, b, c / b, b]);
  return g.reshape(g.transpose(tiles, [3, 1, 0, 2, 4]), [c, m, height, width]);
}

/** Memory [M / B, 3, 49, B of m]: the images of a stem are plain. */
function stemWeight(g: GraphBuilder, weight: Tensor): Tensor {
  const [m, c, k] = fourSizes(weight);
  const tiles = g.reshape(weight, [m / g.block, g.block, c, k * k]);
  return g.reshape(g.transpose(tiles, [0, 2, 3, 1]), [m, c, k, k]);
}

function inputGradient(
  g: GraphBuilder,
  x: Tensor,
  taps: Tensor,
  dy: Tensor,
  { kernel, stride, padding }: ConvolutionShape,
): Tensor {
  if (stride === 1) {
    const reversed = Array.from({ length: kernel * kernel }, (_, t) => kernel * kernel - 1 - t);
    const border = kernel - 1 - padding;
    const weight = backwardWeight(g, taps, reversed, [kernel, kernel]);
    const pads = [border, border, border, border] as const;
    return blockedConvolution(g, dy, weight, { kernel: [kernel, kernel], pads, stride: 1 });
  }
  const [n, c, h, w] = fourSizes(x);
  const [, , rows, columns] = fourSizes(dy);
  if (h !== 2 * rows || w !== 2 * columns)
    throw new Error('A convolution of stride 2 needs an even image side.');
  /** Whole blocks as the last axis, so that rows and columns can be woven. */
  const woven = [((n * c) / g.block) * rows, 1, columns, 1, g.block];
  const part = (chosen: readonly number[], height: number, width: number): Tensor => {
    const weight = backwardWeight(g, taps, chosen, [height, width]);
    const pads = [0, 0, height - 1, width - 1] as const;
    const options = { kernel: [height, width], pads, stride: 1 } as const;
    return g.reshape(blockedConvolution(g, dy, weight, options), woven);
  };
  if (kernel === 1)
    return g.reshape(g.pad(part([0], 1, 1), [0, 0, 0, 0, 0], [0, 1, 0, 1, 0]), x.shape);
  // Even rows (columns) see tap 1 alone, odd ones taps 2 and 0: four convolutions without idle work.
  const seen: readonly (readonly number[])[] = [[1], [2, 0]];
  const phases = seen.map((rowTaps) =>
    g.concat(
      seen.map((columnTaps) =>
        part(
          rowTaps.flatMap((i) => columnTaps.map((j) => i * 3 + j)),
          rowTaps.length,
          columnTaps.length,
        ),
      ),
      3,
    ),
  );
  return g.reshape(g.concat(phases, 1), x.shape);
}
