import { matrixOf } from '../losses/matrix.ts';
import { type PublishedLabels, viewPositives } from '../losses/positive-labels.ts';
import { simclrLoss } from '../losses/simclr-loss.ts';
import { addGradients, type Arrays, forward, type Layer, weightsOf } from './layers.ts';
import type { ReferenceMethod } from './method.ts';

export type ReferenceSimclrOptions = PublishedLabels & {
  readonly arrays: Arrays;
  readonly encoder: readonly Layer[];
  readonly temperature: number;
};

/** SimCLR with gaze positives (mcgip section 8); each view passes the encoder by itself. */
export function createReferenceSimclr(options: ReferenceSimclrOptions): ReferenceMethod {
  const { arrays, encoder, temperature } = options;
  return {
    kind: 'simclr',
    weights: weightsOf(encoder, arrays),
    step: ({ imageIds, view1, view2 }, alike) => {
      const labels = viewPositives(imageIds, alike, options);
      const one = forward(encoder, arrays, view1);
      const two = forward(encoder, arrays, view2);
      const { rows, columns } = one.output;
      const both = Float64Array.of(...one.output.values, ...two.output.values);
      const { loss, gradient } = simclrLoss(matrixOf(2 * rows, columns, both), labels, temperature);
      const half = rows * columns;
      const [first, second] = [gradient.values.slice(0, half), gradient.values.slice(half)];
      return {
        loss,
        gradients: addGradients(
          one.backward(matrixOf(rows, columns, first)).weights,
          two.backward(matrixOf(rows, columns, second)).weights,
        ),
        labels,
      };
    },
    followTarget: () => {},
  };
}
