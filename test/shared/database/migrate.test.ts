import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
import { migrate, migrations, schemaVersion } from '../../../shared/database/migrate.ts';
import { openDatabase, openDatabaseReadOnly } from '../../../shared/database/open.ts';
import { StationError } from '../../../shared/station-error.ts';

function setUp(t: TestContext): { file: string; backupFolder: string; nowMs: () => number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-database-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return {
    file: path.join(folder, 'fovea.sqlite'),
    backupFolder: path.join(folder, 'backups'),
    nowMs: () => Date.UTC(2026, 10, 23),
  };
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof StationError) return error.code;
    throw error;
  }
  return 'none';
};

test('migration 1 makes every table STRICT, with foreign keys that hold', (t) => {
  const { file, ...options } = setUp(t);
  const database = openDatabase(file, options);
  assert.equal(schemaVersion(database), migrations.length);
  const tables = database
    .prepare(
      `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'`,
    )
    .all() as { name: string; strict: number }[];
  assert.ok(tables.length >= 18);
  assert.deepEqual(
    tables.filter(({ strict }) => strict === 0),
    [],
  );
  assert.deepEqual(
    ['journal_mode', 'foreign_keys'].map((name) => database.pragma(name, { simple: true })),
    ['wal', 1],
  );
  assert.throws(
    () => database.prepare(`INSERT INTO image (study_id) VALUES (99)`).run(),
    /NOT NULL|FOREIGN KEY/u,
  );
  assert.throws(
    () =>
      database
        .prepare(
          `INSERT INTO reading (study_id, user_id, state, started_at_ms) VALUES (9, 9, 'open', 0)`,
        )
        .run(),
    /FOREIGN KEY/u,
  );
  database.close();
});

test('no column names what must never be inferred of a reader', (t) => {
  const { file, ...options } = setUp(t);
  const database = openDatabase(file, options);
  const names = database
    .prepare(`SELECT m.name || '.' || c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c`)
    .pluck()
    .all() as string[];
  assert.ok(names.length > 100);
  assert.deepEqual(
    names.filter((name) => /fatigue|emotion|skill|mood|stress|health|attentiv/iu.test(name)),
    [],
  );
  database.close();
});

test('a database of a newer Fovea is refused and left as it is', (t) => {
  const { file, ...options } = setUp(t);
  openDatabase(file, options).close();
  const raw = new BetterSqlite3(file);
  raw.pragma(`user_version = ${migrations.length + 1}`);
  raw.close();
  assert.equal(
    codeOf(() => openDatabase(file, options)),
    'database-newer',
  );
  const after = new BetterSqlite3(file, { readonly: true });
  assert.equal(schemaVersion(after), migrations.length + 1);
  after.close();
});

test('a file that is no database is called damaged and left as it is', (t) => {
  const { file, ...options } = setUp(t);
  writeFileSync(
    file,
    'this is a letter, not a database, and long enough to be looked at'.repeat(90),
  );
  assert.equal(
    codeOf(() => openDatabase(file, options)),
    'database-damaged',
  );
  assert.equal(
    codeOf(() => openDatabaseReadOnly(file)),
    'database-damaged',
  );
  assert.equal(
    codeOf(() => openDatabaseReadOnly(`${file}.none`)),
    'file-missing',
  );
});

test('an existing database is copied before each migration, and a failed one changes nothing', (t) => {
  const { file, backupFolder, nowMs } = setUp(t);
  const database = new BetterSqlite3(file);
  const options = { backupFolder, nowMs };
  migrate(database, options, ['CREATE TABLE a (x INTEGER) STRICT']);
  assert.equal(existsSync(backupFolder), false, 'a new database needs no copy');
  database.exec('INSERT INTO a VALUES (7)');
  const two = ['CREATE TABLE a (x INTEGER) STRICT', 'ALTER TABLE a ADD COLUMN y INTEGER'];
  migrate(database, options, two);
  const [copy] = readdirSync(backupFolder);
  assert.equal(copy, 'fovea-schema-1-2026-11-23T00-00-00.000Z.sqlite');
  const before = new BetterSqlite3(path.join(backupFolder, copy), { readonly: true });
  assert.deepEqual(before.prepare('SELECT * FROM a').all(), [{ x: 7 }]);
  before.close();
  assert.throws(() => migrate(database, options, [...two, 'CREATE TABLE b (z INTEGER); nonsense']));
  assert.equal(schemaVersion(database), 2);
  assert.equal(
    database.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'b'`).pluck().get(),
    0,
  );
  database.close();
});

test('the read-only connection cannot write', (t) => {
  const { file, ...options } = setUp(t);
  openDatabase(file, options).close();
  const database = openDatabaseReadOnly(file);
  assert.throws(
    () => database.exec(`INSERT INTO setting VALUES ('a', 'b')`),
    /readonly|read-only/u,
  );
  database.close();
});

test('migration 3 keeps pairs and counts of older runs, lets in further measures and no wrong p-value', (t) => {
  const { file, backupFolder, nowMs } = setUp(t);
  const database = new BetterSqlite3(file);
  database.pragma('foreign_keys = ON');
  const options = { backupFolder, nowMs };
  migrate(database, options, migrations.slice(0, 2));
  database.pragma('foreign_keys = OFF');
  database.exec(
    `INSERT INTO mined VALUES (1, 'multimatch', 0.7, 8, 28, 1, 0);
     INSERT INTO pair (id, run_id, measure, image_a, image_b, relation, shape) VALUES (5, 1, 'multimatch', 1, 2, 0.9, 0.8)`,
  );
  migrate(database, options);
  assert.deepEqual(database.prepare('SELECT measure, threshold, found, groups FROM mined').all(), [
    { measure: 'multimatch', threshold: 0.7, found: 1, groups: '[]' },
  ]);
  assert.deepEqual(
    database.prepare('SELECT id, relation, shape, p_value, q_value FROM pair').all(),
    [{ id: 5, relation: 0.9, shape: 0.8, p_value: null, q_value: null }],
  );
  database.exec(
    `INSERT INTO pair (run_id, measure, image_a, image_b, relation, p_value) VALUES (1, 'tima', 1, 2, 0.9, 0.5)`,
  );
  assert.throws(() => database.exec('UPDATE pair SET p_value = 2'), /CHECK/u);
  assert.throws(() => database.exec(`UPDATE mined SET groups = 'nonsense'`), /CHECK/u);
  database.pragma('foreign_keys = ON');
  assert.throws(
    () =>
      database.exec(
        `INSERT INTO pair (run_id, measure, image_a, image_b, relation) VALUES (77, 'tima', 1, 3, 0.9)`,
      ),
    /FOREIGN KEY/u,
  );
  database.close();
});
