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

  /** How many scores are at least `score`. */
  countAtLeast(score: number): number {
    let low = 0;
    let high = this.#scores.length;
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

  /** Share of scores in each of `bins` equal parts of [low, high]; the last part includes its end. */
  histogram(bins: number, low: number, high: number): number[] {
    return histogram(this.#scores, bins, low, high);
  }
}

/** Share of `scores` in each of `bins` equal parts of [low, high], the last with its end; what lies beyond is left out. */
export function histogram(
  scores: ArrayLike<number>,
  bins: number,
  low: number,
  high: number,
): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (let i = 0; i < scores.length; i += 1) {
    const score = scores[i] ?? Number.NaN;
    if (!(score >= low && score <= high)) continue;
    const bin = Math.min(bins - 1, Math.floor(((score - low) / (high - low)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => (scores.length === 0 ? 0 : count / scores.length));
}

/**
 * Adjusted p-values of Benjamini and Hochberg (1995), in the order given: accepting every pair whose value
 * is at most q keeps the expected share of false ones among the accepted at or below q (for independent or
 * positively dependent pairs).
 */
export function adjustByBenjaminiHochberg(pValues: readonly number[]): number[] {
  const count = pValues.length;
  const order = pValues.map((_, i) => i).sort((a, b) => (pValues[b] ?? 0) - (pValues[a] ?? 0));
  const adjusted = Array.from({ length: count }, () => 1);
  let smallest = 1;
  for (const [k, i] of order.entries()) {
    smallest = Math.min(smallest, ((pValues[i] ?? 1) * count) / (count - k));
    adjusted[i] = smallest;
  }
  return adjusted;
}
