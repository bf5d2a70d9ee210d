import type { Failure } from '../ipc/contract.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

export type ImportCounts = {
  readonly lookedAt: number;
  readonly taken: number;
  readonly alreadyThere: number;
  readonly refused: number;
  readonly bytes: number;
};

/** Begins an import; answers its id. */
export function insertImport(database: WriteDatabase, nowMs: number): number {
  const { lastInsertRowid } = database
    .prepare('INSERT INTO import (started_at_ms) VALUES (?)')
    .run(nowMs);
  return Number(lastInsertRowid);
}

const encodeDetails = (details: Failure['details']): string =>
  Object.entries(details)
    .map(([name, value]) => `${name}=${String(value).replaceAll('\n', ' ')}`)
    .join('\n');

const decodeDetails = (text: string): Failure['details'] =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

/** Stores why a file was refused. */
export function insertRefusal(
  database: WriteDatabase,
  importId: number,
  seq: number,
  file: string,
  error: Failure,
): void {
  database
    .prepare(
      'INSERT INTO import_refusal (import_id, seq, file, code, details) VALUES (?, ?, ?, ?, ?)',
    )
    .run(importId, seq, file, error.code, encodeDetails(error.details));
}

/** Ends an import; `stopped` says why it ended before its last file. */
export function endImport(
  database: WriteDatabase,
  importId: number,
  counts: ImportCounts,
  stopped: Failure | null,
  nowMs: number,
): void {
  database
    .prepare(
      `UPDATE import SET ended_at_ms = ?, looked_at = ?, taken = ?, already_there = ?, refused = ?, read_bytes = ?,
         stopped_code = ?, stopped_details = ? WHERE id = ?`,
    )
    .run(
      nowMs,
      counts.lookedAt,
      counts.taken,
      counts.alreadyThere,
      counts.refused,
      counts.bytes,
      stopped?.code ?? null,
      stopped === null ? null : encodeDetails(stopped.details),
      importId,
    );
}

/** Refused files of an import in their order. */
export function listRefusals(
  database: ReadDatabase,
  importId: number,
): readonly { readonly file: string; readonly error: Failure }[] {
  const rows = database
    .prepare('SELECT file, code, details FROM import_refusal WHERE import_id = ? ORDER BY seq')
    .all(importId) as { readonly file: string; readonly code: string; readonly details: string }[];
  return rows.map(({ file, code, details }) => ({
    file,
    error: { code, details: decodeDetails(details) },
  }));
}
