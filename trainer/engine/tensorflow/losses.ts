import type { Rank, Scalar, Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from './backends.ts';
import { normalise } from './layers.ts';

/** Added to logits that must take no part: far below any cosine over any temperature. */
const never = -1e9;

/** h = -(1 / sum L) sum L_ij P_i . T_j of unit rows, no gradient through T (mcgip section 8). */
export function latentLoss(
  tf: Tf,
  prediction: Tensor2D,
  target: Tensor2D,
  positives: Tensor2D,
): Scalar {
  const pulled = tf.matMul(positives, target);
  const agreement = tf.sum(tf.mul(normalise(tf, prediction), pulled));
  return tf.neg(tf.div<Scalar>(agreement, tf.sum(positives)));
}

/** -(1 / sum Y) sum Y_ij log softmax(z)_ij. */
function softmaxLoss(tf: Tf, logits: Tensor2D, labels: Tensor2D): Scalar {
  const agreement = tf.sum(tf.mul(labels, tf.logSoftmax(logits, 1)));
  return tf.neg(tf.div<Scalar>(agreement, tf.sum(labels)));
}

/** What MoCo's loss compares the unit rows `q` with; `masked` `[n, K]` is 1 where a slot takes no part for the row. */
export type MocoTensors = {
  readonly keys: Tensor2D;
  readonly queue: Tensor2D;
  readonly positives: Tensor2D;
  readonly masked: Tensor2D;
};

/** MoCo v2 with gaze positives in the queue (mcgip section 8). */
export function mocoLoss(
  tf: Tf,
  q: Tensor2D,
  { keys, queue, positives, masked }: MocoTensors,
  temperature: number,
): Scalar {
  const own: Tensor2D = tf.sum(tf.mul<Tensor2D>(q, keys), 1, true);
  const others: Tensor2D = tf.matMul(q, queue, false, true);
  const logits = tf.div<Tensor2D>(tf.concat2d([own, others], 1), temperature);
  const hidden = tf.mul(tf.concat2d([tf.zeros<Rank.R2>([q.shape[0], 1]), masked], 1), never);
  const labels = tf.concat2d([tf.ones<Rank.R2>([q.shape[0], 1]), positives], 1);
  return softmaxLoss(tf, tf.add<Tensor2D>(logits, hidden), labels);
}

/** SimCLR over both views `[2N, D]` with positives `[2N, 2N]`, whose diagonal is 0. */
export function simclrLoss(
  tf: Tf,
  projections: Tensor2D,
  positives: Tensor2D,
  temperature: number,
): Scalar {
  const unit = normalise(tf, projections);
  const logits = tf.div<Tensor2D>(tf.matMul(unit, unit, false, true), temperature);
  const hidden = tf.mul(tf.eye(projections.shape[0]), never);
  return softmaxLoss(tf, tf.add<Tensor2D>(logits, hidden), positives);
}

/** Cross-entropy of logits `[n, classes]` against shares of the classes. */
export const classLoss = softmaxLoss;
