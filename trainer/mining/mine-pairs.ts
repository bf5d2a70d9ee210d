import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import { adjustCounted, NullDistribution } from '../../shared/gaze/similarity/null-distribution.ts';
import type {
  ComparedCases,
  StationMeasure,
} from '../../shared/gaze/similarity/station-measures.ts';
import type { MinedGroup, MinedPair } from '../../shared/trainer-protocol.ts';
import { type ChanceOptions, drawChancePairs } from './chance-pairs.ts';
import type { GazeCase } from '../../shared/database/canonical-gaze.ts';
import { pairKey } from '../../shared/database/verdicts.ts';
import { kindOf, mayPair } from '../../shared/imaging/pair-rules.ts';

/** Milliseconds of work between two looks at the messages. */
const checkEveryMs = 50;
/** Parts of [0, 1] in the counts that a run keeps. */
export const histogramBins = 200;

/** How mining lets the rest of its process have a turn. */
export type MiningChecks = {
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  /** Called about every 50 ms with the share done, in [0, 1]. */
  readonly onCheck: (share: number) => Promise<void>;
};

/** A fixed threshold, or the false-positive rate for which it is taken from chance. */
export type ThresholdRule = { readonly fixed: number } | { readonly falsePositiveRate: number };

export type MiningResult = {
  readonly images: number;
  /** Pairs of images for which the measure gave a number. */
  readonly compared: number;
  readonly undefinedPairs: number;
  readonly groups: MinedGroup[];
  readonly pairs: readonly MinedPair[];
};

/** How alike two images were looked at, and by which of their cases most. */
export type ComparedImages = {
  readonly relation: number;
  readonly similarity: number[];
  readonly caseA: number;
  readonly caseB: number;
  /** How many pairs of readings were compared. */
  readonly readingPairs: number;
};

/**
 * Similarity of two images, each with the numbers of its cases. Where an image was read several times it is
 * the mean over all pairs of readings that the measure can compare; undefined where there is none.
 */
export function compareImages(
  compared: ComparedCases,
  a: readonly number[],
  b: readonly number[],
): ComparedImages | undefined {
  let count = 0;
  let relation = 0;
  let similarity: number[] = [];
  let best = { relation: -Infinity, caseA: -1, caseB: -1 };
  for (const one of a)
    for (const other of b) {
      const found = compared.compare(one, other);
      if (found === undefined) continue;
      count += 1;
      relation += found.relation;
      if (found.relation > best.relation)
        best = { relation: found.relation, caseA: one, caseB: other };
      similarity = found.parts.map((part, k) => part + (similarity[k] ?? 0));
    }
  if (count === 0) return undefined;
  return {
    relation: relation / count,
    similarity: similarity.map((sum) => sum / count),
    caseA: best.caseA,
    caseB: best.caseB,
    readingPairs: count,
  };
}

/** What is counted of one kind of image while its pairs are compared. */
class GroupCounts {
  readonly chance: NullDistribution;
  readonly threshold: number;
  /** Pairs by how many chance scores are at least as high. */
  readonly byRank: Uint32Array;
  readonly pairCounts = new Uint32Array(histogramBins);
  compared = 0;
  found = 0;

  constructor(chance: NullDistribution, rule: ThresholdRule) {
    this.chance = chance;
    this.byRank = new Uint32Array(chance.size + 1);
    this.threshold = 'fixed' in rule ? rule.fixed : chance.thresholdFor(rule.falsePositiveRate);
  }

  /** Counts a relation and answers its p-value. */
  count(relation: number): number {
    const rank = this.chance.countAtLeast(relation);
    this.byRank[rank] = (this.byRank[rank] ?? 0) + 1;
    const bin = binOf(relation);
    this.pairCounts[bin] = (this.pairCounts[bin] ?? 0) + 1;
    this.compared += 1;
    return this.pValueOf(rank);
  }

  pValueOf(rank: number): number {
    return (1 + rank) / (1 + this.chance.size);
  }

