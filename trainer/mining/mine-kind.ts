import { createHash } from 'node:crypto';
import { pairKey } from '../../shared/database/verdicts.ts';
import type { CanonicalGaze } from '../../shared/gaze/canonical.ts';
import { NullDistribution } from '../../shared/gaze/similarity/null-distribution.ts';
import type { ComparedCases } from '../../shared/gaze/similarity/compared-cases.ts';
import type { StationMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import type { ReaderPolicy } from '../../shared/training/run-configuration.ts';
import { BestPairs, type OrderedPairs } from './best-pairs.ts';
import { type ChanceOptions, drawChancePairs } from './chance-pairs.ts';
import { ImageSums } from './image-sums.ts';
import { KindCounts, type ThresholdRule } from './kind-counts.ts';
import type { KindCases, MiningCase, Partition } from './mining-cases.ts';
import { ownScale, type ReaderScale, standardiseReaders } from './reader-scale.ts';
import { relationRows } from './relation-rows.ts';
import type { RowPool } from './row-pool.ts';

/** Milliseconds of work between two looks at the messages. */
const checkEveryMs = 50;

/**
 * Rows of more cases than this are not kept between runs: their file would be larger than 1 GB (4 bytes for
 * each of n (n - 1) / 2 relations).
 */
const mostStoredCases = 22_000;

export type MiningOptions = {
  readonly measure: StationMeasure;
  readonly rule: ThresholdRule;
  readonly policy: ReaderPolicy;
  readonly samePatient: boolean;
  /** `pairKey` of pairs that a person has refused: counted, not kept. */
  readonly refused: ReadonlySet<string>;
  readonly chance: ChanceOptions;
  /** Gaze of a case as it was recorded; undefined where it is gone. */
  readonly gazeOf: (of: MiningCase) => CanonicalGaze | undefined;
  readonly pool: RowPool;
  /** Where relations are kept between runs, under names that begin with `prefix`; undefined: nowhere. */
  readonly store: { readonly folder: string; readonly prefix: string } | undefined;
  /** At most so many pairs are kept, the most alike. */
  readonly mostPairs: number;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  /** Called about every 50 ms with the share done, in [0, 1]. */
  readonly onCheck: (share: number) => Promise<void>;
};

/** What mining one kind of image gives; pairs name images by their place in `group.images`. */
export type MinedKind = {
  readonly group: KindCases;
  readonly compared: ComparedCases;
  readonly scale: ReaderScale;
  readonly counts: KindCounts;
  readonly chancePartCounts: readonly Uint32Array[];
  readonly pairs: OrderedPairs;
};

const keyOf = ({ readingId, imageId, signature }: MiningCase): string =>
  `${readingId} ${imageId} ${createHash('sha256').update(signature).digest('base64url').slice(0, 16)}`;

const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 12);

/** Beginnings of the names under which relations of a measure are kept: in any version, and in this one. */
export const storeNames = (
  prefix: string,
  { name, version }: StationMeasure,
): { readonly stem: string; readonly current: string } => {
  const stem = `${prefix}-${name}-`;
  return { stem, current: `${stem}${shortHash(version)}-` };
};

/** Where a partition's relations are kept: one file for each measure, version, kind and partition. */
function storeOf(
  { store, measure, policy }: MiningOptions,
  { kind, cases }: KindCases,
  { from, to }: Partition,
): { readonly folder: string; readonly name: string } | undefined {
  if (store === undefined || to - from > mostStoredCases) return undefined;
  const reader = policy === 'within' ? cases[from]?.readerId : 'all';
  const { current } = storeNames(store.prefix, measure);
  return { folder: store.folder, name: `${current}${shortHash(`${kind} ${reader}`)}` };
}

/** One partition's rows of relations, of which the next belongs to case `next`. */
type Source = Partition & { readonly rows: AsyncGenerator<Float32Array, void>; next: number };

/** Compares every pair of images of one kind that may pair, judges it by chance and keeps those above the threshold. */
export async function mineKind(group: KindCases, options: MiningOptions): Promise<MinedKind> {
  const { measure, pool, rule, samePatient, refused, nowMs, onCheck } = options;
  const { cases, partitions, images, imageOf } = group;
  let checkedAtMs = nowMs();
  const check = async (share: number): Promise<void> => {
    if (nowMs() - checkedAtMs < checkEveryMs) return;
    await onCheck(share);
    checkedAtMs = nowMs();
  };
  const compared = measure.open();
  for (const { signature } of cases) compared.add(signature);
  const chance = await drawChancePairs({
    ...options,
    group,
    compared,
    options: options.chance,
    onStep: () => check(0),
  });
  const scale = options.policy === 'across' ? standardiseReaders(chance.scores) : ownScale;
  const counts = new KindCounts(
    new NullDistribution(
      chance.scores.map(({ relation, readerA, readerB }) =>
        Math.fround(scale(relation, readerA, readerB)),
      ),
    ),
    rule,
  );
  pool.open(
    measure.name,
    cases.map(({ signature }) => signature),
    compared,
  );
  const sources = partitions.map((partition): Source => {
    const { from, to } = partition;
    const rows = relationRows({
      pool,
      first: from,
      keys: cases.slice(from, to).map(keyOf),
      store: storeOf(options, group, partition),
      compare: (i, j) => Math.fround(compared.compare(from + i, from + j)?.relation ?? Number.NaN),
      nowMs,
    });
    return { ...partition, rows, next: from };
  });
  const total = partitions.reduce((sum, { from, to }) => sum + ((to - from) * (to - from)) / 2, 1);
  const sums = new ImageSums(group, scale);
  const pairs = new BestPairs(options.mostPairs);
  const patients = new Map<string, number>();
  const patientOf = Int32Array.from(images, ({ patientKey }) => {
    const known = patients.get(patientKey) ?? patients.size;
    patients.set(patientKey, known);
    return known;
  });
  const isRefused = (a: number, b: number): boolean =>
    refused.size > 0 &&
    refused.has(pairKey({ imageA: images[a]?.imageId ?? 0, imageB: images[b]?.imageId ?? 0 }));
  const judge = (a: number, b: number, relation: number): void => {
    if (!samePatient && patientOf[a] === patientOf[b]) return;
    if (Number.isNaN(relation)) {
      counts.undefinedPairs += 1;
      return;
    }
    counts.count(relation);
    if (!(relation > counts.threshold) || isRefused(a, b)) return;
    counts.found += 1;
    pairs.add(a, b, relation);
  };
  let done = 0;
  try {
    for (let image = 0; image < images.length; image += 1) {
      for (const source of sources)
        while (source.next < source.to && imageOf[source.next] === image) {
          const { value: row } = await source.rows.next();
          if (row !== undefined) sums.add(row, source.from, source.next, image);
          done += row?.length ?? 0;
          source.next += 1;
        }
      sums.take(image, judge);
      await check(done / total);
    }
  } finally {
    await Promise.all(sources.map(({ rows }) => rows.return()));
  }
  return {
    group,
    compared,
    scale,
    counts,
    chancePartCounts: chance.partCounts,
    pairs: pairs.list(),
  };
}
