import type { GraphBuilder, Tensor } from './graph-builder.ts';

/**
 * Operators of ONNX Runtime's own domain for its CPU provider: a blocked tensor keeps its dims [N, C, H, W], its
 * memory is [N, C / B, H * W, B], B the block size of the processor. Undocumented: each use stands behind
 * `probeBlockedLayout`. Elementwise operators between two blocked tensors are right; broadcasting [1, C, 1, 1] over
 * one is silently wrong (use `scaleAndShift`).
 */
const domain = 'com.microsoft.nchwc';

/** Of MaxPool, which takes and gives blocked maps. */
export const maxPoolDomain = domain;

/** The four sizes of a feature map. */
export const fourSizes = ({ shape }: Tensor): readonly [number, number, number, number] => {
  const [n = 0, c = 0, h = 0, w = 0] = shape;
  return [n, c, h, w];
};

/** Plain [N, C, H, W] to blocked. */
export const toBlocked = (g: GraphBuilder, x: Tensor): Tensor =>
  g.op('ReorderInput', [x], x.shape, {}, domain);

/** Blocked to plain [N, C, H, W]. */
export const toPlain = (g: GraphBuilder, x: Tensor): Tensor =>
  g.op('ReorderOutput', [x], x.shape, { channels: x.shape[1] ?? 0 }, domain);

/** Blocked to [N, H, W, C]. */
export function toChannelsLast(g: GraphBuilder, x: Tensor): Tensor {
  const [n, c, h, w] = fourSizes(x);
  return g.op('ReorderOutput', [x], [n, h, w, c], { channels: c, channels_last: 1 }, domain);
}

export type BlockedConvolution = {
  readonly kernel: readonly [number, number];
  /** Rows and columns before, rows and columns after. */
  readonly pads: readonly [number, number, number, number];
  readonly stride: 1 | 2;
};

/** Convolution of a blocked (or, for a stem, plain) x with a weight in blocked memory and dims [M, C, k, k]. */
export function blockedConvolution(
  g: GraphBuilder,
  x: Tensor,
  weight: Tensor,
  { kernel, pads, stride }: BlockedConvolution,
): Tensor {
  const [n, , h, w] = fourSizes(x);
  const [top, left, bottom, right] = pads;
  const side = (size: number, pad: number, k: number): number =>
    Math.floor((size + pad - k) / stride) + 1;
  const rows = side(h, top + bottom, kernel[0]);
  const columns = side(w, left + right, kernel[1]);
  const shape = [n, weight.shape[0] ?? 0, rows, columns];
  const attributes = { kernel_shape: kernel, pads, strides: [stride, stride] };
  return g.op('Conv', [x, weight], shape, attributes, domain);
}

/** x * slope + shift + sum, then ReLU where asked, in one pass; slope and shift of C values. */
export function scaleAndShift(
  g: GraphBuilder,
  x: Tensor,
  slope: Tensor,
  {
    shift,
    sum,
    rectify = false,
  }: { readonly shift?: Tensor; readonly sum?: Tensor; readonly rectify?: boolean } = {},
): Tensor {
  const channels = x.shape[1] ?? 0;
  const inputs: (Tensor | string)[] = [x, g.reshape(slope, [channels, 1, 1, 1])];
  if (shift !== undefined) inputs.push(shift);
  else if (sum !== undefined) inputs.push('');
  if (sum !== undefined) inputs.push(sum);
  const attributes = { group: channels, kernel_shape: [1, 1] };
  const activation = rectify ? { activation: 'Relu' } : {};
  return g.op('Conv', inputs, x.shape, { ...attributes, ...activation }, domain);
}

/** Mean over rows and columns [N, C, 1, 1]; its memory is the same in both layouts. */
export function meanOverPixels(g: GraphBuilder, x: Tensor): Tensor {
  const [n, c] = fourSizes(x);
  return g.op('GlobalAveragePool', [x], [n, c, 1, 1], {}, domain);
}

/** From this many rows on one sum over a whole map loses a digit of single precision. */
const fewestRowsApart = 28;

/** Mean over images, rows and columns, [C]. Of a large map each row is averaged first, as if it were an image. */
export function meanOverChannel(g: GraphBuilder, x: Tensor): Tensor {
  const [n, c, h, w] = fourSizes(x);
  if (h < fewestRowsApart) return g.mean(meanOverPixels(g, x), [0, 2, 3], false);
  const b = g.block;
  const rows = meanOverPixels(g, g.reshape(x, [((n * c) / b) * h, b, 1, w]));
  return g.reshape(g.mean(g.reshape(rows, [n, c / b, h, b]), [0, 2], false), [c]);
}
