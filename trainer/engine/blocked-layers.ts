import { fourSizes, meanOverChannel, meanOverPixels, scaleAndShift } from './blocked-operators.ts';
import type { GraphBuilder, Tensor } from './graph-builder.ts';

/** What batch norm over a blocked feature map gives. */
export type BlockedNorm = {
  readonly y: Tensor;
  /** [C], of this batch. */
  readonly mean: Tensor;
  /** Biased. */
  readonly variance: Tensor;
};

/**
 * Batch norm with the statistics of this batch, then the residual is added and ReLU taken where asked: one pass
 * over the map. Variance and covariance are those of centred values, as far as the mean may lie from zero.
 */
export function normBlocked(
  g: GraphBuilder,
  x: Tensor,
  name: string,
  epsilon: number,
  { shortcut, rectify }: { readonly shortcut?: Tensor; readonly rectify: boolean },
): BlockedNorm {
  const [n, c, h, w] = fourSizes(x);
  const count = n * h * w;
  // Numbers of channels are [C] all along: each change of shape is an operator, and a ResNet-50 has a hundred norms.
  const each = [c];
  const gamma = g.parameter(`${name}.weight`, each);
  const beta = g.parameter(`${name}.bias`, each);
  const mean = meanOverChannel(g, x);
  const minusMean = g.op('Neg', [mean], each);
  const centred = scaleAndShift(g, x, g.ones(c), { shift: minusMean });
  const variance = meanOverChannel(g, g.mul(centred, centred));
  const root = g.op('Sqrt', [g.add(variance, g.number(epsilon))], each);
  const inverse = g.op('Reciprocal', [root], each);
  const slope = g.mul(gamma, inverse);
  const shift = g.sub(beta, g.mul(mean, slope));
  const y = scaleAndShift(g, x, slope, {
    shift,
    rectify,
    ...(shortcut === undefined ? {} : { sum: shortcut }),
  });
  g.onBackward(() => {
    const dy = g.gradientOf(y);
    const d = rectify ? g.whereWasPositive(y, dy) : dy;
    if (shortcut !== undefined) g.addGradient(shortcut, d);
    const meanD = meanOverChannel(g, d);
    // Centred anew: kept from the way there it would take as much memory as x.
    const again = scaleAndShift(g, x, g.ones(c), { shift: g.add(minusMean, g.zeroAfter(d)) });
    const covariance = meanOverChannel(g, g.mul(d, again));
    g.addGradient(gamma, g.scale(g.mul(covariance, inverse), count));
    g.addGradient(beta, g.scale(meanD, count));
    const pull = g.mul(g.mul(inverse, inverse), covariance);
    const minusPull = g.op('Neg', [g.mul(slope, pull)], each);
    const rest = g.mul(slope, g.sub(g.mul(pull, mean), meanD));
    const sum = scaleAndShift(g, x, minusPull, { shift: rest });
    g.addGradient(x, scaleAndShift(g, d, slope, { sum }));
  });
  return { y, mean, variance };
}

/** Mean over rows and columns: blocked `[N, C, H, H]` -> `[N, C]`. */
export function globalAveragePoolBlocked(g: GraphBuilder, x: Tensor): Tensor {
  const [n, c, h, w] = fourSizes(x);
  const b = g.block;
  const y = g.reshape(meanOverPixels(g, x), [n, c]);
  g.onBackward(() => {
    const d = g.reshape(g.scale(g.gradientOf(y), 1 / (h * w)), [n, c / b, 1, b]);
    const everywhere = [n, c / b, h * w, b];
    g.addGradient(x, g.reshape(g.op('Expand', [d, g.integers(everywhere)], everywhere), x.shape));
  });
  return y;
}
