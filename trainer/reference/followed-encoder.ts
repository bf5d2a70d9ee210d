import { type Arrays, type Layer, weightsOf } from './layers.ts';

/**
 * Weights of an encoder and of the one that follows it, layer by layer, under the names of the follower. Throws
 * where the two are not built alike.
 */
export function pairWeights(
  leader: readonly Layer[],
  follower: readonly Layer[],
  arrays: Arrays,
): { readonly leaders: Arrays; readonly followers: Arrays } {
  const leading = [...weightsOf(leader, arrays).values()];
  const followers = weightsOf(follower, arrays);
  const names = [...followers.keys()];
  if (names.length !== leading.length)
    throw new Error('The momentum encoder is not built like the encoder that it follows.');
  return {
    followers,
    leaders: new Map(leading.map((values, i) => [names[i] ?? '', values])),
  };
}
