import { latentLoss } from '../losses/latent-loss.ts';
import { type Matrix, scaleMatrix } from '../losses/matrix.ts';
import { batchPositives, type PublishedLabels } from '../losses/positive-labels.ts';
import { followWeights } from '../methods/momentum-update.ts';
import { pairWeights } from './followed-encoder.ts';
import {
  addGradients,
  type Arrays,
  type Forward,
  forward,
  type Layer,
  weightsOf,
} from './layers.ts';
import type { ReferenceMethod } from './method.ts';

/** A projection's predictor, its loss against the other view's target, and the gradients of both networks. */
function predictOther(
  predictor: readonly Layer[],
  arrays: Arrays,
  projection: Forward,
  target: Matrix,
  labels: Float32Array,
  factor: number,
): { readonly loss: number; readonly gradients: Arrays } {
  const predicted = forward(predictor, arrays, projection.output);
  const { loss, gradient } = latentLoss(predicted.output, target, labels);
  const back = predicted.backward(scaleMatrix(gradient, factor));
  return {
    loss: factor * loss,
    gradients: addGradients(back.weights, projection.backward(back.input).weights),
  };
}

export type ReferenceSimsiamOptions = PublishedLabels & {
  readonly arrays: Arrays;
  readonly encoder: readonly Layer[];
  readonly predictor: readonly Layer[];
};

/**
 * SimSiam with gaze positives (mcgip section 8): 0.5 (h(z1, z2) + h(z2, z1)). The target is the encoder's own output
 * without gradient; there is no target encoder and no momentum.
 */
export function createReferenceSimsiam(options: ReferenceSimsiamOptions): ReferenceMethod {
  const { arrays, encoder, predictor } = options;
  return {
    kind: 'simsiam',
    weights: weightsOf([...encoder, ...predictor], arrays),
    step: ({ imageIds, view1, view2 }, alike) => {
      const labels = batchPositives(imageIds, alike, options);
      const z1 = forward(encoder, arrays, view1);
      const z2 = forward(encoder, arrays, view2);
      const one = predictOther(predictor, arrays, z1, z2.output, labels, 0.5);
      const two = predictOther(predictor, arrays, z2, z1.output, labels, 0.5);
      return {
        loss: one.loss + two.loss,
        gradients: addGradients(one.gradients, two.gradients),
        labels,
      };
    },
    followTarget: () => {},
  };
}

export type ReferenceByolOptions = PublishedLabels & {
  readonly arrays: Arrays;
  readonly online: readonly Layer[];
  /** The same layers, of the encoder that follows. */
  readonly target: readonly Layer[];
  readonly predictor: readonly Layer[];
};

/**
 * BYOL with gaze positives (mcgip section 8): 2 (h(online(v1), target(v2)) + h(online(v2), target(v1))). The target
 * runs in training too, so its batch norm has statistics of its own.
 */
export function createReferenceByol(options: ReferenceByolOptions): ReferenceMethod {
  const { arrays, online, target, predictor } = options;
  const { followers, leaders } = pairWeights(online, target, arrays);
  return {
    kind: 'byol',
    weights: weightsOf([...online, ...predictor], arrays),
    step: ({ imageIds, view1, view2 }, alike) => {
      const labels = batchPositives(imageIds, alike, options);
      const online1 = forward(online, arrays, view1);
      const online2 = forward(online, arrays, view2);
      const target1 = forward(target, arrays, view1).output;
      const target2 = forward(target, arrays, view2).output;
      const one = predictOther(predictor, arrays, online1, target2, labels, 2);
      const two = predictOther(predictor, arrays, online2, target1, labels, 2);
      return {
        loss: one.loss + two.loss,
        gradients: addGradients(one.gradients, two.gradients),
        labels,
      };
    },
    followTarget: (momentum) => {
      followWeights(followers, leaders, momentum);
    },
  };
}
