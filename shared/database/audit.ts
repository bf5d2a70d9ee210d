import { createHash } from 'node:crypto';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** What an administrator decided. */
export type AuditEntry = {
  readonly atMs: number;
  readonly userId: number;
  readonly userName: string;
  readonly action: string;
  /** JSON. */
  readonly detail: string;
};

type StoredEntry = AuditEntry & {
  readonly seq: number;
  readonly previousSha256: string;
  readonly sha256: string;
};

const nothingBefore = '0'.repeat(64);

const hashOf = (entry: AuditEntry, previousSha256: string): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        previousSha256,
        entry.atMs,
        entry.userId,
        entry.userName,
        entry.action,
        entry.detail,
      ]),
    )
    .digest('hex');

const selected = `SELECT seq, at_ms AS atMs, user_id AS userId, user_name AS userName, action, detail,
  previous_sha256 AS previousSha256, sha256 FROM audit`;

/** The audit log, oldest first. */
export function listAudit(database: ReadDatabase): readonly AuditEntry[] {
  return database.prepare(`${selected} ORDER BY seq`).all() as StoredEntry[];
}

/** Appends to the audit log; call it in the transaction of what it tells. */
export function appendAudit(database: WriteDatabase, entry: AuditEntry): void {
  const last = database.prepare(`${selected} ORDER BY seq DESC LIMIT 1`).get() as
    StoredEntry | undefined;
  const previousSha256 = last?.sha256 ?? nothingBefore;
  database
    .prepare(
      `INSERT INTO audit (at_ms, user_id, user_name, action, detail, previous_sha256, sha256)
       VALUES (@atMs, @userId, @userName, @action, @detail, @previousSha256, @sha256)`,
    )
    .run({ ...entry, previousSha256, sha256: hashOf(entry, previousSha256) });
}

/**
 * The number of the first row whose hash does not fit, or undefined. It finds an edited, added or removed row;
 * rows cut off at the end, or a chain that was computed anew, it does not find: no key is kept.
 */
export function findBrokenAudit(database: ReadDatabase): number | undefined {
  let previousSha256 = nothingBefore;
  for (const entry of database.prepare(`${selected} ORDER BY seq`).all() as StoredEntry[]) {
    if (entry.previousSha256 !== previousSha256) return entry.seq;
    if (entry.sha256 !== hashOf(entry, previousSha256)) return entry.seq;
    previousSha256 = entry.sha256;
  }
  return undefined;
}
