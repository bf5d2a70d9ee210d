import { maxPoolDomain } from './blocked-operators.ts';
import type { GraphBuilder, Tensor } from './graph-builder.ts';

/**
 * Max pooling 3 x 3, stride 2, padding 1, of a tensor `[N, C, H, W]` that follows a ReLU (all values >= 0), even sides,
 * in the layout of the graph. A tie goes to the first tap, as in torch.
 */
export function maxPool(g: GraphBuilder, x: Tensor): Tensor {
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  const small = [n, c, h / 2, w / 2];
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] };
  const y = g.op('MaxPool', [x], small, attributes, g.block > 1 ? maxPoolDomain : '');
  g.onBackward(() => g.addGradient(x, poolGradient(g, x, y)));
  return y;
}

/** ONNX's number of int64. */
const integerType = 7;

/** Rows or columns of a tap: which of two neighbours, and whether of the window before. */
const places = [
  { odd: 1, before: true },
  { odd: 0, before: false },
  { odd: 1, before: false },
] as const;

/** Moves maps `[planes, rows, columns, block]` by whole rows and columns; `fill` comes in at the border. */
function shift(g: GraphBuilder, maps: Tensor, rows: number, columns: number, fill: number): Tensor {
  if (rows === 0 && columns === 0) return maps;
  return g.pad(maps, [0, rows, columns, 0], [0, -rows, -columns, 0], fill);
}

/**
 * The gradient goes to the first place of each window that has its maximum. Maps are read as `[planes, rows, columns,
 * channels of a block]`, which both layouts are; even and odd rows and columns stand apart, so that the nine taps of
 * all windows are four maps and these moved by one.
 */
function poolGradient(g: GraphBuilder, x: Tensor, y: Tensor): Tensor {
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  const { block } = g;
  const planes = (n * c) / block;
  const small = [planes, h / 2, w / 2, block];
  const whole = g.reshape(x, [planes, h, w, block]);
  const largest = g.reshape(y, small);
  let rest = g.reshape(g.gradientOf(y), small);
  const later = g.op('Cast', [g.zeroAfter(rest)], [1], { to: integerType });
  const every = (i: number, j: number): Tensor => {
    const start = g.op('Add', [g.integers([i, j]), later], [2]);
    const others = [
      [i + h - 1, j + w - 1],
      [1, 2],
      [2, 2],
    ].map((list) => g.integers(list));
    // The shape is stated, since it does not follow from a start that is computed.
    return g.reshape(g.op('Slice', [whole, start, ...others], small), small);
  };
  const parity = [0, 1].map((i) => [0, 1].map((j) => every(i, j)));
  const taps = places.flatMap((row) => places.map((column) => ({ row, column })));
  const found = taps.map(({ row, column }) => {
    const map = parity[row.odd]?.[column.odd];
    if (map === undefined) throw new Error('A place is even or odd.');
    const [down, right] = [Number(row.before), Number(column.before)];
    // No maximum after a ReLU is below zero.
    const hit = g.op('Equal', [shift(g, map, down, right, -1), largest], small);
    const got = g.only(hit, rest);
    rest = g.sub(rest, got);
    return { row, column, gradient: shift(g, got, -down, -right, 0) };
  });
  const together = (oddRow: number, oddColumn: number): Tensor => {
    const sum = found
      .filter(({ row, column }) => row.odd === oddRow && column.odd === oddColumn)
      .map(({ gradient }) => gradient)
      .reduce((total, gradient) => g.add(total, gradient));
    return g.reshape(sum, [planes * (h / 2), 1, w / 2, 1, block]);
  };
  const rows = [0, 1].map((i) => g.concat([together(i, 0), together(i, 1)], 3));
  return g.reshape(g.concat(rows, 1), x.shape);
}
