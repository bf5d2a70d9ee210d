import { existsSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { StationError } from '../station-error.ts';
import { migrate } from './migrate.ts';

declare const right: unique symbol;

/** A connection that may only read. The trainer has nothing else. */
export type ReadDatabase = BetterSqlite3.Database & { readonly [right]?: 'read' | 'write' };

/** The connection of main, the only writer. */
export type WriteDatabase = BetterSqlite3.Database & { readonly [right]: 'write' };

type OpenOptions = {
  /** Where a copy goes before a migration changes an existing database; created when needed. */
  readonly backupFolder: string;
  /** Milliseconds since 1970, for the names of the copies. */
  readonly nowMs: () => number;
};

function damagedOr(error: unknown, path: string): Error {
  const code = error instanceof BetterSqlite3.SqliteError ? error.code : '';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return new StationError('database-damaged', { file: path }, { cause: error });
  if (code === 'SQLITE_FULL')
    return new StationError('disk-full', { folder: path }, { cause: error });
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return new StationError('data-folder-read-only', { folder: path }, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * Opens the station's database for its one writer and brings it to the newest schema; makes it where it
 * is absent. Throws StationError database-newer, database-damaged, data-folder-read-only, disk-full.
 */
export function openDatabase(path: string, options: OpenOptions): WriteDatabase {
  let database: BetterSqlite3.Database | undefined;
  try {
    database = new BetterSqlite3(path);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    database.pragma('busy_timeout = 5000');
    migrate(database, options);
    return database as WriteDatabase;
  } catch (error) {
    database?.close();
    throw damagedOr(error, path);
  }
}

/**
 * Opens an existing database for reading only; readers never hold up the writer.
 * Throws StationError file-missing, database-damaged.
 */
export function openDatabaseReadOnly(path: string): ReadDatabase {
  if (!existsSync(path)) throw new StationError('file-missing', { file: path });
  try {
    const database = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    database.pragma('busy_timeout = 5000');
    database.pragma('query_only = ON');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    throw damagedOr(error, path);
  }
}
