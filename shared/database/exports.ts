import type { GazeSourceId } from '../gaze/samples.ts';
import type { Assessment, ImageFormat, Laterality, Modality } from '../imaging/study.ts';
import type { ReadDatabase } from './open.ts';

/** A reading as an export sees it: no name, no date of birth, no note, no study date, no UID. */
export type ExportReading = {
  readonly readingId: number;
  readonly studyId: number;
  /** The lowest study number of the same patient. */
  readonly patientNumber: number;
  readonly modality: Modality;
  readonly demonstration: number;
  /** Pseudonym. */
  readonly reader: string;
  readonly readerSimulated: number;
  /** The reader's newest decision about export; null: never asked. */
  readonly exportConsent: number | null;
  readonly state: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly assessment: Assessment | null;
  readonly recordingId: number | null;
  readonly source: GazeSourceId | null;
  readonly simulated: number | null;
  readonly device: string | null;
  readonly nominalHz: number | null;
  readonly appVersion: string | null;
  readonly screenWidthMm: number | null;
  readonly screenWidthDip: number | null;
  readonly viewingDistanceMm: number | null;
  readonly gazeErrorDip: number | null;
  readonly consentId: number | null;
  readonly samples: number;
  readonly states: number;
};

const patientNumber = `(SELECT min(p.id) FROM study p WHERE p.patient_key = s.patient_key) AS patientNumber`;

/** Readings that are over, in order of their number; null: all of them. Numbers that are not there are left out. */
export function listExportReadings(
  database: ReadDatabase,
  modality: Modality | null,
  readingIds: readonly number[] | null,
): readonly ExportReading[] {
  const last = (table: string): string =>
    `coalesce((SELECT max(seq) + 1 FROM ${table} WHERE recording_id = g.id), 0)`;
  return database
    .prepare(
      `SELECT r.id AS readingId, r.study_id AS studyId, ${patientNumber}, s.modality, s.demonstration,
         u.pseudonym AS reader, u.simulated AS readerSimulated,
         (SELECT c.export FROM consent c WHERE c.user_id = u.id ORDER BY c.id DESC LIMIT 1) AS exportConsent,
         r.state, r.started_at_ms AS startedAtMs, r.ended_at_ms - r.started_at_ms AS durationMs, r.assessment,
         g.id AS recordingId, g.source, g.simulated, g.device, g.nominal_hz AS nominalHz,
         g.app_version AS appVersion, g.screen_width_mm AS screenWidthMm,
         g.screen_width_dip AS screenWidthDip, g.viewing_distance_mm AS viewingDistanceMm,
         g.gaze_error_dip AS gazeErrorDip, g.consent_id AS consentId,
         ${last('gaze_sample')} AS samples, ${last('viewport_state')} AS states
       FROM reading r JOIN study s ON s.id = r.study_id JOIN user u ON u.id = r.user_id
         LEFT JOIN gaze_recording g ON g.reading_id = r.id
       WHERE r.state <> 'open' AND (@modality IS NULL OR s.modality = @modality)
         AND (@ids IS NULL OR r.id IN (SELECT value FROM json_each(@ids)))
       ORDER BY r.id`,
    )
    .all({
      modality,
      ids: readingIds === null ? null : JSON.stringify(readingIds),
    }) as ExportReading[];
}

/** A picture as an export sees it. */
export type ExportImage = {
  readonly imageId: number;
  readonly studyId: number;
  readonly patientNumber: number;
  readonly modality: Modality;
  readonly laterality: Laterality | null;
  readonly viewPosition: string | null;
  readonly columns: number;
  readonly rows: number;
  readonly frames: number;
  readonly format: ImageFormat;
  readonly simulated: number;
  readonly demonstration: number;
  readonly attribution: string;
};

/** Pictures of the readings' studies and those that were shown beside them, in order of their number. */
export function listExportImages(
  database: ReadDatabase,
  readingIds: readonly number[],
): readonly ExportImage[] {
  return database
    .prepare(
      `WITH chosen AS (SELECT value AS id FROM json_each(?))
       SELECT i.id AS imageId, i.study_id AS studyId, ${patientNumber}, s.modality, i.laterality,
         i.view_position AS viewPosition, i.column_count AS columns, i.row_count AS rows,
         i.frame_count AS frames, i.format, i.simulated, s.demonstration, i.attribution
       FROM image i JOIN study s ON s.id = i.study_id
       WHERE s.id IN (SELECT r.study_id FROM reading r JOIN chosen ON chosen.id = r.id)
         OR i.id IN (SELECT v.image_id FROM viewport_state v JOIN gaze_recording g ON g.id = v.recording_id
                     JOIN chosen ON chosen.id = g.reading_id)
       ORDER BY i.id`,
    )
    .all(JSON.stringify(readingIds)) as ExportImage[];
}
