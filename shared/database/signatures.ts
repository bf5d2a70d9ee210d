import type { UndefinedReason } from '../gaze/similarity/measure.ts';
import { findFrames } from './landmarks.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Which measure made signatures, and in which version of its parameters and code. */
export type SignatureKind = { readonly measure: string; readonly version: string };

/** Gaze of a reading on an image as a measure compares it, or why it cannot. */
export type StoredSignature = {
  readonly readingId: number;
  readonly imageId: number;
  readonly signature: Uint8Array | UndefinedReason;
};

/** A reading of which every signature by one measure is known. */
export type SignedReading = {
  readonly readingId: number;
  /** Share of its samples that is lost; NaN without samples. */
  readonly lostShare: number;
  readonly signatures: readonly Omit<StoredSignature, 'readingId'>[];
  /** `nameFrames` of its images when it was described; without it none was marked. */
  readonly frames?: string;
};

/**
 * Stores readings' signatures in one transaction in the place of earlier ones; readings that are gone, whose
 * reader has withdrawn, or one of whose images was marked otherwise since, are left out.
 */
export function insertSignatures(
  database: WriteDatabase,
  { measure, version }: SignatureKind,
  readings: readonly SignedReading[],
): void {
  const known = database.prepare(
    `SELECT 1 FROM reading r JOIN user u ON u.id = r.user_id
     WHERE r.id = ? AND (u.simulated = 1 OR
       (SELECT c.train FROM consent c WHERE c.user_id = u.id ORDER BY c.id DESC LIMIT 1) = 1)`,
  );
  const described = database.prepare(
    'INSERT OR REPLACE INTO described_reading (measure, version, reading_id, lost_share) VALUES (?, ?, ?, ?)',
  );
  const insert = database.prepare(
    `INSERT OR REPLACE INTO signature (measure, version, reading_id, image_id, bytes, reason)
     SELECT ?, ?, ?, id, ?, ? FROM image WHERE id = ?`,
  );
  database.transaction(() => {
    for (const { readingId, lostShare, signatures, frames = '' } of readings) {
      if (known.get(readingId) === undefined) continue;
      const imageIds = signatures.map(({ imageId }) => imageId);
      if (findFrames(database, imageIds) !== frames) continue;
      for (const { imageId, signature } of signatures) {
        const [bytes, reason] =
          typeof signature === 'string' ? [null, signature] : [Buffer.from(signature), null];
        insert.run(measure, version, readingId, bytes, reason, imageId);
      }
      described.run(measure, version, readingId, Number.isNaN(lostShare) ? null : lostShare);
    }
  })();
}

/** Share of lost samples by reading, for every reading whose signatures of this kind are stored. */
export function listDescribed(
  database: ReadDatabase,
  { measure, version }: SignatureKind,
): ReadonlyMap<number, number> {
  const rows = database
    .prepare(
      `SELECT reading_id AS readingId, lost_share AS lostShare FROM described_reading
       WHERE measure = ? AND version = ? ORDER BY reading_id`,
    )
    .all(measure, version) as { readonly readingId: number; readonly lostShare: number | null }[];
  return new Map(rows.map(({ readingId, lostShare }) => [readingId, lostShare ?? Number.NaN]));
}

/** Every stored signature of this kind, in the order of readings and images. */
export function* iterateSignatures(
  database: ReadDatabase,
  { measure, version }: SignatureKind,
): Generator<StoredSignature, void> {
  const rows = database
    .prepare(
      `SELECT reading_id AS readingId, image_id AS imageId, bytes, reason FROM signature
       WHERE measure = ? AND version = ? ORDER BY reading_id, image_id`,
    )
    .iterate(measure, version) as IterableIterator<{
    readonly readingId: number;
    readonly imageId: number;
    readonly bytes: Uint8Array | null;
    readonly reason: UndefinedReason | null;
  }>;
  for (const { readingId, imageId, bytes, reason } of rows)
    yield { readingId, imageId, signature: bytes ?? reason ?? 'empty-map' };
}

/** Forgets every signature of a person's readings. */
export function deleteSignaturesOfReader(database: WriteDatabase, userId: number): void {
  const own = 'WHERE reading_id IN (SELECT id FROM reading WHERE user_id = ?)';
  database.transaction(() => {
    database.prepare(`DELETE FROM described_reading ${own}`).run(userId);
    database.prepare(`DELETE FROM signature ${own}`).run(userId);
  })();
}

/** Forgets the signatures of every reading that looked at an image: where its pixels lie has changed. */
export function deleteSignaturesOfImage(database: WriteDatabase, imageId: number): void {
  database.transaction(() => {
    database
      .prepare(
        `DELETE FROM described_reading WHERE reading_id IN
           (SELECT reading_id FROM signature WHERE image_id = ?)`,
      )
      .run(imageId);
    database.prepare('DELETE FROM signature WHERE image_id = ?').run(imageId);
  })();
}
