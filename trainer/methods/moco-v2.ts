import { type OwnKeys, queueLabels } from '../losses/positive-labels.ts';
import { emptyImageIds, enqueueKeys } from './memory-queue.ts';
import type { Method } from './method.ts';
import { followWeights } from './momentum-update.ts';

export type MocoOptions = {
  readonly queueLength: number;
  readonly dimension: number;
  readonly keyMomentum: number;
  readonly ownKeys: OwnKeys;
  /** Weights of the query encoder at the start; the key encoder begins as their copy. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** State and ids of an earlier run. */
  readonly restored?: {
    readonly state: ReadonlyMap<string, Float32Array>;
    readonly queueIds: readonly number[];
  };
};

const keyName = (name: string): string => `key.${name}`;

/**
 * MoCo v2 (He et al. 2020) with gaze positives (mcgip section 8). Order of a step: momentum update of the
 * key encoder, keys, labels, logits against the old queue, then the keys enter the queue. In one process
 * batch norm is not shuffled; ids travel with their keys.
 */
export function createMoco(options: MocoOptions): Method {
  const { queueLength, dimension, keyMomentum, ownKeys, weights, restored } = options;
  const state = new Map<string, Float32Array>();
  for (const [name, values] of weights)
    state.set(keyName(name), restored?.state.get(keyName(name))?.slice() ?? values.slice());
  const queue = restored?.state.get('queue')?.slice() ?? new Float32Array(queueLength * dimension);
  const place = restored?.state.get('queue.place')?.slice() ?? new Float32Array(1);
  state.set('queue', queue);
  state.set('queue.place', place);
  const queueIds = [...(restored?.queueIds ?? emptyImageIds(queueLength))];
  const keyWeights = new Map(
    [...weights.keys()].map((name) => [name, state.get(keyName(name)) ?? new Float32Array(0)]),
  );

  return {
    name: 'moco-v2',
    state,
    queueIds,
    step: async (engine, { imageIds, view1, view2 }, alike) => {
      followWeights(keyWeights, engine.weights, keyMomentum);
      const keys = await engine.project(view2, keyWeights);
      const result = await engine.step({
        kind: 'moco',
        view1,
        keys,
        queue,
        ...queueLabels(imageIds, queueIds, alike, { ownKeys }),
      });
      enqueueKeys({ keys: queue, imageIds: queueIds, place }, keys, imageIds);
      return result;
    },
  };
}
