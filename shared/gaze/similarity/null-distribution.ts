/** Scores of pairs that were put together by chance, against which real pairs are judged. */
export class NullDistribution {
  /** In descending order. */
  readonly #scores: Float64Array;

  /** Throws where a score is no number: an undefined pair has to be left out, never counted as 0. */
  constructor(scores: Iterable<number>) {
    const sorted = Float64Array.from(scores).sort().toReversed();
    if (sorted.some((score) => Number.isNaN(score)))
      throw new Error('A null distribution holds numbers only.');
    this.#scores = sorted;
  }

  get size(): number {
    return this.#scores.length;
  }

  /** How many scores are at least `score`; where it is known, between which numbers the answer lies. */
  countAtLeast(score: number, least = 0, most = this.#scores.length): number {
    let low = least;
    let high = most;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#scores[middle] ?? 0) >= score) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Probability that chance gives at least `score`: (1 + b) / (1 + n) with b scores of n at least as high
   * (Phipson and Smyth 2010), so never 0.
   */
  pValue(score: number): number {
    return (1 + this.countAtLeast(score)) / (1 + this.size);
  }

  /**
   * The threshold for a false-positive rate: `relation > threshold` holds exactly where pValue <= rate.
   * Infinity where so few scores cannot show so small a rate (1 / (1 + n) > rate).
   */
  thresholdFor(rate: number): number {
    const allowed = Math.floor(rate * (1 + this.size) + 1e-9) - 1;
    if (allowed < 0) return Infinity;
    return allowed >= this.size ? -Infinity : (this.#scores[allowed] ?? Infinity);
  }

  /** The scores, highest first. */
  scores(): Float64Array {
    return this.#scores.slice();
  }
}

/** A p-value with how many pairs have it. */
export type CountedPValue = { readonly pValue: number; readonly count: number };

/**
 * Adjusted p-values of Benjamini and Hochberg (1995) by p-value, for p-values of which each occurs often:
 * accepting every pair whose adjusted value is at most q keeps the expected share of false ones among the
 * accepted at or below q (for independent or positively dependent pairs).
 */
export function adjustCounted(counted: readonly CountedPValue[]): Map<number, number> {
  const sorted = counted.toSorted((a, b) => b.pValue - a.pValue);
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  const adjusted = new Map<number, number>();
  let below = total;
  let smallest = 1;
  for (const [i, { pValue, count }] of sorted.entries()) {
    // Equal p-values of several groups share the rank of the last of them, which comes first here.
    if (pValue !== sorted[i - 1]?.pValue && below > 0)
      smallest = Math.min(smallest, (pValue * total) / below);
    adjusted.set(pValue, smallest);
    below -= count;
  }
  return adjusted;
}
