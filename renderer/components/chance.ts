import type { MinedGroup } from '../../shared/trainer-protocol.ts';

/** Parts of [0, 1] that a run's counts have. */
const binsOf = (groups: readonly MinedGroup[]): number => groups[0]?.pairCounts.length ?? 0;

const sumFrom = (counts: readonly number[], first: number): number => {
  let sum = 0;
  for (let i = Math.max(0, first); i < counts.length; i += 1) sum += counts[i] ?? 0;
  return sum;
};

/** What lies at or above a relation. */
export type Discovery = {
  readonly pairs: number;
  /** Share of these pairs that chance alone would give, at most 1; undefined without pairs. */
  readonly byChance: number | undefined;
};

/**
 * Pairs of all kinds of image from `atLeast` on, and how many of them pairs put together by chance would
 * give: for each kind (1 + b) / (1 + n) of the compared pairs, at most all that were found. Exact where `atLeast` is a multiple of 1 / 200.
 */
export function discoveryFrom(groups: readonly MinedGroup[], atLeast: number): Discovery {
  const first = Math.round(atLeast * binsOf(groups));
  let [pairs, expected] = [0, 0];
  for (const { pairCounts, chanceCounts, chancePairs, compared } of groups) {
    const found = sumFrom(pairCounts, first);
    const chance = (compared * (1 + sumFrom(chanceCounts, first))) / (1 + chancePairs);
    pairs += found;
    expected += Math.min(found, chance);
  }
  return { pairs, byChance: pairs === 0 ? undefined : expected / pairs };
}

/** Shares of the pairs and of the chance pairs in each part of [0, 1]. */
export type Shares = { readonly pairs: readonly number[]; readonly chance: readonly number[] };

/** Both distributions over all kinds of image, chance weighted as the kinds occur among the pairs. */
export function sharesOf(groups: readonly MinedGroup[]): Shares {
  const total = groups.reduce((sum, { compared }) => sum + compared, 0);
  const bins = Array.from({ length: binsOf(groups) }, (_, i) => i);
  return {
    pairs: bins.map((i) =>
      groups.reduce((sum, { pairCounts }) => sum + (pairCounts[i] ?? 0) / total, 0),
    ),
    chance: bins.map((i) =>
      groups.reduce(
        (sum, { chanceCounts, chancePairs, compared }) =>
          chancePairs === 0
            ? sum
            : sum + ((chanceCounts[i] ?? 0) / chancePairs) * (compared / total),
        0,
      ),
    ),
  };
}
