import type { RealArray } from '../real-array.ts';

// A function of its own, so that V8 compiles the loop as a whole (trainer/optimizers.ts).
function followLoop(follower: RealArray, leader: RealArray, momentum: number): void {
  for (let i = 0; i < follower.length; i += 1)
    follower[i] = momentum * (follower[i] ?? 0) + (1 - momentum) * (leader[i] ?? 0);
}

/**
 * A momentum encoder follows (MoCo's keys, BYOL's target): t = m t + (1 - m) w, in place, for the weights that
 * `followers` names. Batch norm's running statistics are no weights and do not follow.
 */
export function followWeights(
  followers: ReadonlyMap<string, RealArray>,
  weights: ReadonlyMap<string, RealArray>,
  momentum: number,
): void {
  for (const [name, follower] of followers) {
    const leader = weights.get(name);
    if (leader?.length !== follower.length)
      throw new Error(`The momentum encoder has no weight to follow for ${name}.`);
    followLoop(follower, leader, momentum);
  }
}
