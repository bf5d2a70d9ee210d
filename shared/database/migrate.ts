import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { StationError } from '../station-error.ts';
import { migration0001 } from './migrations/0001-first.ts';
import { migration0002 } from './migrations/0002-left-out.ts';
import { migration0003 } from './migrations/0003-chance.ts';
import { migration0004 } from './migrations/0004-veto.ts';
import { migration0005 } from './migrations/0005-gate.ts';
import { migration0006 } from './migrations/0006-mining.ts';
import { migration0007 } from './migrations/0007-evaluation.ts';
import { migration0008 } from './migrations/0008-registry.ts';
import { migration0009 } from './migrations/0009-schedule.ts';

/** In order; number n brings a database from version n - 1 to n. A released one is never edited. */
export const migrations: readonly string[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
  migration0008,
  migration0009,
];

type MigrateOptions = { readonly backupFolder: string; readonly nowMs: () => number };

/** The schema's version, kept in SQLite's user_version. */
export function schemaVersion(database: BetterSqlite3.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/**
 * Applies what is missing, each migration in a transaction of its own, after a copy of an existing
 * database has been made (a new one is not copied). Throws StationError database-newer where a newer Fovea has written it.
 */
export function migrate(
  database: BetterSqlite3.Database,
  options: MigrateOptions,
  steps: readonly string[] = migrations,
): void {
  const found = schemaVersion(database);
  if (found > steps.length)
    throw new StationError('database-newer', { found, known: steps.length });
  for (let version = found + 1; version <= steps.length; version += 1) {
    if (found > 0) backUp(database, version - 1, options);
    const sql = steps[version - 1] ?? '';
    database.transaction(() => {
      database.exec(sql);
      database.pragma(`user_version = ${version}`);
    })();
  }
}

function backUp(
  database: BetterSqlite3.Database,
  version: number,
  { backupFolder, nowMs }: MigrateOptions,
): void {
  mkdirSync(backupFolder, { recursive: true });
  const time = new Date(nowMs()).toISOString().replaceAll(':', '-');
  const file = path.join(backupFolder, `fovea-schema-${version}-${time}.sqlite`);
  database.prepare('VACUUM INTO ?').run(file);
}
