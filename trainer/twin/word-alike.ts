import { leastSpread } from '../../shared/training/embedding-spread.ts';

/** Sentences on arms whose embeddings are nearly alike at the end: their positives say little of the images. */
export function wordAlike(
  arms: readonly { readonly arm: string; readonly spread: number | null }[],
): string[] {
  return arms.flatMap(({ arm, spread }) =>
    spread === null || spread >= leastSpread
      ? []
      : [
          `${arm}: embeddings are nearly alike (spread ${spread.toFixed(3)}; 0: all alike, about 1: evenly spread). Fewer positives help: a smaller --rate.`,
        ],
  );
}
