import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Who did what and when; details never name a patient. */
export type AuditLine = {
  readonly atMs: number;
  readonly userId: number;
  /** For example `labels.import`. */
  readonly action: string;
  readonly details: Readonly<Record<string, string | number>>;
};

/** Adds a line; it can never be changed. */
export function insertAuditLine(database: WriteDatabase, line: AuditLine): void {
  database
    .prepare('INSERT INTO audit_line (at_ms, user_id, action, details) VALUES (?, ?, ?, ?)')
    .run(line.atMs, line.userId, line.action, JSON.stringify(line.details));
}

/** Lines, newest first. */
export function listAuditLines(database: ReadDatabase, limit: number): readonly AuditLine[] {
  const rows = database
    .prepare(
      'SELECT at_ms AS atMs, user_id AS userId, action, details FROM audit_line ORDER BY id DESC LIMIT ?',
    )
    .all(limit) as (Omit<AuditLine, 'details'> & { readonly details: string })[];
  return rows.map(({ details, ...row }) => ({
    ...row,
    details: JSON.parse(details) as AuditLine['details'],
  }));
}
