import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Every stored setting as text, by name. */
export function readSettings(database: ReadDatabase): ReadonlyMap<string, string> {
  const rows = database.prepare('SELECT name, value FROM setting').all() as {
    readonly name: string;
    readonly value: string;
  }[];
  return new Map(rows.map(({ name, value }) => [name, value]));
}

/** Stores one setting; `undefined` forgets it. */
export function writeSetting(
  database: WriteDatabase,
  name: string,
  value: string | undefined,
): void {
  if (value === undefined) database.prepare('DELETE FROM setting WHERE name = ?').run(name);
  else
    database
      .prepare(
        'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      )
      .run(name, value);
}
