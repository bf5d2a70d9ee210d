import type { ReadingRow } from '../ipc/answers.ts';
import type { Assessment } from '../imaging/study.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

export type ReadingState = ReadingRow['state'];

export type NewReading = {
  readonly studyId: number;
  readonly userId: number;
  readonly state: ReadingState;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Set exactly where the state is 'finished'. */
  readonly assessment: Assessment | null;
  readonly note: string;
};

/** Adds a reading; answers its id. */
export function insertReading(database: WriteDatabase, reading: NewReading): number {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO reading (study_id, user_id, state, started_at_ms, ended_at_ms, assessment, note)
       VALUES (@studyId, @userId, @state, @startedAtMs, @endedAtMs, @assessment, @note)`,
    )
    .run(reading);
  return Number(lastInsertRowid);
}

export type OpenReading = { readonly id: number; readonly studyId: number };

/** The reading that a person has open, or undefined: at most one at a time. */
export function findOpenReading(database: ReadDatabase, userId: number): OpenReading | undefined {
  return database
    .prepare(
      `SELECT id, study_id AS studyId FROM reading WHERE state = 'open' AND user_id = ? ORDER BY id DESC LIMIT 1`,
    )
    .get(userId) as OpenReading | undefined;
}

/** How a reading ends: with an assessment, or left without one. */
export type ReadingEnd =
  | { readonly state: 'finished'; readonly assessment: Assessment; readonly note: string }
  | { readonly state: 'left' };

/** Ends an open reading of this person; false where there is no such open reading. */
export function endReading(
  database: WriteDatabase,
  reading: { readonly id: number; readonly userId: number },
  end: ReadingEnd,
  nowMs: number,
): boolean {
  const { changes } = database
    .prepare(
      `UPDATE reading SET state = @state, ended_at_ms = @nowMs, assessment = @assessment, note = @note
       WHERE id = @id AND user_id = @userId AND state = 'open'`,
    )
    .run({
      ...reading,
      nowMs,
      state: end.state,
      assessment: end.state === 'finished' ? end.assessment : null,
      note: end.state === 'finished' ? end.note : '',
    });
  return changes === 1;
}

/**
 * Marks every open reading interrupted: its station is gone. Its gaze stays; it ended, as far as anybody
 * knows, with the last thing recorded. Answers how many.
 */
export function interruptOpenReadings(database: WriteDatabase): number {
  const last = (table: string): string =>
    `(SELECT max(t_us) FROM ${table} t JOIN gaze_recording g ON g.id = t.recording_id WHERE g.reading_id = reading.id)`;
  return database
    .prepare(
      `UPDATE reading SET state = 'interrupted', ended_at_ms = started_at_ms + max(
         coalesce(${last('gaze_sample')}, 0), coalesce(${last('viewport_state')}, 0),
         coalesce(${last('recording_event')}, 0)) / 1000
       WHERE state = 'open'`,
    )
    .run().changes;
}

type ListedRow = Omit<ReadingRow, 'simulated'> & { readonly simulated: number };

/** The recorder numbers samples 0, 1, 2 ... without a gap, so the last number gives their count. */
const selected = `
SELECT r.id AS readingId, r.study_id AS studyId, s.patient, s.modality, u.pseudonym AS reader, r.state,
  r.started_at_ms AS startedAtMs, coalesce(r.ended_at_ms, @nowMs) - r.started_at_ms AS durationMs,
  r.assessment, r.note, g.source AS gazeSource,
  coalesce((SELECT max(seq) + 1 FROM gaze_sample WHERE recording_id = g.id), 0) AS samples,
  max(u.simulated, coalesce(g.simulated, 0)) AS simulated
FROM reading r JOIN study s ON s.id = r.study_id JOIN user u ON u.id = r.user_id
  LEFT JOIN gaze_recording g ON g.reading_id = r.id`;

const toReadingRow = (row: ListedRow): ReadingRow => ({ ...row, simulated: row.simulated === 1 });

/** Readings, newest first; of one study, or of all where `studyId` is null. An open one lasts until `nowMs`. */
export function listReadings(
  database: ReadDatabase,
  studyId: number | null,
  limit: number,
  nowMs: number,
): readonly ReadingRow[] {
  const rows = database
    .prepare(
      `${selected} WHERE @studyId IS NULL OR r.study_id = @studyId ORDER BY r.id DESC LIMIT @limit`,
    )
    .all({ studyId, limit, nowMs }) as ListedRow[];
  return rows.map(toReadingRow);
}

/** One reading, or undefined. */
export function findReading(
  database: ReadDatabase,
  readingId: number,
  nowMs: number,
): ReadingRow | undefined {
  const row = database.prepare(`${selected} WHERE r.id = @readingId`).get({ readingId, nowMs });
  return row === undefined ? undefined : toReadingRow(row as ListedRow);
}
