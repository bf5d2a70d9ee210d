import type { SnapshotImage, UsableReading } from '../../shared/database/snapshot.ts';
import type { ComparedCases } from '../../shared/gaze/similarity/compared-cases.ts';
import type { StationMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import { assessments } from '../../shared/imaging/study.ts';
import { createRandom, shuffle } from '../../shared/random.ts';
import type { LabelAgreement } from '../../shared/training/label-agreement.ts';
import type { ReaderPolicy } from '../../shared/training/run-configuration.ts';
import { compareImages, readingsByImage } from './compare-images.ts';
import { measureLabelAgreement, type ScoredPair } from './label-agreement.ts';
import { type MiningCase, partByKind } from './mining-cases.ts';
import { ownScale } from './reader-scale.ts';

/** Images of which the agreement is measured at most: 80,000 pairs, drawn anew 400 times. */
const mostImages = 400;
const agreementOptions = { topShare: 0.05, rounds: 400 };

type AgreementOptions = {
  readonly measure: StationMeasure;
  readonly policy: ReaderPolicy;
  readonly samePatient: boolean;
  readonly chance: { readonly seed: number };
  readonly onCheck: (share: number) => Promise<void>;
};

/** The assessment of the newest reading of each image, as a number. */
function labelImages(
  cases: readonly MiningCase[],
  readings: readonly UsableReading[],
): ReadonlyMap<number, number> {
  const assessmentOf = new Map(
    readings.map(({ readingId, assessment }) => [readingId, assessments.indexOf(assessment)]),
  );
  return new Map(
    cases
      .toSorted((a, b) => a.readingId - b.readingId)
      .map(({ imageId, readingId }) => [imageId, assessmentOf.get(readingId) ?? 0]),
  );
}

/** Relations of the pairs of one kind between chosen images, as the measure gives them. */
async function scorePairs(
  group: ReturnType<typeof partByKind>[number],
  compared: ComparedCases,
  place: ReadonlyMap<number, number>,
  { samePatient, onCheck }: AgreementOptions,
): Promise<ScoredPair[]> {
  const byImage = readingsByImage(group);
  const scored: ScoredPair[] = [];
  for (const [b, other] of group.images.entries()) {
    const placeB = place.get(other.imageId);
    if (placeB === undefined) continue;
    for (let a = 0; a < b; a += 1) {
      const one = group.images[a];
      const placeA = one === undefined ? undefined : place.get(one.imageId);
      if (one === undefined || placeA === undefined) continue;
      if (!samePatient && one.patientKey === other.patientKey) continue;
      const found = compareImages(compared, byImage[a] ?? [], byImage[b] ?? [], ownScale);
      if (found !== undefined) scored.push({ a: placeA, b: placeB, relation: found.relation });
    }
    await onCheck(1);
  }
  return scored;
}

/**
 * Whether images that were looked at alike have the same assessment more often than chance, over at most 400
 * images drawn by the seed: the newest assessment of each counts. Undefined where nothing can be said: fewer
 * than two pairs, or all assessments agree.
 */
export async function measureAgreement(
  cases: readonly MiningCase[],
  images: ReadonlyMap<number, SnapshotImage>,
  readings: readonly UsableReading[],
  options: AgreementOptions,
): Promise<LabelAgreement | undefined> {
  const { measure, policy, chance } = options;
  const labelOf = labelImages(cases, readings);
  const chosen = shuffle(
    [...labelOf.keys()].toSorted((a, b) => a - b),
    createRandom(chance.seed),
  )
    .slice(0, mostImages)
    .toSorted((a, b) => a - b);
  const place = new Map(chosen.map((imageId, i) => [imageId, i]));
  const few = cases.filter(({ imageId }) => place.has(imageId));
  const scored: ScoredPair[] = [];
  for (const group of partByKind(few, images, policy)) {
    const compared = measure.open();
    for (const { signature } of group.cases) compared.add(signature);
    scored.push(...(await scorePairs(group, compared, place, options)));
  }
  if (scored.length < 2) return undefined;
  return measureLabelAgreement(
    scored,
    chosen.map((imageId) => labelOf.get(imageId) ?? 0),
    { ...agreementOptions, seed: chance.seed },
  );
}
