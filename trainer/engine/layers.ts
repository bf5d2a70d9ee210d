import { globalAveragePoolBlocked, normBlocked } from './blocked-layers.ts';
import type { GraphBuilder, Tensor } from './graph-builder.ts';

/** torch's epsilon of batch norm. */
const epsilon = 1e-5;

/** Means and variances that a training step measured, to be folded into the running statistics. */
export type BatchStatistics = {
  /** Name of the layer: `<name>.running_mean`, `<name>.running_var`. */
  readonly name: string;
  readonly channels: number;
  readonly mean: Tensor;
  /** Biased, as batch norm uses it. */
  readonly variance: Tensor;
  /** Values behind each mean. */
  readonly count: number;
};

/**
 * Batch norm with the statistics of this batch. x `[N, C, H, W]` or `[N, C]`; weights `<name>.weight` and
 * `<name>.bias` of `[C]` where `affine`.
 */
export function batchNorm(
  g: GraphBuilder,
  x: Tensor,
  name: string,
  norms: BatchStatistics[],
  { affine = true }: { readonly affine?: boolean } = {},
): Tensor {
  const channels = x.shape[1] ?? 0;
  const axes = x.shape.length === 4 ? [0, 2, 3] : [0];
  const wide = x.shape.length === 4 ? [1, channels, 1, 1] : [1, channels];
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  const mean = g.mean(x, axes);
  const centred = g.sub(x, mean);
  const variance = g.mean(g.mul(centred, centred), axes);
  const root = g.op('Sqrt', [g.add(variance, g.number(epsilon))], wide);
  const inverse = g.op('Reciprocal', [root], wide);
  const gamma = affine ? g.parameter(`${name}.weight`, [channels]) : undefined;
  const beta = affine ? g.parameter(`${name}.bias`, [channels]) : undefined;
  const slope = gamma === undefined ? inverse : g.mul(inverse, g.reshape(gamma, wide));
  const scaled = g.mul(centred, slope);
  const y = beta === undefined ? scaled : g.add(scaled, g.reshape(beta, wide));
  norms.push({ name, channels, mean, variance, count });
  g.onBackward(() => {
    const dy = g.gradientOf(y);
    const meanDy = g.mean(dy, axes);
    const covariance = g.mean(g.mul(dy, centred), axes);
    if (gamma !== undefined && beta !== undefined) {
      g.addGradient(gamma, g.reshape(g.scale(g.mul(covariance, inverse), count), [channels]));
      g.addGradient(beta, g.reshape(g.scale(meanDy, count), [channels]));
    }
    const pull = g.mul(g.mul(inverse, inverse), covariance);
    const rest = g.sub(g.sub(dy, meanDy), g.mul(centred, pull));
    g.addGradient(x, g.mul(rest, slope));
  });
  return y;
}

/**
 * Batch norm of a feature map `[N, C, H, W]` with weights, then `shortcut` added and ReLU taken where asked: what
 * follows a convolution, in the layout of the graph.
 */
export function normFeatures(
  g: GraphBuilder,
  x: Tensor,
  name: string,
  norms: BatchStatistics[],
  { shortcut, rectify = false }: { readonly shortcut?: Tensor; readonly rectify?: boolean } = {},
): Tensor {
  if (g.block > 1) {
    const parts = { rectify, ...(shortcut === undefined ? {} : { shortcut }) };
    const { y, mean, variance } = normBlocked(g, x, name, epsilon, parts);
    const [n = 0, channels = 0, h = 0, w = 0] = x.shape;
    norms.push({ name, channels, mean, variance, count: n * h * w });
    return y;
  }
  const normed = batchNorm(g, x, name, norms);
  const joined = shortcut === undefined ? normed : addResidual(g, normed, shortcut);
  return rectify ? relu(g, joined) : joined;
}

/** max(x, 0). */
export function relu(g: GraphBuilder, x: Tensor): Tensor {
  const y = g.op('Relu', [x], x.shape);
  g.onBackward(() => g.addGradient(x, g.whereWasPositive(y, g.gradientOf(y))));
  return y;
}

/** x + shortcut. */
export function addResidual(g: GraphBuilder, x: Tensor, shortcut: Tensor): Tensor {
  const y = g.add(x, shortcut);
  g.onBackward(() => {
    const dy = g.gradientOf(y);
    g.addGradient(x, dy);
    g.addGradient(shortcut, dy);
  });
  return y;
}

/** Mean over rows and columns: `[N, C, H, H]` -> `[N, C]`. */
export function globalAveragePool(g: GraphBuilder, x: Tensor): Tensor {
  if (g.block > 1) return globalAveragePoolBlocked(g, x);
  const [n = 0, c = 0, h = 0, w = 0] = x.shape;
  const y = g.reshape(g.op('GlobalAveragePool', [x], [n, c, 1, 1]), [n, c]);
  g.onBackward(() => {
    const dy = g.reshape(g.scale(g.gradientOf(y), 1 / (h * w)), [n, c, 1, 1]);
    g.addGradient(x, g.op('Expand', [dy, g.integers(x.shape)], x.shape));
  });
  return y;
}

/** x `[N, in]` times `<name>.weight` `[out, in]`, plus `<name>.bias` where `bias`. */
export function linear(
  g: GraphBuilder,
  x: Tensor,
  name: string,
  out: number,
  bias: boolean,
): Tensor {
  const inputs = x.shape[1] ?? 0;
  const weight = g.parameter(`${name}.weight`, [out, inputs]);
  const product = g.matmul(x, g.transpose(weight, [1, 0]));
  const offset = bias ? g.parameter(`${name}.bias`, [out]) : undefined;
  const y = offset === undefined ? product : g.add(product, offset);
  g.onBackward(() => {
    const dy = g.gradientOf(y);
    g.addGradient(weight, g.matmul(g.transpose(dy, [1, 0]), x));
    if (offset !== undefined) g.addGradient(offset, g.sum(dy, [0], false));
    g.addGradient(x, g.matmul(dy, weight));
  });
  return y;
}

/** Rows of length 1: x / max(|x|, 1e-12). */
export function normalise(
  g: GraphBuilder,
  x: Tensor,
): { readonly unit: Tensor; readonly backward: (dUnit: Tensor) => Tensor } {
  const [n = 0] = x.shape;
  const squares = g.sum(g.mul(x, x), [1], true);
  const length = g.op('Max', [g.op('Sqrt', [squares], [n, 1]), g.number(1e-12)], [n, 1]);
  const unit = g.div(x, length);
  return {
    unit,
    backward: (dUnit) => {
      const along = g.sum(g.mul(dUnit, unit), [1], true);
      return g.div(g.sub(dUnit, g.mul(unit, along)), length);
    },
  };
}
