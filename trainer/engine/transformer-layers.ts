import type { GraphBuilder, Tensor } from './graph-builder.ts';
import { linear } from './layers.ts';

/** timm's epsilon of layer norm. */
const epsilon = 1e-6;

/** Layer norm of rows `[R, D]`; weights `<name>.weight` and `<name>.bias` of `[D]` (Ba et al. 2016). */
export function layerNorm(g: GraphBuilder, x: Tensor, name: string): Tensor {
  const [rows = 0, width = 0] = x.shape;
  const gamma = g.parameter(`${name}.weight`, [width]);
  const beta = g.parameter(`${name}.bias`, [width]);
  const centred = g.sub(x, g.mean(x, [1]));
  const variance = g.mean(g.mul(centred, centred), [1]);
  const root = g.op('Sqrt', [g.add(variance, g.number(epsilon))], [rows, 1]);
  const inverse = g.op('Reciprocal', [root], [rows, 1]);
  const normed = g.mul(centred, inverse);
  const y = g.add(g.mul(normed, gamma), beta);
  g.onBackward(() => {
    const dy = g.gradientOf(y);
    g.addGradient(gamma, g.sum(g.mul(dy, normed), [0], false));
    g.addGradient(beta, g.sum(dy, [0], false));
    const dNormed = g.mul(dy, gamma);
    const along = g.mul(normed, g.mean(g.mul(dNormed, normed), [1]));
    g.addGradient(x, g.mul(g.sub(g.sub(dNormed, g.mean(dNormed, [1])), along), inverse));
  });
  return y;
}

/** Exact GELU: x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016). */
export function gelu(g: GraphBuilder, x: Tensor): Tensor {
  const erf = g.op('Erf', [g.scale(x, Math.SQRT1_2)], x.shape);
  const below = g.scale(g.add(erf, g.number(1)), 0.5);
  const y = g.mul(x, below);
  g.onBackward(() => {
    const density = g.op('Exp', [g.scale(g.mul(x, x), -0.5)], x.shape);
    const slope = g.add(below, g.mul(x, g.scale(density, 1 / Math.sqrt(2 * Math.PI))));
    g.addGradient(x, g.mul(g.gradientOf(y), slope));
  });
  return y;
}

export type AttentionShape = {
  readonly images: number;
  /** Tokens of an image. */
  readonly tokens: number;
  readonly heads: number;
};

const turned = (g: GraphBuilder, matrices: Tensor): Tensor => g.transpose(matrices, [0, 1, 3, 2]);

/**
 * Self-attention of several heads: rows `[images * tokens, D]` -> the same shape; weights `<name>.qkv` and
 * `<name>.proj` as timm's (Vaswani et al. 2017, 3.2).
 */
export function attention(
  g: GraphBuilder,
  x: Tensor,
  name: string,
  { images: n, tokens: t, heads: h }: AttentionShape,
): Tensor {
  const width = x.shape[1] ?? 0;
  const size = width / h;
  const scale = 1 / Math.sqrt(size);
  const qkv = linear(g, x, `${name}.qkv`, 3 * width, true);
  const apart = g.transpose(g.reshape(qkv, [n, t, 3, h, size]), [2, 0, 3, 1, 4]);
  const part = (k: number): Tensor =>
    g.reshape(g.slice(apart, [0], [k], [k + 1], [1]), [n, h, t, size]);
  const [q, k, v] = [part(0), part(1), part(2)];
  const scores = g.scale(g.matmul(q, turned(g, k)), scale);
  const weights = g.op('Softmax', [scores], scores.shape, { axis: -1 });
  const mixed = g.transpose(g.matmul(weights, v), [0, 2, 1, 3]);
  const rows = g.reshape(mixed, [n * t, width]);
  g.onBackward(() => {
    const dMixed = g.transpose(g.reshape(g.gradientOf(rows), [n, t, h, size]), [0, 2, 1, 3]);
    const dv = g.matmul(turned(g, weights), dMixed);
    const dWeights = g.matmul(dMixed, turned(g, v));
    const along = g.sum(g.mul(dWeights, weights), [3], true);
    const dScores = g.scale(g.mul(weights, g.sub(dWeights, along)), scale);
    const dq = g.matmul(dScores, k);
    const dk = g.matmul(turned(g, dScores), q);
    const together = g.concat(
      [dq, dk, dv].map((each) => g.reshape(each, [1, n, h, t, size])),
      0,
    );
    g.addGradient(qkv, g.reshape(g.transpose(together, [1, 3, 0, 2, 4]), [n * t, 3 * width]));
  });
  return linear(g, rows, `${name}.proj`, width, true);
}

/**
 * Patches as rows: images `[N, C, H, W]` -> `[N * (H / patch) * (W / patch), width]`, row by row of the picture; weights
 * `<name>.weight` `[width, C, patch, patch]` and `<name>.bias`, as of a convolution with that stride.
 */
export function embedPatches(
  g: GraphBuilder,
  images: Tensor,
  name: string,
  width: number,
  patch: number,
): Tensor {
  const [n = 0, channels = 0, height = 0, across = 0] = images.shape;
  const [down, right] = [height / patch, across / patch];
  if (!Number.isInteger(down) || !Number.isInteger(right))
    throw new Error(`Both image sides must be multiples of ${patch}.`);
  const pixels = channels * patch * patch;
  const weight = g.parameter(`${name}.weight`, [width, channels, patch, patch]);
  const bias = g.parameter(`${name}.bias`, [width]);
  const cut = g.reshape(images, [n, channels, down, patch, right, patch]);
  const rows = g.reshape(g.transpose(cut, [0, 2, 4, 1, 3, 5]), [n * down * right, pixels]);
  const flat = g.transpose(g.reshape(weight, [width, pixels]), [1, 0]);
  const y = g.add(g.matmul(rows, flat), bias);
  g.onBackward(() => {
    const dy = g.gradientOf(y);
    const dFlat = g.matmul(g.transpose(dy, [1, 0]), rows);
    g.addGradient(weight, g.reshape(dFlat, weight.shape));
    g.addGradient(bias, g.sum(dy, [0], false));
  });
  return y;
}
