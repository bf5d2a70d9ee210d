import type { ImageLandmarks } from '../gaze/landmarks.ts';
import type { ImagePoint } from '../gaze/points.ts';
import type { Assessment, ImageFormat, Laterality, Modality } from '../imaging/study.ts';
import type { ReadDatabase } from './open.ts';

/** A finished reading whose gaze may be used for training. */
export type UsableReading = {
  readonly readingId: number;
  readonly recordingId: number;
  readonly simulated: boolean;
  /** The person who read; readings of two persons are compared only where the run's policy says so. */
  readonly readerId: number;
  readonly assessment: Assessment;
};

/** An image that a run may train on. */
export type SnapshotImage = {
  readonly imageId: number;
  readonly sha256: string;
  readonly format: ImageFormat;
  readonly modality: Modality;
  readonly laterality: Laterality | null;
  readonly viewPosition: string | null;
  readonly patientKey: string;
  readonly rows: number;
  readonly columns: number;
  readonly landmarks: ImageLandmarks;
  readonly simulated: boolean;
};

export type SnapshotFilter = {
  readonly modality: Modality | null;
  readonly includeSimulated: boolean;
};

const bit = (value: boolean): number => Number(value);

/**
 * Finished readings with gaze, whose reader's newest decision allows training. Simulated readers need not
 * consent; gaze that is not from an eye counts as simulated.
 */
export function listUsableReadings(
  database: ReadDatabase,
  filter: SnapshotFilter,
): readonly UsableReading[] {
  const rows = database
    .prepare(
      `SELECT r.id AS readingId, g.id AS recordingId, g.simulated, r.user_id AS readerId, r.assessment
       FROM reading r JOIN gaze_recording g ON g.reading_id = r.id
         JOIN study s ON s.id = r.study_id JOIN user u ON u.id = r.user_id
       WHERE r.state = 'finished'
         AND (@modality IS NULL OR s.modality = @modality)
         AND (@includeSimulated = 1 OR g.simulated = 0)
         AND (u.simulated = 1 OR
           (SELECT c.train FROM consent c WHERE c.user_id = u.id ORDER BY c.id DESC LIMIT 1) = 1)
       ORDER BY r.id`,
    )
    .all({
      modality: filter.modality,
      includeSimulated: bit(filter.includeSimulated),
    }) as (Omit<UsableReading, 'simulated'> & { readonly simulated: number })[];
  return rows.map((row) => ({ ...row, simulated: row.simulated === 1 }));
}

type ImageRow = Omit<SnapshotImage, 'simulated' | 'landmarks'> & {
  readonly simulated: number;
} & Readonly<Record<'discX' | 'discY' | 'foveaX' | 'foveaY', number | null>>;

const toPoint = (x: number | null, y: number | null): ImagePoint | null =>
  x === null || y === null ? null : { x, y };

/** Images of the selection in the order of their ids. */
export function listSnapshotImages(
  database: ReadDatabase,
  filter: SnapshotFilter,
): readonly SnapshotImage[] {
  const rows = database
    .prepare(
      `SELECT i.id AS imageId, i.sha256, i.format, s.modality, i.laterality, i.view_position AS viewPosition,
         s.patient_key AS patientKey, i.row_count AS rows, i.column_count AS columns, i.simulated,
         disc.x AS discX, disc.y AS discY, fovea.x AS foveaX, fovea.y AS foveaY
       FROM image i JOIN study s ON s.id = i.study_id
         LEFT JOIN image_landmark disc ON disc.image_id = i.id AND disc.kind = 'disc'
         LEFT JOIN image_landmark fovea ON fovea.image_id = i.id AND fovea.kind = 'fovea'
       WHERE (@modality IS NULL OR s.modality = @modality) AND (@includeSimulated = 1 OR i.simulated = 0)
       ORDER BY i.id`,
    )
    .all({
      modality: filter.modality,
      includeSimulated: bit(filter.includeSimulated),
    }) as ImageRow[];
  return rows.map(({ discX, discY, foveaX, foveaY, ...row }) => ({
    ...row,
    landmarks: { disc: toPoint(discX, discY), fovea: toPoint(foveaX, foveaY) },
    simulated: row.simulated === 1,
  }));
}
