import { normaliseRows, matrixOf } from '../losses/matrix.ts';
import { mocoLoss } from '../losses/moco-loss.ts';
import { queueLabels, type QueuePolicy } from '../losses/positive-labels.ts';
import { enqueueKeys, type MemoryQueue } from '../methods/memory-queue.ts';
import { followWeights } from '../methods/momentum-update.ts';
import { pairWeights } from './followed-encoder.ts';
import { type Arrays, forward, type Layer, weightsOf } from './layers.ts';
import type { ReferenceMethod } from './method.ts';

export type ReferenceMocoOptions = {
  readonly arrays: Arrays;
  readonly query: readonly Layer[];
  /** The same layers, of the encoder that follows. */
  readonly key: readonly Layer[];
  readonly queue: MemoryQueue<Float64Array>;
  readonly keyMomentum: number;
  readonly temperature: number;
  readonly policy: QueuePolicy;
};

/**
 * MoCo with gaze positives (mcgip section 8). Order of a step: labels, queries, momentum update of the key encoder,
 * keys, logits against the old queue, loss; keys and ids enter the queue.
 */
export function createReferenceMoco(options: ReferenceMocoOptions): ReferenceMethod {
  const { arrays, query, key, queue, keyMomentum, temperature, policy } = options;
  const weights = weightsOf(query, arrays);
  const { followers, leaders } = pairWeights(query, key, arrays);
  return {
    kind: 'moco',
    weights,
    step: ({ imageIds, view1, view2 }, alike) => {
      const { positives, masked } = queueLabels(imageIds, queue.imageIds, alike, policy);
      const queries = forward(query, arrays, view1);
      followWeights(followers, leaders, keyMomentum);
      const keys = normaliseRows(forward(key, arrays, view2).output);
      const { loss, gradient } = mocoLoss({
        queries: queries.output,
        keys,
        queue: matrixOf(queue.imageIds.length, keys.columns, queue.keys),
        positives,
        masked,
        temperature,
      });
      enqueueKeys(queue, keys.values, imageIds);
      return { loss, gradients: queries.backward(gradient).weights, labels: positives };
    },
    followTarget: () => {},
  };
}
