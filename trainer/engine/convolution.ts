import { convolveBlocked } from './blocked-convolution.ts';
import { type GraphBuilder, sizeOf, type Tensor } from './graph-builder.ts';

export type ConvolutionShape = {
  readonly out: number;
  readonly kernel: number;
  readonly stride: 1 | 2;
  readonly padding: number;
};

const sideAfter = (before: number, { kernel, stride, padding }: ConvolutionShape): number =>
  Math.floor((before + 2 * padding - kernel) / stride) + 1;

const fourDims = (x: Tensor): readonly [number, number, number, number] => {
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  return [n, c, h, w];
};

/**
 * Convolution without bias; x `[N, C, H, W]`, weight `[M, C, k, k]` (torchvision's layout). `needsInput`
 * false: the first layer, whose input needs no gradient.
 */
export function convolve(
  g: GraphBuilder,
  x: Tensor,
  name: string,
  shape: ConvolutionShape,
  needsInput = true,
): Tensor {
  if (g.block > 1) return convolveBlocked(g, x, name, shape, !needsInput);
  const [n, c, h, w] = fourDims(x);
  const { out, kernel, stride, padding } = shape;
  const [ho, wo] = [sideAfter(h, shape), sideAfter(w, shape)];
  const weight = g.parameter(name, [out, c, kernel, kernel]);
  const y = g.op('Conv', [x, weight], [n, out, ho, wo], {
    kernel_shape: [kernel, kernel],
    pads: [padding, padding, padding, padding],
    strides: [stride, stride],
  });
  g.onBackward(() => {
    const dy = g.gradientOf(y);
    g.addGradient(weight, weightGradient(g, x, dy, shape));
    if (needsInput) g.addGradient(x, inputGradient(g, x, weight, dy, shape));
  });
  return y;
}

/** dW by taps: for each place of the kernel one product of dy with the shifted input, summed over the batch. */
function weightGradient(g: GraphBuilder, x: Tensor, dy: Tensor, shape: ConvolutionShape): Tensor {
  const [n, c] = fourDims(x);
  const { out, kernel, stride, padding } = shape;
  const [, , ho, wo] = fourDims(dy);
  const pixels = ho * wo;
  const zeros = [0, 0, padding, padding];
  const padded = padding > 0 ? g.pad(x, zeros, zeros) : x;
  const rows = g.reshape(g.transpose(dy, [1, 0, 2, 3]), [out, n * pixels]);
  const [lastRow, lastColumn] = [(ho - 1) * stride + 1, (wo - 1) * stride + 1];
  const taps: Tensor[] = [];
  for (let i = 0; i < kernel; i += 1)
    for (let j = 0; j < kernel; j += 1) {
      const whole = kernel === 1 && stride === 1;
      const tap = whole
        ? padded
        : g.slice(padded, [2, 3], [i, j], [i + lastRow, j + lastColumn], [stride, stride]);
      const columns = g.reshape(g.transpose(tap, [0, 2, 3, 1]), [n * pixels, c]);
      taps.push(g.reshape(g.matmul(rows, columns), [out, c, 1]));
    }
  return g.reshape(g.concat(taps, 2), [out, c, kernel, kernel]);
}

/** Weight `[C, M, k, k]` with the given taps (row-major numbers) in the given order. */
function turnedWeight(
  g: GraphBuilder,
  weight: Tensor,
  taps: readonly number[],
  height: number,
  width: number,
): Tensor {
  const [m, c, k] = fourDims(weight);
  const flat = g.reshape(g.transpose(weight, [1, 0, 2, 3]), [c, m, k * k]);
  const chosen = g.op('Gather', [flat, g.integers(taps)], [c, m, taps.length], { axis: 2 });
  return g.reshape(chosen, [c, m, height, width]);
}

function inputGradient(
  g: GraphBuilder,
  x: Tensor,
  weight: Tensor,
  dy: Tensor,
  shape: ConvolutionShape,
): Tensor {
  const { kernel, stride, padding } = shape;
  if (stride === 1) {
    const reversed = Array.from({ length: kernel * kernel }, (_, t) => kernel * kernel - 1 - t);
    const border = kernel - 1 - padding;
    return g.op('Conv', [dy, turnedWeight(g, weight, reversed, kernel, kernel)], x.shape, {
      kernel_shape: [kernel, kernel],
      pads: [border, border, border, border],
      strides: [1, 1],
    });
  }
  return kernel === 1 ? spreadByTwo(g, x, pointwise(g, weight, dy)) : phases(g, x, weight, dy);
}

function pointwise(g: GraphBuilder, weight: Tensor, dy: Tensor): Tensor {
  const [n, , h, w] = fourDims(dy);
  const c = weight.shape[1] ?? 0;
  return g.op('Conv', [dy, turnedWeight(g, weight, [0], 1, 1)], [n, c, h, w], {
    kernel_shape: [1, 1],
    pads: [0, 0, 0, 0],
    strides: [1, 1],
  });
}

/** Puts each value at even rows and columns, zeros between. */
function spreadByTwo(g: GraphBuilder, x: Tensor, small: Tensor): Tensor {
  const [n, c, h, w] = fourDims(small);
  const dims = g.reshape(small, [n * c * h, 1, w, 1]);
  const spread = g.pad(dims, [0, 0, 0, 0], [0, 1, 0, 1]);
  return g.reshape(spread, x.shape);
}

/**
 * dX of a 3 x 3 convolution with stride 2 and padding 1 as four small convolutions without idle work:
 * rows (and columns) of even number see tap 1 alone, odd ones taps 2 and 0.
 */
function phases(g: GraphBuilder, x: Tensor, weight: Tensor, dy: Tensor): Tensor {
  const [n, , h, w] = fourDims(dy);
  const c = x.shape[1] ?? 0;
  const seen: readonly (readonly number[])[] = [[1], [2, 0]];
  const rows = seen.map((rowTaps, r) =>
    g.concat(
      seen.map((columnTaps, k) => {
        const taps = rowTaps.flatMap((i) => columnTaps.map((j) => i * 3 + j));
        const end = r + k > 0 ? g.pad(dy, [0, 0, 0, 0], [0, 0, r, k]) : dy;
        const part = g.op(
          'Conv',
          [end, turnedWeight(g, weight, taps, rowTaps.length, columnTaps.length)],
          [n, c, h, w],
          {
            kernel_shape: [rowTaps.length, columnTaps.length],
            pads: [0, 0, 0, 0],
            strides: [1, 1],
          },
        );
        return g.reshape(part, [n * c * h, 1, w, 1]);
      }),
      3,
    ),
  );
  const joined = g.concat(rows, 1);
  if (sizeOf(joined.shape) !== sizeOf(x.shape))
    throw new Error('A convolution of stride 2 needs an even image side.');
  return g.reshape(joined, x.shape);
}
