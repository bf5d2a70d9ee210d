import type { PresetHead } from '../../shared/training/preset.ts';
import type { GraphBuilder, Tensor } from '../engine/graph-builder.ts';
import { batchNorm, type BatchStatistics, linear, relu } from '../engine/layers.ts';

/**
 * A head of linear layers, ReLU between them, batch norm where its table says so. The layers are named by their
 * place as in torch's Sequential: `projector.0` linear, `projector.1` batch norm, `projector.3` linear.
 */
export function applyHead(
  g: GraphBuilder,
  input: Tensor,
  prefix: 'projector' | 'predictor',
  head: PresetHead,
  norms: BatchStatistics[],
): Tensor {
  const outputs = head.lengths.slice(1);
  if (head.lengths[0] !== input.shape[1])
    throw new Error(
      `The ${prefix} takes ${head.lengths[0]} values and is given ${input.shape[1]}.`,
    );
  let x = input;
  let place = 0;
  for (const [n, length] of outputs.entries()) {
    const isLast = n === outputs.length - 1;
    x = linear(g, x, `${prefix}.${place}`, length, isLast ? head.lastBias : head.hiddenBias);
    place += 1;
    if (head.batchNorm === 'all' || (head.batchNorm === 'hidden' && !isLast)) {
      x = batchNorm(g, x, `${prefix}.${place}`, norms, { affine: !isLast || head.lastAffine });
      place += 1;
    }
    if (isLast) continue;
    x = relu(g, x);
    place += 1;
  }
  return x;
}

const biased: Pick<PresetHead, 'lastAffine' | 'hiddenBias' | 'lastBias'> = {
  lastAffine: true,
  hiddenBias: true,
  lastBias: true,
};

/** MoCo v2's head: fc, ReLU, fc, with biases (Chen et al. 2020). */
export const mocoProjector = (features: number, dimension = 128): PresetHead => ({
  ...biased,
  lengths: [features, features, dimension],
  batchNorm: 'none',
});

/** SimSiam's projection head: three layers with batch norm, the last without affine (Chen and He 2021, 3). */
export const simsiamProjector = (features: number): PresetHead => ({
  lengths: [features, features, features, features],
  batchNorm: 'all',
  lastAffine: false,
  hiddenBias: false,
  lastBias: false,
});

/** SimSiam's prediction head: a bottleneck of a quarter. */
export const simsiamPredictor = (features: number): PresetHead => ({
  lengths: [features, features / 4, features],
  batchNorm: 'hidden',
  lastAffine: true,
  hiddenBias: false,
  lastBias: true,
});

/** BYOL's heads (Grill et al. 2020): two layers, the hidden one twice as long as the features. */
export const byolHead = (input: number, hidden: number, output = 256): PresetHead => ({
  ...biased,
  lengths: [input, hidden, output],
  batchNorm: 'hidden',
  lastBias: false,
});

/** SimCLR's projection head (mcgip section 9): two layers with batch norm, the last without bias. */
export const simclrProjector = (features: number, dimension = 128): PresetHead => ({
  ...biased,
  lengths: [features, features, dimension],
  batchNorm: 'all',
  lastBias: false,
});

/** Logits of so many classes. */
export const classifierHead = (features: number, classes: number): PresetHead => ({
  ...biased,
  lengths: [features, classes],
  batchNorm: 'none',
});
