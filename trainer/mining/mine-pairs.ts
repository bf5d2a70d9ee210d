import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import type { MinedPair } from '../../shared/trainer-protocol.ts';
import type { MeasureName } from '../../shared/training/run-configuration.ts';
import { type GazeSignature, runMeasures } from './describe-gaze.ts';

/** Milliseconds of comparing between two looks at the messages. */
const checkEveryMs = 50;

/** How mining lets the rest of its process have a turn. */
export type MiningChecks = {
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  /** Called about every 50 ms with the pairs looked at so far and all of them. */
  readonly onCheck: (done: number, total: number) => Promise<void>;
};

export type MiningResult = {
  readonly images: number;
  /** Pairs of images for which the measure gave a number. */
  readonly compared: number;
  readonly undefinedPairs: number;
  readonly pairs: readonly MinedPair[];
};

/**
 * Whether two images may be a pair: same kind of image (mammograms only of the same view), different
 * patients.
 */
export function mayPair(a: SnapshotImage, b: SnapshotImage): boolean {
  return (
    a.modality === b.modality &&
    a.patientKey !== b.patientKey &&
    (a.viewPosition === null || b.viewPosition === null || a.viewPosition === b.viewPosition)
  );
}

function compareSignatures(
  measure: MeasureName,
  a: GazeSignature,
  b: GazeSignature,
): { readonly relation: number; readonly parts: readonly number[] } | undefined {
  if (measure === 'multimatch') {
    const [one, other] = [a.multimatch, b.multimatch];
    if (typeof one === 'string' || typeof other === 'string') return undefined;
    return runMeasures.multimatch.compare(one, other);
  }
  const [one, other] = [a['difference-hash'], b['difference-hash']];
  if (typeof one === 'string' || typeof other === 'string') return undefined;
  return runMeasures['difference-hash'].compare(one, other);
}

/**
 * Similarity of two images by one measure. Where an image was read several times it is the mean over all
 * pairs of readings that the measure can compare; undefined where there is none.
 */
export function compareImages(
  measure: MeasureName,
  a: readonly GazeSignature[],
  b: readonly GazeSignature[],
): { readonly relation: number; readonly similarity: number[] } | undefined {
  let count = 0;
  let relation = 0;
  let similarity: number[] = [];
  for (const one of a)
    for (const other of b) {
      const found = compareSignatures(measure, one, other);
      if (found === undefined) continue;
      count += 1;
      relation += found.relation;
      similarity = found.parts.map((part, k) => part + (similarity[k] ?? 0));
    }
  if (count === 0) return undefined;
  return { relation: relation / count, similarity: similarity.map((sum) => sum / count) };
}

/** Compares every pair of images that may pair and keeps those above the threshold, in order of their ids. */
export async function minePairs(
  measure: MeasureName,
  threshold: number,
  signatures: readonly GazeSignature[],
  images: ReadonlyMap<number, SnapshotImage>,
  { nowMs, onCheck }: MiningChecks,
): Promise<MiningResult> {
  const byImage = new Map<number, GazeSignature[]>();
  for (const signature of signatures) {
    const list = byImage.get(signature.imageId);
    if (list === undefined) byImage.set(signature.imageId, [signature]);
    else list.push(signature);
  }
  const ids = [...byImage.keys()].toSorted((a, b) => a - b);
  const total = (ids.length * (ids.length - 1)) / 2;
  const pairs: MinedPair[] = [];
  let [seen, compared, undefinedPairs] = [0, 0, 0];
  let checkedAtMs = nowMs();
  for (const [i, imageA] of ids.entries())
    for (let j = i + 1; j < ids.length; j += 1) {
      const imageB = ids[j] ?? 0;
      seen += 1;
      if (nowMs() - checkedAtMs >= checkEveryMs) {
        await onCheck(seen, total);
        checkedAtMs = nowMs();
      }
      const [a, b] = [images.get(imageA), images.get(imageB)];
      if (a === undefined || b === undefined || !mayPair(a, b)) continue;
      const found = compareImages(measure, byImage.get(imageA) ?? [], byImage.get(imageB) ?? []);
      if (found === undefined) {
        undefinedPairs += 1;
        continue;
      }
      compared += 1;
      if (found.relation > threshold) pairs.push({ imageA, imageB, ...found });
    }
  return { images: ids.length, compared, undefinedPairs, pairs };
}
