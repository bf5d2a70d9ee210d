import type { Tensor2D } from '@tensorflow/tfjs';
import { batchNorm, linear, type Pass } from './layers.ts';

/** SimSiam's projection head, as in `models/heads.ts`. */
export function projectSimsiam(pass: Pass, features: Tensor2D): Tensor2D {
  const { tf } = pass;
  const step = (x: Tensor2D, layer: number, affine = true): Tensor2D =>
    batchNorm(pass, linear(pass, x, `projector.${layer}`, false), `projector.${layer + 1}`, affine);
  return step(tf.relu(step(tf.relu(step(features, 0)), 3)), 6, false);
}

/** SimSiam's prediction head. */
export function predictSimsiam(pass: Pass, projection: Tensor2D): Tensor2D {
  const narrow = batchNorm(pass, linear(pass, projection, 'predictor.0', false), 'predictor.1');
  return linear(pass, pass.tf.relu(narrow), 'predictor.3', true);
}

/** MoCo v2's head. */
export function projectMoco(pass: Pass, features: Tensor2D): Tensor2D {
  const hidden = pass.tf.relu(linear(pass, features, 'projector.0', true));
  return linear(pass, hidden, 'projector.2', true);
}
