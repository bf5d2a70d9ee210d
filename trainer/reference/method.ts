import type { Matrix } from '../losses/matrix.ts';
import type { AreAlike } from '../methods/method.ts';
import type { Arrays } from './layers.ts';

/** Two views of a batch, each `[batch, in]`; every method takes it, with or without gaze. */
export type ReferenceBatch = {
  readonly imageIds: readonly number[];
  readonly view1: Matrix;
  readonly view2: Matrix;
};

/** What a step gave; `labels` are the positives that its loss was made with. */
export type ReferenceStep = {
  readonly loss: number;
  readonly gradients: Arrays;
  readonly labels: Float32Array;
};

/**
 * A contrastive method in double precision. It exists beside the methods over an engine to say what they should
 * give: an engine compiles loss and backward into its own graph, in single precision.
 */
export interface ReferenceMethod {
  readonly kind: 'moco' | 'byol' | 'simsiam' | 'simclr';
  /** What the optimiser changes, by name, in place. */
  readonly weights: Arrays;
  /** Loss and gradients of a batch; what the optimiser is not to change has changed afterwards. */
  step(batch: ReferenceBatch, alike: AreAlike): ReferenceStep;
  /** After the optimiser: BYOL's target follows. Nothing to do for the others. */
  followTarget(momentum: number): void;
}
