import type { ReadDatabase } from '../../shared/database/open.ts';
import { openPatientParts } from '../../shared/database/patient-parts.ts';
import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';

/**
 * Images that a run may mine and pre-train on: none of a test patient, whose gaze then takes no part either. A
 * run that only mines trains nothing and takes all.
 */
export function holdOutTest(
  database: ReadDatabase,
  { mineOnly }: Pick<RunConfiguration, 'mineOnly'>,
  images: readonly SnapshotImage[],
): readonly SnapshotImage[] {
  if (mineOnly) return images;
  const partOf = openPatientParts(database);
  return images.filter(({ patientKey }) => partOf(patientKey) !== 'test');
}
