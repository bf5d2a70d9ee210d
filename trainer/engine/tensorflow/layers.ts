import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Tf } from './backends.ts';

/** torch's epsilon of batch norm. */
const epsilon = 1e-5;

/** Mean and biased variance `[C]` that a layer of batch norm measured over `count` values. */
export type Measured = {
  readonly name: string;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly count: number;
};

/** One way of a batch through a model. */
export type Pass = {
  readonly tf: Tf;
  /** The weight of this name, canonical layout. */
  readonly weight: (name: string) => Tensor;
  /** Whether the model has a weight of this name. */
  readonly has: (name: string) => boolean;
  /** Training: what batch norm measures, in its order; the tensors are kept and the caller disposes them. */
  readonly measured: Measured[];
  /** Inference: running mean and variance by name. Absent: the statistics of the batch. */
  readonly running?: (name: string) => Tensor;
};

/** Convolution without bias, padded by half its kernel; x `[N, H, W, C]`, weight `[M, C, k, k]`. */
export function convolve(
  { tf, weight }: Pass,
  x: Tensor4D,
  name: string,
  stride: number,
): Tensor4D {
  const filter = tf.transpose(weight(name), [2, 3, 1, 0]) as Tensor4D;
  const padding = (filter.shape[0] - 1) / 2;
  return tf.conv2d(x, filter, stride, padding, 'NHWC', [1, 1], 'floor');
}

/** Forward and gradient of batch norm over every axis but the last, as in `engine/layers.ts`. */
function normWithBatch(pass: Pass, x: Tensor, name: string, gamma: Tensor, beta: Tensor): Tensor {
  const { tf, measured } = pass;
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const count = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  const run = tf.customGrad((...inputs) => {
    const [values, slopes, offsets, save] = inputs as unknown as [
      Tensor,
      Tensor,
      Tensor,
      (tensors: Tensor[]) => void,
    ];
    const mean = tf.mean(values, axes);
    const centred = tf.sub(values, mean);
    const variance = tf.mean(tf.square(centred), axes);
    const inverse = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
    measured.push({ name, mean: tf.keep(mean), variance: tf.keep(variance), count });
    save([centred, inverse, slopes]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [away = dy, inv = dy, slope = dy] = saved;
      const meanDy = tf.mean(dy, axes);
      const covariance = tf.mean(tf.mul(dy, away), axes);
      const pull = tf.mul(tf.square(inv), covariance);
      const rest = tf.sub(tf.sub(dy, meanDy), tf.mul(away, pull));
      return [
        tf.mul(rest, tf.mul(inv, slope)),
        tf.mul(tf.mul(covariance, inv), count),
        tf.mul(meanDy, count),
      ];
    };
    return { value: tf.add(tf.mul(centred, tf.mul(inverse, slopes)), offsets), gradFunc };
  });
  return run(x, gamma, beta);
}

/** Batch norm over every axis but the last: with the batch's statistics, or the running ones where the pass has them. */
export function batchNorm<T extends Tensor>(pass: Pass, x: T, name: string, affine = true): T {
  const { tf, weight, running } = pass;
  const channels = x.shape.at(-1) ?? 0;
  const gamma = affine ? weight(`${name}.weight`) : tf.ones([channels]);
  const beta = affine ? weight(`${name}.bias`) : tf.zeros([channels]);
  if (running === undefined) return normWithBatch(pass, x, name, gamma, beta) as T;
  const deviation = tf.sqrt(tf.add(running(`${name}.running_var`), epsilon));
  const centred = tf.sub(x, running(`${name}.running_mean`));
  return tf.add(tf.mul(centred, tf.div(gamma, deviation)), beta);
}

/** x `[N, in]` times `<name>.weight` `[out, in]`, plus `<name>.bias` where `bias`. */
export function linear({ tf, weight }: Pass, x: Tensor2D, name: string, bias: boolean): Tensor2D {
  const product: Tensor = tf.matMul<Tensor>(x, weight(`${name}.weight`), false, true);
  return (bias ? tf.add(product, weight(`${name}.bias`)) : product) as Tensor2D;
}

/** Rows of length 1: x / max(|x|, 1e-12). */
export function normalise(tf: Tf, x: Tensor2D): Tensor2D {
  const length = tf.maximum(tf.sqrt(tf.sum(tf.square(x), 1, true)), 1e-12);
  return tf.div(x, length);
}

/** The same values, through which no gradient flows. */
export function stopGradient(tf: Tf, x: Tensor2D): Tensor2D {
  const run = tf.customGrad((...inputs) => ({
    value: tf.clone(inputs[0] as Tensor),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }));
  return run(x) as Tensor2D;
}
