import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import type { EncodedSignature } from '../../shared/gaze/similarity/compared-cases.ts';
import { kindOf } from '../../shared/imaging/pair-rules.ts';
import type { ReaderPolicy } from '../../shared/training/run-configuration.ts';

/** Gaze of one reading on one image, as a measure compares it. */
export type MiningCase = {
  readonly readingId: number;
  readonly imageId: number;
  readonly readerId: number;
  readonly signature: EncodedSignature;
};

/** Cases whose readings may be compared with each other; a range of `KindCases.cases`. */
export type Partition = { readonly from: number; readonly to: number };

/** All cases on images of one kind. */
export type KindCases = {
  readonly kind: string;
  /** By partition, then image, then reading. */
  readonly cases: readonly MiningCase[];
  /** One for each reader where only readings of one reader are compared, otherwise one. */
  readonly partitions: readonly Partition[];
  /** The kind's images that were read, in the order of their ids. */
  readonly images: readonly SnapshotImage[];
  /** Place in `images` of each case's image. */
  readonly imageOf: Int32Array;
};

/** Parts cases by the kind of their image, in the order of the kinds' names; cases without an image are left out. */
export function partByKind(
  cases: readonly MiningCase[],
  images: ReadonlyMap<number, SnapshotImage>,
  policy: ReaderPolicy,
): KindCases[] {
  const byKind = Map.groupBy(cases, ({ imageId }) => {
    const image = images.get(imageId);
    return image === undefined ? '' : kindOf(image);
  });
  byKind.delete('');
  const partitionOf = ({ readerId }: MiningCase): number => (policy === 'within' ? readerId : 0);
  return [...byKind]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, members]) => {
      const sorted = members.toSorted(
        (a, b) =>
          partitionOf(a) - partitionOf(b) || a.imageId - b.imageId || a.readingId - b.readingId,
      );
      const partitions: { from: number; to: number }[] = [];
      for (const [i, each] of sorted.entries()) {
        const before = sorted[i - 1];
        const last = partitions.at(-1);
        if (last === undefined || before === undefined || partitionOf(before) !== partitionOf(each))
          partitions.push({ from: i, to: i + 1 });
        else last.to = i + 1;
      }
      const ids = [...new Set(sorted.map(({ imageId }) => imageId))].toSorted((a, b) => a - b);
      const placeOf = new Map(ids.map((id, place) => [id, place]));
      return {
        kind,
        cases: sorted,
        partitions,
        images: ids.flatMap((id) => images.get(id) ?? []),
        imageOf: Int32Array.from(sorted, ({ imageId }) => placeOf.get(imageId) ?? -1),
      };
    });
}
