import type { Random } from '../../shared/random.ts';
import type { RealArray } from '../real-array.ts';

/** What an empty slot has for an image id; ids of images begin at 1. */
export const emptySlot = 0;

/** MoCo's memory queue: earlier keys and, always beside them, the ids of their images. */
export type MemoryQueue<Values extends RealArray = Float32Array> = {
  /** `[slots, dimension]`; an empty slot is zero. */
  readonly keys: Values;
  /** One id a slot. */
  readonly imageIds: number[];
  /** One number: the slot that is written next. */
  readonly place: Values;
};

/** Ids of a queue without a key. */
export const emptyImageIds = (slots: number): number[] =>
  Array.from({ length: slots }, () => emptySlot);

/** What the published code starts with: rows of the relation at random, in [0, 700), beside random vectors. */
export const publishedImageIds = (slots: number, random: Random): number[] =>
  Array.from({ length: slots }, () => random.below(700));

/**
 * Puts a batch of keys `[batch, dimension]` with its image ids into the next slots, over the oldest ones. Throws
 * where there is not one id for each key: on several machines ids are gathered together with their keys.
 */
export function enqueueKeys(
  { keys, imageIds, place }: MemoryQueue<RealArray>,
  added: RealArray,
  addedIds: readonly number[],
): void {
  const dimension = keys.length / imageIds.length;
  if (added.length !== addedIds.length * dimension)
    throw new Error(
      `${added.length / dimension} keys came with ${addedIds.length} image ids into the queue.`,
    );
  let slot = place[0] ?? 0;
  for (const [i, id] of addedIds.entries()) {
    keys.set(added.subarray(i * dimension, (i + 1) * dimension), slot * dimension);
    imageIds[slot] = id;
    slot = (slot + 1) % imageIds.length;
  }
  place[0] = slot;
}
