import { createHash } from 'node:crypto';
import type { SnapshotImage, UsableReading } from '../shared/database/snapshot.ts';
import { type ImagePair, pairKey } from '../shared/database/verdicts.ts';

/**
 * SHA-256 over what the database says of images and readings beside pixels and gaze: landmarks, side, view, patient,
 * reader. With other facts the same gaze gives other pairs, or the same picture other views. Of patients and readers
 * only which are the same goes in; lists in the order of their ids.
 */
export function hashFacts({
  images,
  readings,
}: {
  readonly images: readonly SnapshotImage[];
  readonly readings: readonly UsableReading[];
}): string {
  const patients = new Map<string, number>();
  const numberOf = (patientKey: string): number => {
    const known = patients.get(patientKey) ?? patients.size;
    patients.set(patientKey, known);
    return known;
  };
  const facts = {
    images: images.map(
      ({
        imageId,
        format,
        modality,
        laterality,
        viewPosition,
        patientKey,
        landmarks,
        ...image
      }) => [
        imageId,
        format,
        modality,
        laterality,
        viewPosition,
        numberOf(patientKey),
        [image.rows, image.columns],
        [landmarks.disc?.x, landmarks.disc?.y, landmarks.fovea?.x, landmarks.fovea?.y],
      ],
    ),
    readings: readings.map(({ readingId, recordingId, readerId }) => [
      readingId,
      recordingId,
      readerId,
    ]),
  };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Pairs of image ids as a record keeps them, of the refused ones those of which both images are there; sorted. */
export function listPairsOf(
  refused: ReadonlySet<string>,
  images: ReadonlyMap<number, unknown>,
): [number, number][] {
  return [...refused]
    .map((key): [number, number] => {
      const [a = 0, b = 0] = key.split(' ').map(Number);
      return [a, b];
    })
    .filter(([a, b]) => images.has(a) && images.has(b))
    .toSorted(([a, b], [c, d]) => a - c || b - d);
}

/** The way back: `pairKey` of each. */
export const keysOf = (pairs: readonly (readonly [number, number])[]): ReadonlySet<string> =>
  new Set(pairs.map(([imageA, imageB]) => pairKey({ imageA, imageB } satisfies ImagePair)));
