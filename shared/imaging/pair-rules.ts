import type { Modality } from './study.ts';

/** What of an image decides which others it may be a pair with. */
export type PairedImage = {
  readonly modality: Modality;
  /** DICOM (0018,5101) View Position; null: unknown. */
  readonly viewPosition: string | null;
  readonly patientKey: string;
};

/**
 * Kind of image: only images of one kind are compared, and they share a null distribution. It is the modality
 * and, for mammograms, the view, so that CC is never compared with MLO; those of unknown view are a kind of
 * their own. Both sides are of one kind.
 */
export function kindOf({
  modality,
  viewPosition,
}: Pick<PairedImage, 'modality' | 'viewPosition'>): string {
  if (viewPosition !== null) return `${modality} ${viewPosition}`;
  return modality === 'MG' ? 'MG view unknown' : modality;
}

/** Whether two images may be a pair: of one kind, and of two patients unless `samePatient` allows one. */
export function mayPair(a: PairedImage, b: PairedImage, samePatient: boolean): boolean {
  return kindOf(a) === kindOf(b) && (samePatient || a.patientKey !== b.patientKey);
}
