import { NullDistribution } from '../../shared/gaze/similarity/null-distribution.ts';
import type { MinedGroup } from '../../shared/trainer-protocol.ts';
import { binOf, histogramBins } from './histogram.ts';

/** A fixed threshold, or the false-positive rate for which it is taken from chance. */
export type ThresholdRule = { readonly fixed: number } | { readonly falsePositiveRate: number };

/** Parts of [0, 1] in the table that finds a relation's rank. */
const rankBins = 1 << 14;

/** What is counted of one kind of image while its pairs are compared. */
export class KindCounts {
  readonly chance: NullDistribution;
  readonly threshold: number;
  /** Pairs by how many chance scores are at least as high. */
  readonly byRank: Uint32Array;
  readonly pairCounts = new Uint32Array(histogramBins);
  compared = 0;
  undefinedPairs = 0;
  /** Pairs above the threshold that nobody has refused. */
  found = 0;
  /** For each part of [0, 1], ranks of its lower end and of the lower end of the next part. */
  readonly #rankAt: Uint32Array;
  /** For each part that holds chance scores the relation that was last looked up, and its rank. */
  readonly #seen = new Float32Array(rankBins + 1).fill(-1);
  readonly #seenRank = new Uint32Array(rankBins + 1);

  constructor(chance: NullDistribution, rule: ThresholdRule) {
    this.chance = chance;
    this.byRank = new Uint32Array(chance.size + 1);
    // Relations are in single precision; a fixed threshold is too, so that what equals it is not above it.
    this.threshold =
      'fixed' in rule ? Math.fround(rule.fixed) : chance.thresholdFor(rule.falsePositiveRate);
    this.#rankAt = Uint32Array.from({ length: rankBins + 2 }, (_, bin) =>
      chance.countAtLeast(bin / rankBins),
    );
  }

  /** How many chance scores are at least as high; `relation` in [0, 1], in single precision. */
  rankOf(relation: number): number {
    const bin = Math.floor(relation * rankBins);
    const most = this.#rankAt[bin] ?? 0;
    const least = this.#rankAt[bin + 1] ?? 0;
    if (most === least) return most;
    if (this.#seen[bin] === relation) return this.#seenRank[bin] ?? 0;
    const rank = this.chance.countAtLeast(relation, least, most);
    this.#seen[bin] = relation;
    this.#seenRank[bin] = rank;
    return rank;
  }

  /** Counts the relation of a pair. */
  count(relation: number): void {
    const rank = this.rankOf(relation);
    this.byRank[rank] = (this.byRank[rank] ?? 0) + 1;
    const bin = binOf(relation);
    this.pairCounts[bin] = (this.pairCounts[bin] ?? 0) + 1;
    this.compared += 1;
  }

  /** Probability that chance gives what only `rank` chance scores reach. */
  pValueOf(rank: number): number {
    return (1 + rank) / (1 + this.chance.size);
  }

  toGroup(group: string, chancePartCounts: readonly Uint32Array[]): MinedGroup {
    const { chance, threshold, compared, found } = this;
    const scores = chance.scores();
    const chanceCounts = new Uint32Array(histogramBins);
    let above = 0;
    for (const score of scores) {
      chanceCounts[binOf(score)] = (chanceCounts[binOf(score)] ?? 0) + 1;
      if (score > threshold) above += 1;
    }
    return {
      group,
      threshold: Number.isFinite(threshold) ? threshold : null,
      falsePositiveRate: scores.length === 0 ? 0 : above / scores.length,
      compared,
      found,
      falseDiscoveryRate:
        found === 0 ? null : Math.min(1, (((1 + above) / (1 + scores.length)) * compared) / found),
      chancePairs: scores.length,
      chanceCounts: [...chanceCounts],
      chancePartCounts: chancePartCounts.map((counts) => [...counts]),
      pairCounts: [...this.pairCounts],
    };
  }
}
