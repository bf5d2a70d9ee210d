import type { ComparedCases } from '../../shared/gaze/similarity/compared-cases.ts';
import type { KindCases } from './mining-cases.ts';
import type { ReaderScale } from './reader-scale.ts';

/** A case of an image, by its number, with its reader and the partition that it may be compared within. */
export type NumberedCase = {
  readonly number: number;
  readonly readerId: number;
  readonly partition: number;
};

/** The cases of each image of a kind, by the image's place. */
export function readingsByImage({
  cases,
  partitions,
  images,
  imageOf,
}: KindCases): NumberedCase[][] {
  const byImage: NumberedCase[][] = images.map(() => []);
  for (const [partition, { from, to }] of partitions.entries())
    for (let number = from; number < to; number += 1)
      byImage[imageOf[number] ?? -1]?.push({
        number,
        readerId: cases[number]?.readerId ?? 0,
        partition,
      });
  return byImage;
}

/** How alike two images were looked at, and by which of their cases most. */
export type ComparedImages = {
  /** In single precision. */
  readonly relation: number;
  /** The measure's own numbers, not standardised. */
  readonly similarity: readonly number[];
  readonly caseA: number;
  readonly caseB: number;
  /** How many pairs of readings were compared. */
  readonly readingPairs: number;
};

/**
 * Similarity of two images, `b` the one of the higher place. Where an image was read several times it is the
 * mean over all pairs of readings that may be compared and of which the measure has a number; undefined where
 * there is none. Relations are taken in single precision and summed in the order in which mining does.
 */
export function compareImages(
  compared: ComparedCases,
  a: readonly NumberedCase[],
  b: readonly NumberedCase[],
  scale: ReaderScale,
): ComparedImages | undefined {
  let [count, sum] = [0, 0];
  let similarity: number[] = [];
  let best = { relation: -Infinity, caseA: -1, caseB: -1 };
  for (const other of b)
    for (const one of a) {
      if (one.partition !== other.partition) continue;
      const found = compared.compare(other.number, one.number);
      if (found === undefined) continue;
      count += 1;
      const relation = scale(Math.fround(found.relation), other.readerId, one.readerId);
      sum += relation;
      similarity = found.parts.map((part, k) => part + (similarity[k] ?? 0));
      if (relation > best.relation) best = { relation, caseA: one.number, caseB: other.number };
    }
  if (count === 0) return undefined;
  return {
    relation: Math.fround(sum / count),
    similarity: similarity.map((all) => all / count),
    caseA: best.caseA,
    caseB: best.caseB,
    readingPairs: count,
  };
}
