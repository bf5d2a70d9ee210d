import {
  type EvaluationRefusal,
  type PartCounts,
  type SplitCounts,
  type SplitPart,
  splitParts,
} from './evaluation-result.ts';

/** What the split and its counts need to know of a labelled image. */
export type SplitImage = {
  readonly imageId: number;
  readonly patientKey: string;
  readonly label: string;
  readonly part: SplitPart;
};

/**
 * Patients of each class that train and validation, and that test must have for a figure to be stated. Five for
 * test: of four patients there are only 35 different bootstrap samples, of five 126, and a 95 % interval cuts
 * off one in forty at each end.
 */
export const enoughPatients = { patientsPerClass: 3, testPatientsPerClass: 5 } as const;

/** The classes of labelled images, sorted: of two the second is the positive one. */
export function listClasses(images: readonly Pick<SplitImage, 'label'>[]): readonly string[] {
  return [...new Set(images.map(({ label }) => label))].toSorted();
}

function countPart(images: readonly SplitImage[], classes: readonly string[]): PartCounts {
  const patientsOf = (list: readonly SplitImage[]): number =>
    new Set(list.map(({ patientKey }) => patientKey)).size;
  const byClass = classes.map((one) => images.filter(({ label }) => label === one));
  return {
    patients: patientsOf(images),
    images: images.length,
    patientsByClass: byClass.map(patientsOf),
    imagesByClass: byClass.map((list) => list.length),
  };
}

/** How many labelled patients and images each part has. */
export function countSplit(images: readonly SplitImage[], classes: readonly string[]): SplitCounts {
  const of = (wanted: SplitPart): PartCounts =>
    countPart(
      images.filter(({ part }) => part === wanted),
      classes,
    );
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

/** Why no figure may be stated of these counts, or undefined where one may. */
export function refuseSplit(
  split: SplitCounts,
  classes: readonly string[],
):
  | {
      readonly reason: EvaluationRefusal;
      readonly details: Readonly<Record<string, string | number>>;
    }
  | undefined {
  if (classes.length === 0) return { reason: 'no-labels', details: {} };
  if (classes.length === 1) return { reason: 'one-class', details: { class: classes[0] ?? '' } };
  for (const part of splitParts) {
    const needed =
      part === 'test' ? enoughPatients.testPatientsPerClass : enoughPatients.patientsPerClass;
    for (const [c, found] of split[part].patientsByClass.entries())
      if (found < needed)
        return {
          reason: 'too-few-patients',
          details: { class: classes[c] ?? '', part, found, needed },
        };
  }
  return undefined;
}