  toGroup(group: string): MinedGroup {
    const { chance, threshold, compared, found } = this;
    const scores = chance.scores();
    const chanceCounts = new Uint32Array(histogramBins);
    let above = 0;
    for (const score of scores) {
      chanceCounts[binOf(score)] = (chanceCounts[binOf(score)] ?? 0) + 1;
      if (score > threshold) above += 1;
    }
    const falsePositiveRate = scores.length === 0 ? 0 : above / scores.length;
    return {
      group,
      threshold: Number.isFinite(threshold) ? threshold : null,
      falsePositiveRate,
      compared,
      found,
      falseDiscoveryRate:
        found === 0 ? null : Math.min(1, (((1 + above) / (1 + scores.length)) * compared) / found),
      chancePairs: scores.length,
      chanceCounts: [...chanceCounts],
      chancePartCounts: [],
      pairCounts: [...this.pairCounts],
    };
  }
}

const binOf = (relation: number): number =>
  Math.min(histogramBins - 1, Math.max(0, Math.floor(relation * histogramBins)));

/**
 * Compares every pair of images that may pair, judges it by chance and keeps those above the threshold, in
 * order of their ids; a refused pair is compared and counted but not kept. The same cases give the same
 * result.
 */
export async function minePairs(
  measure: StationMeasure,
  rule: ThresholdRule,
  cases: readonly GazeCase[],
  images: ReadonlyMap<number, SnapshotImage>,
  { nowMs, onCheck }: MiningChecks,
  chance: ChanceOptions,
  vetoed: ReadonlySet<string> = new Set(),
): Promise<MiningResult> {
  let checkedAtMs = nowMs();
  const isDue = (): boolean => nowMs() - checkedAtMs >= checkEveryMs;
  const check = async (share: number): Promise<void> => {
    await onCheck(share);
    checkedAtMs = nowMs();
  };
  const compared = measure.open();
  const byImage = new Map<number, number[]>();
  for (const [done, { imageId, gaze }] of cases.entries()) {
    const list = byImage.get(imageId) ?? [];
    list.push(compared.add(measure.describe(gaze)));
    byImage.set(imageId, list);
    if (isDue()) await check((0.3 * done) / cases.length);
  }
  let steps = 0;
  const nulls = await drawChancePairs({
    cases,
    images,
    compared,
    measure,
    options: chance,
    onStep: async () => {
      steps += 1;
      if (isDue()) await check(0.3 + 0.2 * Math.min(1, steps / chance.surrogates));
    },
  });
  const groups = new Map<string, GroupCounts>();
  const countsOf = (group: string): GroupCounts => {
    const known = groups.get(group);
    if (known !== undefined) return known;
    const made = new GroupCounts(nulls.get(group) ?? new NullDistribution([]), rule);
    groups.set(group, made);
    return made;
  };

  const ids = [...byImage.keys()].toSorted((a, b) => a - b);
  const total = (ids.length * (ids.length - 1)) / 2;
  const kept: Omit<MinedPair, 'qValue'>[] = [];
  let [seen, undefinedPairs] = [0, 0];
  for (const [i, imageA] of ids.entries())
    for (let j = i + 1; j < ids.length; j += 1) {
      const imageB = ids[j] ?? 0;
      seen += 1;
      if (isDue()) await check(0.5 + (0.5 * seen) / total);
      const [a, b] = [images.get(imageA), images.get(imageB)];
      if (a === undefined || b === undefined || !mayPair(a, b, false)) continue;
      const found = compareImages(compared, byImage.get(imageA) ?? [], byImage.get(imageB) ?? []);
      if (found === undefined) {
        undefinedPairs += 1;
        continue;
      }
      const counts = countsOf(kindOf(a));
      const pValue = counts.count(found.relation);
      if (found.relation > counts.threshold && !vetoed.has(pairKey({ imageA, imageB }))) {
        counts.found += 1;
        const { relation, similarity, caseA, caseB, readingPairs } = found;
        kept.push({
          imageA,
          imageB,
          relation,
          similarity,
          pValue,
          readingA: cases[caseA]?.readingId ?? 0,
          readingB: cases[caseB]?.readingId ?? 0,
          readingPairs,
        });
      }
    }
  const counted = [...groups.values()].flatMap((counts) =>
    Array.from(counts.byRank, (count, rank) => ({ pValue: counts.pValueOf(rank), count })),
  );
  const adjusted = adjustCounted(counted);
  const ordered = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    images: ids.length,
    compared: ordered.reduce((sum, [, counts]) => sum + counts.compared, 0),
    undefinedPairs,
    groups: ordered.map(([group, counts]) => counts.toGroup(group)),
    pairs: kept.map((pair) => ({ ...pair, qValue: adjusted.get(pair.pValue) ?? 1 })),
  };
}
