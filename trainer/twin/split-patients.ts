import { drawPart, hashPatient } from '../../shared/database/patient-parts.ts';

/** A station's salt is its own; files have none, and the same patients shall come to lie alike in every run. */
const salt = 'twin run';

/**
 * Splits by patient as the station does, by hash: all images of a patient lie in one part, the same in every run,
 * whatever else is in the table. There is no validation part: nothing is chosen.
 */
export function splitByPatient<Image extends { readonly patient: string }>(
  images: readonly Image[],
  testShare: number,
): { readonly train: readonly Image[]; readonly test: readonly Image[] } {
  const rule = { salt, trainShare: 1 - testShare, validationShare: 0 };
  const isTest = ({ patient }: Image): boolean =>
    drawPart(rule, hashPatient(rule, patient)) === 'test';
  return { train: images.filter((image) => !isTest(image)), test: images.filter(isTest) };
}
