import type { Assessment, Modality, StudyStatus } from '../imaging/study.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

export type NewStudy = {
  readonly studyUid: string;
  readonly patientKey: string;
  readonly patient: string;
  readonly description: string;
  readonly modality: Modality;
  /** ISO date or empty. */
  readonly studyDate: string;
  readonly simulated: boolean;
  readonly demonstration: boolean;
};

export type StudyRow = {
  readonly id: number;
  readonly patient_key: string;
  readonly patient: string;
  readonly description: string;
  readonly modality: Modality;
  readonly study_date: string;
  readonly images: number;
  readonly status: StudyStatus;
  readonly assessment: Assessment | null;
  readonly simulated: number;
  readonly demonstration: number;
};

export type StudyFilter = {
  readonly modality: Modality | null;
  readonly status: StudyStatus | null;
  /** Part of patient, description or study UID; any case. */
  readonly text: string;
};

/** Readings of simulated readers do not make a study read: a person has yet to look at it. */
const readable = `
WITH latest AS (
  SELECT r.study_id,
    max(r.state = 'finished') AS finished,
    max(r.state = 'open') AS open,
    max(CASE WHEN r.state = 'finished' THEN r.id END) AS reading_id
  FROM reading r JOIN user u ON u.id = r.user_id AND u.simulated = 0
  GROUP BY r.study_id
), row AS (
  SELECT s.id, s.study_uid, s.patient_key, s.patient, s.description, s.modality, s.study_date,
    s.simulated, s.demonstration,
    CASE WHEN latest.open = 1 THEN 'in-progress' WHEN latest.finished = 1 THEN 'read' ELSE 'unread' END AS status,
    latest.reading_id
  FROM study s LEFT JOIN latest ON latest.study_id = s.id
)`;

const selected = `
SELECT row.id, row.patient_key, row.patient, row.description, row.modality, row.study_date, row.simulated,
  row.demonstration, row.status,
  (SELECT count(*) FROM image WHERE image.study_id = row.id) AS images,
  (SELECT assessment FROM reading WHERE reading.id = row.reading_id) AS assessment
FROM row`;

const matching = `
WHERE (@modality IS NULL OR row.modality = @modality)
  AND (@status IS NULL OR row.status = @status)
  AND (@text = '' OR row.patient LIKE @like ESCAPE '\\' OR row.description LIKE @like ESCAPE '\\'
    OR row.study_uid LIKE @like ESCAPE '\\')`;

function parameters(filter: StudyFilter): Record<string, string | null> {
  const like = `%${filter.text.replaceAll(/[\\%_]/gu, (sign) => `\\${sign}`)}%`;
  return { modality: filter.modality, status: filter.status, text: filter.text, like };
}

/** Rows that match, newest study first, one page of them; `total` counts all that match. */
export function pageStudies(
  database: ReadDatabase,
  filter: StudyFilter,
  offset: number,
  limit: number,
): { readonly total: number; readonly unread: number; readonly rows: readonly StudyRow[] } {
  const values = parameters(filter);
  const counts = database
    .prepare(
      `${readable} SELECT count(*) AS total, coalesce(sum(row.status = 'unread'), 0) AS unread FROM row ${matching}`,
    )
    .get(values) as { readonly total: number; readonly unread: number };
  const rows = database
    .prepare(
      `${readable} ${selected} ${matching} ORDER BY row.study_date DESC, row.id LIMIT @limit OFFSET @offset`,
    )
    .all({ ...values, limit, offset }) as StudyRow[];
  return { ...counts, rows };
}

/** One study, or undefined. */
export function findStudy(database: ReadDatabase, studyId: number): StudyRow | undefined {
  return database.prepare(`${readable} ${selected} WHERE row.id = ?`).get(studyId) as
    StudyRow | undefined;
}

/** The next study that nobody has read, in the order of the worklist after `afterId`, then from its top. */
export function nextUnread(database: ReadDatabase, afterId: number): number | undefined {
  const row = database
    .prepare(
      `${readable}, here AS (SELECT study_date, id FROM study WHERE id = @afterId)
       SELECT row.id FROM row LEFT JOIN here
       WHERE row.status = 'unread' AND row.id <> @afterId
       ORDER BY (row.study_date < here.study_date OR (row.study_date = here.study_date AND row.id > here.id)) DESC,
         row.study_date DESC, row.id LIMIT 1`,
    )
    .get({ afterId }) as { readonly id: number } | undefined;
  return row?.id;
}

/** Earlier studies of the same patient and modality, newest first. */
export function findPriors(
  database: ReadDatabase,
  study: StudyRow,
): readonly {
  readonly studyId: number;
  readonly studyDate: string;
  readonly description: string;
}[] {
  return database
    .prepare(
      `SELECT id AS studyId, study_date AS studyDate, description FROM study
       WHERE patient_key = ? AND modality = ? AND id <> ? AND study_date < ? ORDER BY study_date DESC, id DESC`,
    )
    .all(study.patient_key, study.modality, study.id, study.study_date) as {
    studyId: number;
    studyDate: string;
    description: string;
  }[];
}

/** The id of the study with this UID; made where it is new. */
export function ensureStudy(database: WriteDatabase, study: NewStudy, nowMs: number): number {
  const found = database.prepare('SELECT id FROM study WHERE study_uid = ?').get(study.studyUid) as
    { readonly id: number } | undefined;
  if (found !== undefined) return found.id;
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO study (study_uid, patient_key, patient, description, modality, study_date, simulated, demonstration, imported_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      study.studyUid,
      study.patientKey,
      study.patient,
      study.description,
      study.modality,
      study.studyDate,
      Number(study.simulated),
      Number(study.demonstration),
      nowMs,
    );
  return Number(lastInsertRowid);
}

/** Studies of the demonstration library that are still there. */
export function countDemonstration(database: ReadDatabase): number {
  const row = database.prepare('SELECT count(*) AS n FROM study WHERE demonstration = 1').get();
  return (row as { readonly n: number }).n;
}
