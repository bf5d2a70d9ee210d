import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import BetterSqlite3 from 'better-sqlite3';
import { migrate, migrations } from '../../../shared/database/migrate.ts';
import { openDatabase, type WriteDatabase } from '../../../shared/database/open.ts';
import {
  assignPatientParts,
  drawPart,
  hashPatient,
  openPatientParts,
  readSplitRule,
} from '../../../shared/database/patient-parts.ts';
import { ensureStudy } from '../../../shared/database/studies.ts';

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-parts-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(t: TestContext): WriteDatabase {
  const folder = temporaryFolder(t);
  const database = openDatabase(path.join(folder, 'fovea.sqlite'), {
    backupFolder: path.join(folder, 'backups'),
    nowMs: () => 0,
  });
  t.after(() => database.close());
  return database;
}

const addPatients = (database: WriteDatabase, from: number, to: number): void => {
  for (let i = from; i < to; i += 1)
    ensureStudy(
      database,
      {
        studyUid: `study-${i}`,
        patientKey: `id:${i}|clinic`,
        patient: '',
        description: '',
        modality: 'OP',
        studyDate: '',
        simulated: false,
        demonstration: false,
      },
      0,
    );
};

test('patients fall into parts by the shares of the rule, each always into the same', (t) => {
  const database = open(t);
  const rule = readSplitRule(database);
  const counts = { train: 0, validation: 0, test: 0 };
  for (let i = 0; i < 5000; i += 1) counts[drawPart(rule, hashPatient(rule, `p${i}`))] += 1;
  // Five standard deviations around 3000, 1000 and 1000 of 5000.
  assert.ok(Math.abs(counts.train - 3000) < 175, String(counts.train));
  assert.ok(Math.abs(counts.validation - 1000) < 142, String(counts.validation));
  assert.ok(Math.abs(counts.test - 1000) < 142, String(counts.test));
});

test('parts are assigned once: new patients join, nobody moves, nothing can be cut anew', (t) => {
  const database = open(t);
  addPatients(database, 0, 60);
  assert.equal(assignPatientParts(database, 1), 60);
  const partOf = openPatientParts(database);
  const before = Array.from({ length: 60 }, (_, i) => partOf(`id:${i}|clinic`));
  addPatients(database, 60, 90);
  assert.equal(openPatientParts(database)('id:75|clinic'), partOf('id:75|clinic'));
  assert.equal(assignPatientParts(database, 2), 30);
  assert.equal(assignPatientParts(database, 3), 0);
  database.exec('DELETE FROM study');
  const after = openPatientParts(database);
  assert.deepEqual(
    before,
    Array.from({ length: 60 }, (_, i) => after(`id:${i}|clinic`)),
  );
  for (const change of [
    `UPDATE patient_part SET part = 'train'`,
    'DELETE FROM patient_part',
    'UPDATE split_rule SET train_share = 0.1',
    'DELETE FROM split_rule',
  ])
    assert.throws(() => database.exec(change), /frozen/u, change);
});

test('a part that was frozen counts, whatever the hash says', (t) => {
  const database = open(t);
  const hash = hashPatient(readSplitRule(database), 'someone');
  const drawn = drawPart(readSplitRule(database), hash);
  const other = drawn === 'test' ? 'train' : 'test';
  database.prepare('INSERT INTO patient_part VALUES (?, ?, 0)').run(hash, other);
  assert.equal(openPatientParts(database)('someone'), other);
});

test('two stations have two salts, and no identity stands in the table of parts', (t) => {
  const [one, other] = [open(t), open(t)];
  assert.notEqual(readSplitRule(one).salt, readSplitRule(other).salt);
  addPatients(one, 0, 3);
  assignPatientParts(one, 0);
  const rows = one.prepare('SELECT * FROM patient_part').all() as { patient_hash: string }[];
  assert.ok(rows.every(({ patient_hash: hash }) => /^[0-9a-f]{64}$/u.test(hash)));
  assert.ok(!JSON.stringify(rows).includes('clinic'));
});

test('migration 7 keeps runs, their stage and their children, and lets in the stage evaluate', (t) => {
  const folder = temporaryFolder(t);
  const database = new BetterSqlite3(path.join(folder, 'old.sqlite'));
  t.after(() => database.close());
  database.pragma('foreign_keys = ON');
  const options = { backupFolder: path.join(folder, 'backups'), nowMs: () => 0 };
  migrate(database, options, migrations.slice(0, 6));
  database.exec(
    `INSERT INTO user (id, name, pseudonym, role, created_at_ms) VALUES (1, 'a', 'a', 'admin', 0);
     INSERT INTO run (id, state, stage, configuration, user_id, created_at_ms, app_version)
       VALUES (4, 'done', 'save', '{}', 1, 0, '1');
     INSERT INTO run_point VALUES (4, 1, 1, 0.5, 0.1, 3, NULL)`,
  );
  migrate(database, options, migrations.slice(0, 7));
  assert.deepEqual(database.prepare('SELECT id, state, stage FROM run').all(), [
    { id: 4, state: 'done', stage: 'save' },
  ]);
  assert.equal(database.prepare('SELECT count(*) FROM run_point').pluck().get(), 1);
  database.exec(`UPDATE run SET stage = 'evaluate'`);
  assert.throws(() => database.exec(`UPDATE run SET stage = 'guess'`), /CHECK/u);
  assert.deepEqual(database.pragma('foreign_key_check'), []);
});
