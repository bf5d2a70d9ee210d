import type { UndefinedReason } from '../gaze/similarity/measure.ts';
import type { Assessment } from '../imaging/study.ts';
import type { ReadDatabase } from './open.ts';
import type { SignatureKind, StoredSignature } from './signatures.ts';

/** Text that changes whenever signatures of a kind were added, forgotten or made anew; cheap. */
export function signatureStamp(
  database: ReadDatabase,
  { measure, version }: SignatureKind,
): { readonly described: string; readonly forgotten: number } {
  const { count, newest } = database
    .prepare(
      `SELECT count(*) AS count, coalesce(max(reading_id), 0) AS newest FROM described_reading
       WHERE measure = ? AND version = ?`,
    )
    .get(measure, version) as { readonly count: number; readonly newest: number };
  const forgotten = database.prepare('SELECT count FROM forgotten_reading').pluck().get() as number;
  return { described: `${count} ${newest}`, forgotten };
}

/** Text that changes whenever a reading, a decision of a reader, a study or an image came or went; cheap. */
export function libraryStamp(database: ReadDatabase): string {
  return JSON.stringify(
    database
      .prepare(
        `SELECT (SELECT count(*) FROM reading WHERE state = 'finished'), (SELECT total(ended_at_ms) FROM reading),
           (SELECT max(id) FROM consent), (SELECT count(*) FROM user), (SELECT count(*) FROM gaze_recording),
           (SELECT count(*) FROM image), (SELECT max(id) FROM image),
           (SELECT count(*) FROM image_landmark), (SELECT total(marked_at_ms + x + y) FROM image_landmark), (SELECT total(imported_at_ms) FROM study)`,
      )
      .raw()
      .get(),
  );
}

/** Every write through this connection so far: where it stays, no stamp can have changed. */
export const countChanges = (database: ReadDatabase): number =>
  database.prepare('SELECT total_changes()').pluck().get() as number;

type Row = {
  readonly readingId: number;
  readonly imageId: number;
  readonly bytes: Uint8Array | null;
  readonly reason: UndefinedReason | null;
};

const columns = 'reading_id AS readingId, image_id AS imageId';

const toStored = ({ readingId, imageId, bytes, reason }: Row): StoredSignature => ({
  readingId,
  imageId,
  signature: bytes ?? reason ?? 'empty-map',
});

/** The next signatures of a kind after a place, in the order of readings and images; fewer than `limit`: the last. */
export function pageSignatures(
  database: ReadDatabase,
  { measure, version }: SignatureKind,
  after: { readonly readingId: number; readonly imageId: number },
  limit: number,
): readonly StoredSignature[] {
  const rows = database
    .prepare(
      `SELECT ${columns}, bytes, reason FROM signature
       WHERE measure = ? AND version = ? AND (reading_id, image_id) > (?, ?)
       ORDER BY reading_id, image_id LIMIT ?`,
    )
    .all(measure, version, after.readingId, after.imageId, limit) as Row[];
  return rows.map(toStored);
}

/** A function that finds one signature; it holds its prepared statement, so that many are found fast. */
export function prepareSignatures(
  database: ReadDatabase,
  { measure, version }: SignatureKind,
): (readingId: number, imageId: number) => StoredSignature['signature'] | undefined {
  const find = database.prepare(
    `SELECT ${columns}, bytes, reason FROM signature
     WHERE measure = ? AND version = ? AND reading_id = ? AND image_id = ?`,
  );
  return (readingId, imageId) => {
    const row = find.get(measure, version, readingId, imageId) as Row | undefined;
    return row === undefined ? undefined : toStored(row).signature;
  };
}

/** What a list says of a reading beside its images; undefined where it is gone. */
export function describeReader(
  database: ReadDatabase,
  readingId: number,
):
  | {
      readonly userId: number;
      readonly reader: string;
      readonly startedAtMs: number;
      readonly assessment: Assessment | null;
      readonly simulated: boolean;
    }
  | undefined {
  const row = database
    .prepare(
      `SELECT r.user_id AS userId, u.pseudonym AS reader, r.started_at_ms AS startedAtMs, r.assessment,
         g.simulated FROM reading r JOIN user u ON u.id = r.user_id JOIN gaze_recording g ON g.reading_id = r.id
       WHERE r.id = ?`,
    )
    .get(readingId) as
    | {
        readonly userId: number;
        readonly reader: string;
        readonly startedAtMs: number;
        readonly assessment: Assessment | null;
        readonly simulated: number;
      }
    | undefined;
  return row === undefined ? undefined : { ...row, simulated: row.simulated === 1 };
}
