import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import { chainAffine, invertAffine } from '../../shared/gaze/affine.ts';
import { type CanonicalGaze, moveOnCanvas, wayToCanvas } from '../../shared/gaze/canonical.ts';
import { canvasSide } from '../../shared/gaze/heatmap.ts';
import type { ComparedCases } from '../../shared/gaze/similarity/compared-cases.ts';
import type { StationMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import { alignFundus } from '../../shared/gaze/landmarks.ts';
import type { Affine } from '../../shared/gaze/points.ts';
import { mayPair } from '../../shared/imaging/pair-rules.ts';
import { createRandom, type Random, shuffle } from '../../shared/random.ts';
import { histogramBins, binOf } from './histogram.ts';
import type { KindCases, MiningCase } from './mining-cases.ts';
import type { ReaderScore } from './reader-scale.ts';

/** How many pairs are put together by chance, and how many readings are laid elsewhere for them. */
export const chanceDefaults = { surrogates: 250, pairsPerSurrogate: 16, seed: 1 } as const;
export type ChanceOptions = {
  readonly surrogates: number;
  readonly pairsPerSurrogate: number;
  readonly seed: number;
};

const mirror = ({ points, fixations, ...rest }: CanonicalGaze): CanonicalGaze => ({
  ...rest,
  points: points.map(([x, y]) => [canvasSide - 1 - x, y] as const),
  fixations: fixations.map((fixation) => ({ ...fixation, x: canvasSide - fixation.x })),
});

/** How gaze of one image lies in the shared frame when its picture's place is taken by another image. */
type Way = 'same' | 'mirrored' | Affine;

function wayOnto(from: SnapshotImage, onto: SnapshotImage): Way {
  if (from === onto) return 'same';
  const isAligned = (image: SnapshotImage): boolean =>
    alignFundus(image.landmarks, image) !== undefined;
  if (!isAligned(from) && !isAligned(onto)) {
    const bothKnown = from.laterality !== null && onto.laterality !== null;
    return bothKnown && from.laterality !== onto.laterality ? 'mirrored' : 'same';
  }
  const back = invertAffine(wayToCanvas(from));
  if (back === undefined) return 'same';
  // The same place of the picture: half a pixel more, since centres lie at integers.
  const [across, down] = [onto.columns / from.columns, onto.rows / from.rows];
  const resize = {
    m00: across,
    m01: 0,
    m02: (across - 1) / 2,
    m10: 0,
    m11: down,
    m12: (down - 1) / 2,
  };
  return chainAffine(chainAffine(back, resize), wayToCanvas(onto));
}

/**
 * Gaze laid on another image: at the same place of the picture, not of the shared frame, so mirrored where the
 * sides differ and turned where landmarks align one of the two. Where order counts, it is shuffled in time.
 */
export function layElsewhere(
  gaze: CanonicalGaze,
  from: SnapshotImage,
  onto: SnapshotImage,
  ordered: boolean,
  random: Random,
): CanonicalGaze {
  const way = wayOnto(from, onto);
  const laid = way === 'same' ? gaze : way === 'mirrored' ? mirror(gaze) : moveOnCanvas(gaze, way);
  return ordered
    ? {
        ...laid,
        points: shuffle(laid.points, random),
        fixations: shuffle(laid.fixations, random),
      }
    : laid;
}

export type ChanceDraw = {
  readonly group: KindCases;
  /** The group's cases in their order are numbers 0, 1, ... of it; laid gaze is added behind them. */
  readonly compared: ComparedCases;
  readonly measure: StationMeasure;
  /** Gaze of a case as it was recorded; undefined where it is gone. */
  readonly gazeOf: (of: MiningCase) => CanonicalGaze | undefined;
  /** Whether two images of one patient may be a pair. */
  readonly samePatient: boolean;
  readonly options: ChanceOptions;
  readonly onStep: () => Promise<void>;
};

export type ChancePairs = {
  readonly scores: readonly ReaderScore[];
  /** For each of the measure's own numbers, counts over equal parts of [0, 1]. */
  readonly partCounts: readonly Uint32Array[];
};

/**
 * Pairs of one kind put together by chance: gaze of a reading laid on another image of the kind, shuffled in
 * time where the measure minds the order, against readings of other patients that it may be compared with (by
 * the same reader, where only those are). Number and length of fixations and the habit of looking at the
 * middle stay as they are; what is broken is the link between gaze and image. The same cases and seed give
 * the same scores, in single precision.
 */
export async function drawChancePairs(draw: ChanceDraw): Promise<ChancePairs> {
  const { group, compared, measure, gazeOf, samePatient, options, onStep } = draw;
  const { cases, partitions, images, imageOf } = group;
  const random = createRandom(options.seed);
  const imageAt = (i: number): SnapshotImage | undefined => images[imageOf[i] ?? -1];
  const partitionOf = new Int32Array(cases.length);
  for (const [p, { from, to }] of partitions.entries()) partitionOf.fill(p, from, to);
  // Gaze that keeps its order is what it was, or its mirror image: each is described once.
  const mirrored = new Map<number, number>();
  const numberOf = (
    own: number,
    source: SnapshotImage,
    host: SnapshotImage,
  ): number | undefined => {
    const way = measure.ordered ? undefined : wayOnto(source, host);
    if (way === 'same') return own;
    const known = way === 'mirrored' ? mirrored.get(own) : undefined;
    if (known !== undefined) return known;
    const from = cases[own];
    const gaze = from === undefined ? undefined : gazeOf(from);
    if (gaze === undefined) return undefined;
    const laid = layElsewhere(gaze, source, host, measure.ordered, random);
    const number = compared.add(measure.describe(laid));
    if (way === 'mirrored') mirrored.set(own, number);
    return number;
  };
  const scores: ReaderScore[] = [];
  const partCounts = measure.partNames.map(() => new Uint32Array(histogramBins));
  for (let n = 0; n < options.surrogates; n += 1) {
    const own = random.below(cases.length);
    const [source, host] = [imageAt(own), imageAt(random.below(cases.length))];
    const surrogate =
      source === undefined || host === undefined ? undefined : numberOf(own, source, host);
    const partition = partitions[partitionOf[own] ?? 0] ?? { from: 0, to: 0 };
    for (let k = 0; k < options.pairsPerSurrogate; k += 1) {
      const other = partition.from + random.below(partition.to - partition.from);
      const partner = imageAt(other);
      if (surrogate === undefined || partner === undefined) continue;
      if (source === undefined || host === undefined || cases[own] === cases[other]) continue;
      // None of the patient's other readings may stand on the other side.
      if (!mayPair(host, partner, samePatient) || !mayPair(source, partner, samePatient)) continue;
      if (host === partner || source === partner) continue;
      const found = compared.compare(surrogate, other);
      if (found === undefined) continue;
      scores.push({
        relation: Math.fround(found.relation),
        readerA: cases[own]?.readerId ?? 0,
        readerB: cases[other]?.readerId ?? 0,
      });
      for (const [p, counts] of partCounts.entries()) {
        const bin = binOf(found.parts[p] ?? 0);
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
    }
    await onStep();
  }
  return { scores, partCounts };
}
