import type { LabelledFeatures } from '../evaluation/features.ts';
import { applyProbe, fitProbe } from '../evaluation/linear-probe.ts';
import { voteNearest } from '../evaluation/nearest-neighbours.ts';

/** How frozen features are judged. The first is the figure that a twin run is decided by; chosen beforehand. */
export const probeNames = ['linear-probe', 'k-nn'] as const;
export type ProbeName = (typeof probeNames)[number];

/** Fixed beforehand: there is no validation part on which to choose them. */
export const probePenalty = 0.1;
export const probeNeighbours = 10;

/** Scores `[images, labels]` of test images by each probe, learnt from the training images' labels; rows sum to 1. */
export function judgeFeatures(
  train: LabelledFeatures,
  test: LabelledFeatures,
): Readonly<Record<ProbeName, Float64Array>> {
  const k = Math.min(probeNeighbours, train.labels.length);
  const [votes] = voteNearest(train, test, [k]);
  return {
    'linear-probe': applyProbe(fitProbe(train, probePenalty), test),
    'k-nn': votes ?? new Float64Array(0),
  };
}
