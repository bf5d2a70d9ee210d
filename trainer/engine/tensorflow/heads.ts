import type { Tensor2D } from '@tensorflow/tfjs';
import type { PresetHead } from '../../../shared/training/preset.ts';
import { batchNorm, linear, type Pass } from './layers.ts';

/** A head of linear layers by its table, named as in `models/heads.ts`. */
export function applyHead(
  pass: Pass,
  input: Tensor2D,
  prefix: 'projector' | 'predictor',
  head: PresetHead,
): Tensor2D {
  const last = head.lengths.length - 2;
  let x = input;
  let place = 0;
  for (let layer = 0; layer <= last; layer += 1) {
    const isLast = layer === last;
    x = linear(pass, x, `${prefix}.${place}`, isLast ? head.lastBias : head.hiddenBias);
    place += 1;
    if (head.batchNorm === 'all' || (head.batchNorm === 'hidden' && !isLast)) {
      x = batchNorm(pass, x, `${prefix}.${place}`, !isLast || head.lastAffine);
      place += 1;
    }
    if (isLast) continue;
    x = pass.tf.relu(x);
    place += 1;
  }
  return x;
}
