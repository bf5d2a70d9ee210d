import type { ReadDatabase } from '../../shared/database/open.ts';
import { openPatientParts } from '../../shared/database/patient-parts.ts';
import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';

type Purpose = Pick<RunConfiguration, 'mineOnly' | 'holdOutTest'>;

/** Whether a run leaves test patients out: one that trains in any case, one that only mines where it is asked to. */
export const holdsOutTest = ({ mineOnly, holdOutTest: asked }: Purpose): boolean =>
  !mineOnly || asked;

/** Images that a run may mine and pre-train on: where test patients are held out, their gaze takes no part either. */
export function holdOutTest(
  database: ReadDatabase,
  configuration: Purpose,
  images: readonly SnapshotImage[],
): readonly SnapshotImage[] {
  if (!holdsOutTest(configuration)) return images;
  const partOf = openPatientParts(database);
  return images.filter(({ patientKey }) => partOf(patientKey) !== 'test');
}
