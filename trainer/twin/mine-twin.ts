import { createHash } from 'node:crypto';
import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import { type CanonicalGaze, toCanonical } from '../../shared/gaze/canonical.ts';
import type { ImageSize } from '../../shared/gaze/image-gaze.ts';
import { noLandmarks } from '../../shared/gaze/landmarks.ts';
import { findMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import type { Modality } from '../../shared/imaging/study.ts';
import type { MeasureName, ReaderPolicy } from '../../shared/training/run-configuration.ts';
import type { AreAlike } from '../methods/method.ts';
import { chanceDefaults } from '../mining/chance-pairs.ts';
import type { ThresholdRule } from '../mining/kind-counts.ts';
import { minePairs } from '../mining/mine-pairs.ts';
import type { MiningCase } from '../mining/mining-cases.ts';
import { RowPool } from '../mining/row-pool.ts';
import { type GazeTrack, lostShareOf, toImageGaze } from './read-gaze.ts';
import type { TwinImage } from './read-labels.ts';

export type TwinMining = {
  readonly modality: Modality;
  readonly measure: MeasureName;
  readonly rule: ThresholdRule;
  readonly readerPolicy: ReaderPolicy;
  readonly samePatientPairs: boolean;
  /** A track of which a larger share of the samples is lost takes no part. */
  readonly maxLostShare: number;
  /** Image pixels for one degree of visual angle; undefined: not known, shares of the image are used. */
  readonly pxPerDegree: number | undefined;
  readonly seed: number;
};

/** What mining found, for the report. */
export type MinedSummary = {
  readonly measure: MeasureName;
  /** Tracks that were compared, and those left out by the quality gate. */
  readonly tracks: number;
  readonly belowGate: number;
  /** Images with gaze. */
  readonly images: number;
  /** Pairs of images that were compared, and that are alike. */
  readonly compared: number;
  readonly pairs: number;
  /** By kind of image; null: no threshold could be set, no pair is alike. */
  readonly thresholds: Readonly<Record<string, number | null>>;
  /** Share of pairs put together by chance that are above the threshold. */
  readonly falsePositiveRate: number;
  /** Fixations of a track, mean. */
  readonly fixations: number;
};

/** Images that train, with the size of their files. */
export type SizedImage = TwinImage & ImageSize;

const mostPairs = 1_000_000;

const pairOf = (a: number, b: number): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

/**
 * Which images were looked at alike, by the station's own mining over these tracks: quality gate, canonical frame,
 * measure, threshold by chance or fixed. Tracks are given by image id; of one reader an image has at most one.
 * Labels take no part.
 */
export async function mineTwin(
  sized: readonly SizedImage[],
  tracks: ReadonlyMap<number, readonly GazeTrack[]>,
  mining: TwinMining,
): Promise<{ readonly alike: AreAlike; readonly summary: MinedSummary }> {
  const images = new Map<number, SnapshotImage>();
  const gaze = new Map<number, CanonicalGaze>();
  const cases: MiningCase[] = [];
  const measure = findMeasure(mining.measure);
  const readers = new Map<string, number>();
  let [belowGate, fixations] = [0, 0];
  for (const image of sized) {
    const { imageId, columns, rows, laterality, viewPosition, patient } = image;
    images.set(imageId, {
      imageId,
      sha256: createHash('sha256').update(image.file).digest('hex'),
      format: 'png',
      modality: mining.modality,
      laterality,
      viewPosition,
      patientKey: patient,
      rows,
      columns,
      landmarks: noLandmarks,
      simulated: false,
    });
    for (const track of tracks.get(imageId) ?? []) {
      if (lostShareOf(track) > mining.maxLostShare) {
        belowGate += 1;
        continue;
      }
      const readerId = readers.get(track.reader) ?? readers.size + 1;
      readers.set(track.reader, readerId);
      const onImage = toImageGaze(track, imageId, image, mining.pxPerDegree);
      const canonical = toCanonical(onImage, { rows, columns, laterality, landmarks: noLandmarks });
      const readingId = gaze.size + 1;
      gaze.set(readingId, canonical);
      fixations += canonical.fixations.length;
      cases.push({ readingId, imageId, readerId, signature: measure.describe(canonical) });
    }
  }
  const nowMs = (): number => performance.now();
  const pool = new RowPool(1, nowMs);
  try {
    const mined = await minePairs(cases, images, {
      measure,
      rule: mining.rule,
      policy: mining.readerPolicy,
      samePatient: mining.samePatientPairs,
      refused: new Set(),
      chance: { ...chanceDefaults, seed: mining.seed },
      gazeOf: ({ readingId }) => gaze.get(readingId),
      pool,
      store: undefined,
      mostPairs,
      nowMs,
      onCheck: () => Promise.resolve(),
    });
    const pairs = new Set<string>();
    for (const { imageA, imageB } of mined.pairs) pairs.add(pairOf(imageA, imageB));
    const chancePairs = mined.groups.reduce((sum, group) => sum + group.chancePairs, 0);
    return {
      alike: (a, b) => pairs.has(pairOf(a, b)),
      summary: {
        measure: mining.measure,
        tracks: cases.length,
        belowGate,
        images: mined.images,
        compared: mined.compared,
        pairs: pairs.size,
        thresholds: Object.fromEntries(mined.groups.map((each) => [each.group, each.threshold])),
        falsePositiveRate:
          mined.groups.reduce((sum, each) => sum + each.falsePositiveRate * each.chancePairs, 0) /
          Math.max(1, chancePairs),
        fixations: fixations / Math.max(1, cases.length),
      },
    };
  } finally {
    await pool.close();
  }
}
