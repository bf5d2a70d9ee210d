import {
  dot,
  type Matrix,
  matrixOf,
  multiply,
  normaliseRows,
  normaliseRowsGradient,
  scaleMatrix,
} from './matrix.ts';
import { countPositives, type LossValue } from './softmax-loss.ts';

/**
 * Latent prediction with gaze positives (mcgip section 8), the part of BYOL (Grill et al. 2020) and SimSiam
 * (Chen and He 2021) for one order of the views: h = -(1 / sum L) sum L_ij P_i.T_j, P and T rows of length 1.
 * `predictions` and `targets` `[n, d]` of any length, `positives` L `[n, n]`; L = 1 on the diagonal alone gives the
 * plain loss. `gradient` is with respect to the predictions; targets get none.
 */
export function latentLoss(
  predictions: Matrix,
  targets: Matrix,
  positives: ArrayLike<number>,
): LossValue {
  const total = countPositives(positives);
  const labels = matrixOf(predictions.rows, targets.rows, Float64Array.from(positives));
  const pulled = scaleMatrix(multiply(labels, normaliseRows(targets)), -1 / total);
  return {
    loss: dot(normaliseRows(predictions).values, pulled.values),
    gradient: normaliseRowsGradient(predictions, pulled),
  };
}
