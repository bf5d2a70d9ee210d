import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import { adjustCounted } from '../../shared/gaze/similarity/null-distribution.ts';
import type { MinedGroup, MinedPair } from '../../shared/trainer-protocol.ts';
import { compareImages, readingsByImage } from './compare-images.ts';
import { type MinedKind, mineKind, type MiningOptions, storeNames } from './mine-kind.ts';
import { type MiningCase, partByKind } from './mining-cases.ts';
import { removeOthers } from './relation-file.ts';

export type MiningResult = {
  /** Images with a case. */
  readonly images: number;
  /** Pairs of images for which the measure gave a number. */
  readonly compared: number;
  /** Pairs of images with readings to compare, of which the measure has no number. */
  readonly undefinedPairs: number;
  readonly groups: readonly MinedGroup[];
  /** Scores of pairs put together by chance, by kind of image, highest first. */
  readonly chance: Readonly<Record<string, readonly number[]>>;
  /** Kept pairs: of all that were found the most alike. */
  readonly kept: number;
  /** The kept pairs, by kind, then by the higher and the lower id of their images; can be gone through again. */
  readonly pairs: Iterable<MinedPair>;
};

/** A kind's kept pairs with everything that is said of them. */
function* describePairs(
  { group, compared, scale, counts, pairs }: MinedKind,
  qValueOf: (pValue: number) => number,
): Generator<MinedPair, void> {
  const byImage = readingsByImage(group);
  for (const [k, relation] of pairs.relation.entries()) {
    const [a, b] = [pairs.a[k] ?? 0, pairs.b[k] ?? 0];
    const [imageA, imageB] = [group.images[a], group.images[b]];
    const found = compareImages(compared, byImage[a] ?? [], byImage[b] ?? [], scale);
    if (imageA === undefined || imageB === undefined || found === undefined)
      throw new Error('A pair that was kept cannot be compared again.');
    const pValue = counts.pValueOf(counts.rankOf(relation));
    yield {
      imageA: imageA.imageId,
      imageB: imageB.imageId,
      relation,
      similarity: [...found.similarity],
      pValue,
      qValue: qValueOf(pValue),
      readingA: group.cases[found.caseA]?.readingId ?? 0,
      readingB: group.cases[found.caseB]?.readingId ?? 0,
      readingPairs: found.readingPairs,
    };
  }
}

/**
 * Compares every pair of images that may pair, judges it by chance and keeps those above the threshold. The same
 * cases and seed give the same result, bit for bit, whatever was kept of earlier runs and however many
 * threads compute.
 */
export async function minePairs(
  cases: readonly MiningCase[],
  images: ReadonlyMap<number, SnapshotImage>,
  options: MiningOptions,
): Promise<MiningResult> {
  const { store, measure } = options;
  if (store !== undefined) {
    const { stem, current } = storeNames(store.prefix, measure);
    removeOthers(store.folder, stem, current);
  }
  const groups = partByKind(cases, images, options.policy);
  const weights = groups.map((group) => group.cases.length ** 2);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const kinds: MinedKind[] = [];
  let before = 0;
  for (const [k, group] of groups.entries()) {
    const part = (weights[k] ?? 0) / whole;
    const start = before;
    kinds.push(
      await mineKind(group, {
        ...options,
        onCheck: (share) => options.onCheck(start + share * part),
      }),
    );
    before += part;
  }
  const adjusted = adjustCounted(
    kinds.flatMap(({ counts }) =>
      Array.from(counts.byRank, (count, rank) => ({ pValue: counts.pValueOf(rank), count })),
    ),
  );
  const sum = (of: (kind: MinedKind) => number): number =>
    kinds.reduce((all, kind) => all + of(kind), 0);
  return {
    images: sum(({ group }) => group.images.length),
    compared: sum(({ counts }) => counts.compared),
    undefinedPairs: sum(({ counts }) => counts.undefinedPairs),
    groups: kinds.map(({ group, counts, chancePartCounts }) =>
      counts.toGroup(group.kind, chancePartCounts),
    ),
    chance: Object.fromEntries(
      kinds.map(({ group, counts }) => [group.kind, [...counts.chance.scores()]]),
    ),
    kept: sum(({ pairs }) => pairs.relation.length),
    pairs: {
      *[Symbol.iterator]() {
        for (const kind of kinds) yield* describePairs(kind, (pValue) => adjusted.get(pValue) ?? 1);
      },
    },
  };
}
