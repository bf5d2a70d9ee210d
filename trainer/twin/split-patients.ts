import { createHash } from 'node:crypto';

/** A patient's place in [0, 1), by hash: the same in every run, whatever else is in the table. */
export function placeOfPatient(patient: string): number {
  return createHash('sha256').update(`fovea split ${patient}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** Images of patients whose place is below `testShare` are the test part; all of a patient's lie in one part. */
export function splitByPatient<Image extends { readonly patient: string }>(
  images: readonly Image[],
  testShare: number,
): { readonly train: readonly Image[]; readonly test: readonly Image[] } {
  const isTest = ({ patient }: Image): boolean => placeOfPatient(patient) < testShare;
  return { train: images.filter((image) => !isTest(image)), test: images.filter(isTest) };
}
