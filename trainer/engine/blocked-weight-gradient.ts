import type { ConvolutionShape } from './convolution.ts';
import { fourSizes, toChannelsLast, toPlain } from './blocked-operators.ts';
import type { GraphBuilder, Tensor } from './graph-builder.ts';

/** From this many rows on, convolutions of stride 1 multiply image by image, planes in rows. */
const fewestRowsByPlane = 28;

/** a [..., n, k] times b [..., m, k] transposed, without a copy of b. */
function multiplyTransposed(g: GraphBuilder, a: Tensor, b: Tensor): Tensor {
  const shape = [...a.shape.slice(0, -1), b.shape.at(-2) ?? 0];
  return g.op('FusedMatMul', [a, b], shape, { transB: 1 }, 'com.microsoft');
}

/**
 * dW of a convolution over blocked x and dy: for each place of the kernel one product of dy with the shifted x,
 * [M, C, k, k].
 */
export function blockedWeightGradient(
  g: GraphBuilder,
  x: Tensor,
  dy: Tensor,
  shape: ConvolutionShape,
): Tensor {
  const { kernel, stride } = shape;
  const [, m, rows] = fourSizes(dy);
  const c = x.shape[1] ?? 0;
  const parts =
    rows >= fewestRowsByPlane && stride === 1
      ? tapsByPlane(g, x, dy, shape)
      : tapsByPixel(g, x, dy, shape);
  const kk = kernel * kernel;
  const taps = g.reshape(g.concat(parts, 0), [kk, m * c]);
  return g.reshape(kk === 1 ? taps : g.op('Einsum', [taps], [m * c, kk], { equation: 'tw->wt' }), [
    m,
    c,
    kernel,
    kernel,
  ]);
}

/** Products over the pixels of one image, [M, P] x [C, P], then summed over the batch. */
function tapsByPlane(
  g: GraphBuilder,
  x: Tensor,
  dy: Tensor,
  { kernel, padding }: ConvolutionShape,
): Tensor[] {
  const [n, m, rows, columns] = fourSizes(dy);
  const c = x.shape[1] ?? 0;
  const pixels = rows * columns;
  const planes = toPlain(g, x);
  const border = [0, 0, padding, padding];
  const padded = padding > 0 ? g.pad(planes, border, border) : planes;
  const d = g.reshape(toPlain(g, dy), [n, m, pixels]);
  const taps: Tensor[] = [];
  for (let i = 0; i < kernel; i += 1)
    for (let j = 0; j < kernel; j += 1) {
      const tap =
        kernel === 1 ? padded : g.slice(padded, [2, 3], [i, j], [i + rows, j + columns], [1, 1]);
      const product = multiplyTransposed(g, d, g.reshape(tap, [n, c, pixels]));
      taps.push(g.reshape(g.sum(product, [0], false), [1, m, c]));
    }
  return taps;
}

/** Products over the pixels of all images at once, [M, N * P] x [N * P, C]. */
function tapsByPixel(
  g: GraphBuilder,
  x: Tensor,
  dy: Tensor,
  { kernel, stride, padding }: ConvolutionShape,
): Tensor[] {
  const [n, m, rows, columns] = fourSizes(dy);
  const c = x.shape[1] ?? 0;
  const pixels = n * rows * columns;
  const last = toChannelsLast(g, x);
  const border = [0, padding, padding, 0];
  const padded = padding > 0 ? g.pad(last, border, border) : last;
  const d = g.reshape(g.transpose(toPlain(g, dy), [1, 0, 2, 3]), [m, pixels]);
  const down = (rows - 1) * stride + 1;
  const right = (columns - 1) * stride + 1;
  const taps: Tensor[] = [];
  for (let i = 0; i < kernel; i += 1)
    for (let j = 0; j < kernel; j += 1) {
      const whole = kernel === 1 && stride === 1;
      const tap = whole
        ? padded
        : g.slice(padded, [1, 2], [i, j], [i + down, j + right], [stride, stride]);
      taps.push(g.reshape(g.matmul(d, g.reshape(tap, [pixels, c])), [1, m, c]));
    }
  return taps;
}

/**
 * dW of the stem (7 x 7, stride 2, padding 3) over plain images: the images are folded to 12 channels of half the
 * side, where the kernel is 4 x 4 with stride 1, and its 16 places are joined to one product.
 */
export function stemWeightGradient(g: GraphBuilder, images: Tensor, dy: Tensor): Tensor {
  const [n, m, rows, columns] = fourSizes(dy);
  const [, c] = fourSizes(images);
  const [height, width] = [rows + 3, columns + 3];
  const pixels = rows * columns;
  const padded = g.pad(images, [0, 0, 3, 3], [0, 0, 3, 3]);
  const parted = g.transpose(g.reshape(padded, [n, c, height, 2, width, 2]), [0, 1, 3, 5, 2, 4]);
  const folded = g.reshape(parted, [n, 4 * c, height, width]);
  const places: Tensor[] = [];
  for (let i = 0; i < 4; i += 1)
    for (let j = 0; j < 4; j += 1)
      places.push(g.slice(folded, [2, 3], [i, j], [i + rows, j + columns], [1, 1]));
  const joined = g.reshape(g.concat(places, 1), [n, 64 * c, pixels]);
  const d = g.reshape(toPlain(g, dy), [n, m, pixels]);
  const product = g.sum(multiplyTransposed(g, d, joined), [0], false);
  const unfolded = g.transpose(g.reshape(product, [m, 4, 4, c, 2, 2]), [0, 3, 1, 4, 2, 5]);
  return g.slice(g.reshape(unfolded, [m, c, 8, 8]), [2, 3], [0, 0], [7, 7], [1, 1]);
}
