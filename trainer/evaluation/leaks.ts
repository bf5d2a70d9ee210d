import type { SplitPart } from '../../shared/training/evaluation-result.ts';

/** An image with its patient and the part that is claimed for it. */
export type PlacedImage = {
  readonly imageId: number;
  readonly patientKey: string;
  readonly part: SplitPart;
};

/** Something that the encoder or a classifier must not have known of. */
export type Leak = {
  readonly kind:
    'patient-in-two-parts' | 'pre-trained-on-test' | 'paired-with-test' | 'fitted-on-test';
  readonly imageId: number;
};

type Uses = {
  /** Every image that was placed. */
  readonly placed: readonly PlacedImage[];
  /** Images that the encoder was pre-trained on, and images of the pairs that were mined for it. */
  readonly preTrained: Iterable<number>;
  readonly paired: Iterable<number>;
  /** Images that classifiers were fitted to or chosen by. */
  readonly fitted: Iterable<number>;
};

/** Every leak of the test part: a patient in two parts, or an image of a test patient that was learnt from. */
export function findLeaks({ placed, preTrained, paired, fitted }: Uses): readonly Leak[] {
  const partOf = new Map<string, SplitPart>();
  const leaks: Leak[] = [];
  const testPatients = new Set(
    placed.filter(({ part }) => part === 'test').map(({ patientKey }) => patientKey),
  );
  const held = new Set<number>();
  for (const { imageId, patientKey, part } of placed) {
    if ((partOf.get(patientKey) ?? part) !== part)
      leaks.push({ kind: 'patient-in-two-parts', imageId });
    partOf.set(patientKey, part);
    // All images of a test patient, whatever part is claimed for them.
    if (testPatients.has(patientKey)) held.add(imageId);
  }
  for (const imageId of preTrained)
    if (held.has(imageId)) leaks.push({ kind: 'pre-trained-on-test', imageId });
  for (const imageId of paired)
    if (held.has(imageId)) leaks.push({ kind: 'paired-with-test', imageId });
  for (const imageId of fitted)
    if (held.has(imageId)) leaks.push({ kind: 'fitted-on-test', imageId });
  return leaks;
}
