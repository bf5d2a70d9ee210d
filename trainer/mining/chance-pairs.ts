import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import { canvasSide } from '../../shared/gaze/heatmap.ts';
import { NullDistribution } from '../../shared/gaze/similarity/null-distribution.ts';
import type { CanonicalGaze } from '../../shared/gaze/canonical.ts';
import type {
  ComparedCases,
  StationMeasure,
} from '../../shared/gaze/similarity/station-measures.ts';
import { createRandom, type Random, shuffle } from '../../shared/random.ts';
import type { GazeCase } from '../../shared/database/canonical-gaze.ts';
import { groupOf, mayPair } from './pair-rules.ts';

/** How many pairs are put together by chance, and how many readings are laid elsewhere for them. */
export const chanceDefaults = { surrogates: 250, pairsPerSurrogate: 16, seed: 1 } as const;
export type ChanceOptions = {
  readonly surrogates: number;
  readonly pairsPerSurrogate: number;
  readonly seed: number;
};

const mirror = ({ points, fixations, sigmaPx }: CanonicalGaze): CanonicalGaze => ({
  sigmaPx,
  points: points.map(([x, y]) => [canvasSide - 1 - x, y] as const),
  fixations: fixations.map((fixation) => ({ ...fixation, x: canvasSide - fixation.x })),
});

/**
 * Gaze laid on another image: as far as that one is of the other side, mirrored, since it is the picture
 * and not the shared frame that the gaze is laid on. Where order counts, it is shuffled in time.
 */
export function layElsewhere(
  gaze: CanonicalGaze,
  from: SnapshotImage,
  onto: SnapshotImage,
  ordered: boolean,
  random: Random,
): CanonicalGaze {
  const sidesDiffer =
    from.laterality !== null && onto.laterality !== null && from.laterality !== onto.laterality;
  const laid = sidesDiffer ? mirror(gaze) : gaze;
  return ordered
    ? {
        ...laid,
        points: shuffle(laid.points, random),
        fixations: shuffle(laid.fixations, random),
      }
    : laid;
}

type Draw = {
  readonly cases: readonly GazeCase[];
  readonly images: ReadonlyMap<number, SnapshotImage>;
  /** The cases in their order are numbers 0, 1, ... of it. */
  readonly compared: ComparedCases;
  readonly measure: StationMeasure;
  readonly options: ChanceOptions;
  readonly onStep: () => Promise<void>;
};

/**
 * Null distribution of a measure for each kind of image: gaze of a reading laid on another image of the same
 * kind, shuffled in time where the measure minds the order, against readings of other patients. Number and
 * length of fixations and the habit of looking at the middle stay as they are; what is broken is the link
 * between gaze and image. The same cases and seed give the same scores.
 */
export async function drawChancePairs(draw: Draw): Promise<Map<string, NullDistribution>> {
  const { cases, images, compared, measure, options, onStep } = draw;
  const random = createRandom(options.seed);
  const imageOf = (i: number): SnapshotImage | undefined => images.get(cases[i]?.imageId ?? -1);
  const byKind = new Map<string, number[]>();
  for (const i of cases.keys()) {
    const image = imageOf(i);
    if (image === undefined) continue;
    const kind = groupOf(image, image);
    byKind.set(kind, [...(byKind.get(kind) ?? []), i]);
  }
  // Gaze that keeps its order is what it was, or its mirror image: each is described once.
  const mirrored = new Map<number, number>();
  const numberOf = (
    own: number,
    gaze: CanonicalGaze,
    source: SnapshotImage,
    host: SnapshotImage,
  ): number => {
    if (measure.ordered)
      return compared.add(measure.describe(layElsewhere(gaze, source, host, true, random)));
    const laid = layElsewhere(gaze, source, host, false, random);
    if (laid === gaze) return own;
    const known = mirrored.get(own) ?? compared.add(measure.describe(laid));
    mirrored.set(own, known);
    return known;
  };
  const scores = new Map<string, number[]>();
  for (const members of byKind.values())
    for (let n = 0; n < options.surrogates; n += 1) {
      const own = members[random.below(members.length)] ?? 0;
      const hosts = members[random.below(members.length)] ?? 0;
      const [source, host] = [imageOf(own), imageOf(hosts)];
      const gaze = cases[own]?.gaze;
      if (source === undefined || host === undefined || gaze === undefined) continue;
      const surrogate = numberOf(own, gaze, source, host);
      for (let k = 0; k < options.pairsPerSurrogate; k += 1) {
        const other = members[random.below(members.length)] ?? 0;
        const partner = imageOf(other);
        // Neither the reading itself nor one of its patient may stand on the other side.
        if (partner === undefined || !mayPair(host, partner) || !mayPair(source, partner)) continue;
        const found = compared.compare(surrogate, other);
        if (found === undefined) continue;
        const group = groupOf(host, partner);
        const list = scores.get(group);
        if (list === undefined) scores.set(group, [found.relation]);
        else list.push(found.relation);
      }
      await onStep();
    }
  return new Map([...scores].map(([group, list]) => [group, new NullDistribution(list)]));
}
