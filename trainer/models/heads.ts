import type { GraphBuilder, Tensor } from '../engine/graph-builder.ts';
import { batchNorm, type BatchStatistics, linear, relu } from '../engine/layers.ts';

/** Length of SimSiam's projections for features of this length. */
export const simsiamLength = (features: number): number => features;

/** Length of MoCo's embeddings. */
export const mocoLength = 128;

/** SimSiam's projection head: three layers with batch norm, the last without affine (Chen and He 2021, 3). */
export function projectSimsiam(
  g: GraphBuilder,
  features: Tensor,
  statistics: BatchStatistics[],
): Tensor {
  const length = simsiamLength(features.shape[1] ?? 0);
  const norm = (x: Tensor, name: string, affine = true): Tensor =>
    batchNorm(g, x, name, statistics, { affine });
  const one = relu(g, norm(linear(g, features, 'projector.0', length, false), 'projector.1'));
  const two = relu(g, norm(linear(g, one, 'projector.3', length, false), 'projector.4'));
  return norm(linear(g, two, 'projector.6', length, false), 'projector.7', false);
}

/** SimSiam's prediction head: a bottleneck of a quarter. */
export function predictSimsiam(
  g: GraphBuilder,
  projection: Tensor,
  statistics: BatchStatistics[],
): Tensor {
  const length = projection.shape[1] ?? 0;
  const narrow = linear(g, projection, 'predictor.0', length / 4, false);
  const hidden = relu(g, batchNorm(g, narrow, 'predictor.1', statistics));
  return linear(g, hidden, 'predictor.3', length, true);
}

/** MoCo v2's head: fc, ReLU, fc, with biases. */
export function projectMoco(g: GraphBuilder, features: Tensor): Tensor {
  const hidden = relu(g, linear(g, features, 'projector.0', features.shape[1] ?? 0, true));
  return linear(g, hidden, 'projector.2', mocoLength, true);
}
