import type { AreAlike, Method } from './method.ts';

export type MocoOptions = {
  readonly queueLength: number;
  readonly dimension: number;
  readonly keyMomentum: number;
  /** Weights of the query encoder at the start; the key encoder begins as their copy. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** State and ids of an earlier run. */
  readonly restored?: {
    readonly state: ReadonlyMap<string, Float32Array>;
    readonly queueIds: readonly number[];
  };
};

/**
 * Positives of a batch in the queue, `[batch, queue]`: keys of images looked at alike, and earlier keys of
 * the same image, found by id. An empty slot (id 0) is never one.
 */
export function queuePositives(
  imageIds: readonly number[],
  queueIds: readonly number[],
  alike: AreAlike,
): Float32Array {
  const labels = new Float32Array(imageIds.length * queueIds.length);
  for (const [i, image] of imageIds.entries())
    for (const [j, queued] of queueIds.entries())
      if (queued !== 0 && (queued === image || alike(image, queued)))
        labels[i * queueIds.length + j] = 1;
  return labels;
}

const keyName = (name: string): string => `key.${name}`;

/**
 * MoCo v2 (He et al. 2020) with gaze positives (mcgip section 8). Order of a step: momentum update of the
 * key encoder, keys, labels, logits against the old queue, then the keys enter the queue. In one process
 * batch norm is not shuffled; ids travel with their keys.
 */
export function createMoco(options: MocoOptions): Method {
  const { queueLength, dimension, keyMomentum, weights, restored } = options;
  const state = new Map<string, Float32Array>();
  for (const [name, values] of weights)
    state.set(keyName(name), restored?.state.get(keyName(name))?.slice() ?? values.slice());
  const queue = restored?.state.get('queue')?.slice() ?? new Float32Array(queueLength * dimension);
  const place = restored?.state.get('queue.place')?.slice() ?? new Float32Array(1);
  state.set('queue', queue);
  state.set('queue.place', place);
  const queueIds = [...(restored?.queueIds ?? Array.from({ length: queueLength }, () => 0))];
  const keyWeights = new Map(
    [...weights.keys()].map((name) => [name, state.get(keyName(name)) ?? new Float32Array(0)]),
  );

  const followQuery = (current: ReadonlyMap<string, Float32Array>): void => {
    for (const [name, values] of current) {
      const key = keyWeights.get(name);
      if (key === undefined) continue;
      for (let i = 0; i < key.length; i += 1)
        key[i] = keyMomentum * (key[i] ?? 0) + (1 - keyMomentum) * (values[i] ?? 0);
    }
  };

  const enqueue = (keys: Float32Array, imageIds: readonly number[]): void => {
    let slot = place[0] ?? 0;
    for (const [i, id] of imageIds.entries()) {
      queue.set(keys.subarray(i * dimension, (i + 1) * dimension), slot * dimension);
      queueIds[slot] = id;
      slot = (slot + 1) % queueLength;
    }
    place[0] = slot;
  };

  return {
    name: 'moco-v2',
    state,
    queueIds,
    step: async (engine, { imageIds, view1, view2 }, alike) => {
      followQuery(engine.weights);
      const keys = await engine.project(view2, keyWeights);
      const result = await engine.step({
        view1,
        view2,
        keys,
        queue,
        positives: queuePositives(imageIds, queueIds, alike),
        emptySlots: Uint8Array.from(queueIds, (id) => Number(id === 0)),
      });
      enqueue(keys, imageIds);
      return result;
    },
  };
}
