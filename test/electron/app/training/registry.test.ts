import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { sha256Of } from '../../../../electron/app/file-store.ts';
import { registerEncoder } from '../../../../electron/app/training/register-model.ts';
import { createRegistry } from '../../../../electron/app/training/registry.ts';
import { listAuditLines } from '../../../../shared/database/audit.ts';
import { insertEvaluation } from '../../../../shared/database/evaluations.ts';
import type { WriteDatabase } from '../../../../shared/database/open.ts';
import { insertRunReadings } from '../../../../shared/database/runs.ts';
import type { ModelComparison, ModelDetail } from '../../../../shared/ipc/model-answers.ts';
import { modelRequests } from '../../../../shared/ipc/model-requests.ts';
import { StationError } from '../../../../shared/station-error.ts';
import type { EvaluatedEncoder } from '../../../../shared/training/evaluation-result.ts';
import { around, addRun, measured } from '../../../fixtures/model-evaluation.ts';
import { storeReading } from '../../../fixtures/small-station.ts';
import {
  addConsent,
  addReader,
  addStudy,
  openIn,
  temporaryFolder,
} from '../../../fixtures/station-rows.ts';

type Registry = ReturnType<typeof createRegistry>;
type RegistrySet = {
  readonly folder: string;
  readonly database: WriteDatabase;
  readonly registry: Registry;
  readonly admin: number;
  /** Ends a run with these bytes as its encoder; answers the model's version, which is its run's number here. */
  readonly train: (bytes: string, imageHashes?: readonly string[]) => number;
  /** Evaluates model `version` with the figures, beside the other where one is given. */
  readonly evaluate: (version: number, auc: number, against?: number, low?: number) => void;
};

function setUp(t: TestContext): RegistrySet {
  const folder = temporaryFolder(t);
  const database = openIn(folder);
  t.after(() => database.close());
  const admin = addReader(database, 'Dr. Ada');
  let now = 5000;
  const registry = createRegistry({
    database,
    dataFolder: folder,
    nowMs: () => (now += 1000),
    user: () => ({ id: admin, name: 'Dr. Ada' }),
  });
  const train: RegistrySet['train'] = (bytes, imageHashes = []) => {
    const runId = addRun(database, admin);
    const runFolder = path.join(folder, 'runs', String(runId));
    mkdirSync(runFolder, { recursive: true });
    writeFileSync(path.join(runFolder, 'encoder.safetensors'), bytes);
    const record = { images: imageHashes.map((sha256, i) => ({ imageId: i + 1, sha256 })) };
    writeFileSync(path.join(runFolder, 'run.json'), JSON.stringify(record));
    const sha256 = sha256Of(Buffer.from(bytes));
    const encoder = { runId, file: 'encoder.safetensors', sha256, parameters: 7 };
    registerEncoder(database, folder, encoder, 4000);
    return runId;
  };
  const named = (version: number, role: EvaluatedEncoder['role']): EvaluatedEncoder => {
    const { sha256 } = database.prepare('SELECT sha256 FROM model WHERE id = ?').get(version) as {
      sha256: string;
    };
    return { sha256, runId: version, role };
  };
  const evaluate: RegistrySet['evaluate'] = (version, auc, against, difference = 0.05) => {
    const own = { encoder: named(version, 'new'), auc };
    const result =
      against === undefined
        ? measured([own])
        : measured(
            [own, { encoder: named(against, 'champion'), auc: auc - difference }],
            [{ against: named(against, 'champion'), auc: around(difference, 0.02) }],
          );
    insertEvaluation(database, version, result, 4500);
  };
  return { folder, database, registry, admin, train, evaluate };
}

const compare = (registry: Registry, version: number): ModelComparison =>
  registry['model.compare']({ version, with: null }) as ModelComparison;

const promote = (registry: Registry, version: number, reason = ''): unknown =>
  registry['model.promote']({ version, reason, shown: compare(registry, version).shown });

const list = ({ registry }: RegistrySet) =>
  registry['model.list']({}) as Exclude<ReturnType<Registry['model.list']>, Promise<unknown>>;

const aliases = (set: RegistrySet): Record<number, string> =>
  Object.fromEntries(list(set).models.map((model) => [model.version, model.aliases.join()]));

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof StationError && error.code === code;

test('a finished run gives a challenger, never a champion, however many there are', (t) => {
  const set = setUp(t);
  set.train('one');
  set.train('two');
  set.evaluate(2, 0.99, 1, 0.4);
  set.train('three');
  assert.deepEqual(aliases(set), { 1: '', 2: '', 3: 'challenger' });
  assert.equal(list(set).rollBackTo, null);
});

test('every request of the registry that shows or changes a model needs an administrator', () => {
  const open = Object.entries(modelRequests).filter(([, { role }]) => role !== 'admin');
  assert.deepEqual(
    open.map(([name]) => name),
    ['model.of-reading'],
  );
});

test('a promotion needs the comparison that holds now, and without one a reason in words', (t) => {
  const set = setUp(t);
  const { registry, train, evaluate, database } = set;
  train('one');
  assert.throws(() => promote(registry, 1), refusedWith('reason-needed'));
  assert.throws(() => promote(registry, 1, '!! 17'), refusedWith('reason-needed'));
  evaluate(1, 0.7);
  const seen = { championVersion: null, championEvaluationId: null, candidateEvaluationId: null };
  assert.throws(
    () => registry['model.promote']({ version: 1, reason: 'because', shown: seen }),
    refusedWith('comparison-not-shown'),
  );
  promote(registry, 1);
  assert.throws(() => promote(registry, 1, 'again'), refusedWith('already-champion'));

  train('two');
  assert.equal(compare(registry, 2).missing, 'not-evaluated');
  assert.throws(() => promote(registry, 2), refusedWith('reason-needed'));
  evaluate(2, 0.8);
  assert.equal(compare(registry, 2).missing, 'not-together', 'each judged by itself says nothing');
  assert.throws(() => promote(registry, 2), refusedWith('reason-needed'));
  const stale = compare(registry, 2).shown;
  train('three');
  evaluate(3, 0.9, 1);
  promote(registry, 3);
  assert.throws(
    () => registry['model.promote']({ version: 2, reason: 'better', shown: stale }),
    refusedWith('comparison-not-shown'),
    'the champion is another one since',
  );
  assert.deepEqual(aliases(set), { 1: '', 2: '', 3: 'champion' });

  const { history } = list(set);
  const last = history.findLast(({ alias }) => alias === 'champion');
  assert.deepEqual(
    [last?.version, last?.by, last?.kind, last?.shown],
    [
      3,
      'Dr. Ada',
      'promoted',
      { championVersion: 1, championEvaluationId: 3, candidateEvaluationId: 3 },
    ],
  );
  const [line] = listAuditLines(database, 10);
  assert.deepEqual(
    [line?.action, line?.details['by'], line?.details['champion'], line?.details['before']],
    ['model.promote', 'Dr. Ada', 3, 1],
  );
  assert.match(String(line?.details['comparison']), /"difference":\{"value":0\.05/u);
});

test('a comparison turns round when the champion was the one that was evaluated', (t) => {
  const { registry, train, evaluate } = setUp(t);
  train('one');
  train('two');
  evaluate(2, 0.8, 1, 0.06);
  const auc = (version: number, other: number) =>
    (registry['model.compare']({ version, with: other }) as ModelComparison).rows.find(
      ({ metric }) => metric === 'auc',
    )?.difference;
  assert.deepEqual(auc(2, 1), around(0.06, 0.02));
  assert.deepEqual(auc(1, 2), { value: -0.06, low: -(0.06 + 0.02), high: -(0.06 - 0.02) });
});

test('one action brings the former champion back, as often as there is one', (t) => {
  const set = setUp(t);
  const { registry, train, database } = set;
  for (const bytes of ['one', 'two', 'three']) promote(registry, train(bytes), 'for the test');
  assert.deepEqual([aliases(set)[3], list(set).rollBackTo], ['champion', 2]);
  registry['model.rollback']({ reason: '' });
  assert.deepEqual([aliases(set)[2], list(set).rollBackTo], ['champion', 1]);
  registry['model.rollback']({ reason: 'worse still' });
  assert.deepEqual([aliases(set)[1], list(set).rollBackTo], ['champion', null]);
  assert.throws(
    () => registry['model.rollback']({ reason: '' }),
    refusedWith('no-earlier-champion'),
  );
  promote(registry, 3, 'a second try');
  assert.equal(list(set).rollBackTo, 1, 'what was rolled back is not come back to');
  assert.deepEqual(
    listAuditLines(database, 3).map(({ action }) => action),
    ['model.promote', 'model.rollback', 'model.rollback'],
  );
});

test('history, audit and models cannot be edited or shortened', (t) => {
  const { database, registry, train } = setUp(t);
  promote(registry, train('one'), 'for the test');
  for (const sql of [
    'DELETE FROM model',
    `UPDATE model SET sha256 = '${'0'.repeat(64)}'`,
    'UPDATE model SET run_id = 9',
    'DELETE FROM model_alias_change',
    `UPDATE model_alias_change SET user_name = 'nobody'`,
    'DELETE FROM audit_line',
    `INSERT INTO model_alias_change (alias, model_id, kind, changed_at_ms) VALUES ('champion', 1, 'registered', 1)`,
    `INSERT INTO model_alias_change (alias, model_id, kind, user_id, user_name, changed_at_ms) VALUES ('champion', 1, 'promoted', 1, 'x', 1)`,
  ])
    assert.throws(() => database.exec(sql), /never|only added|CHECK/u, sql);
});

test('what a run writes later does not reach the model, and a damaged or missing file is not promoted', (t) => {
  const set = setUp(t);
  const { folder, registry, train, database } = set;
  train('one');
  const { file, sha256 } = registry['model.get']({ version: 1 }) as ModelDetail;
  assert.equal(file, `models/${sha256}.safetensors`);
  const model = path.join(folder, file);
  assert.equal(statSync(model).mode & 0o222, 0, 'read-only');
  writeFileSync(path.join(folder, 'runs/1/encoder.safetensors'), 'trained anew');
  assert.equal(readFileSync(model, 'utf8'), 'one');
  const again = { runId: 1, file: 'encoder.safetensors', parameters: 7 };
  assert.throws(
    () =>
      registerEncoder(database, folder, { ...again, sha256: sha256Of(Buffer.from('other')) }, 1),
    refusedWith('model-file-damaged'),
    'bytes that are not those the trainer named',
  );
  assert.throws(
    () =>
      registerEncoder(
        database,
        folder,
        { ...again, sha256: sha256Of(Buffer.from('trained anew')) },
        1,
      ),
    /UNIQUE/u,
    'a second encoder of the same run',
  );
  registerEncoder(database, folder, { ...again, sha256 }, 1);
  assert.equal(list(set).models.length, 1);
  chmodSync(model, 0o644);
  writeFileSync(model, 'two');
  assert.throws(() => promote(registry, 1, 'for the test'), refusedWith('model-file-damaged'));
});

test('the file of a champion, a challenger or what a roll-back brings back is not deleted', (t) => {
  const set = setUp(t);
  const { folder, registry, train } = set;
  for (const bytes of ['one', 'two', 'three']) train(bytes);
  promote(registry, 1, 'for the test');
  promote(registry, 2, 'for the test');
  for (const version of [1, 2, 3])
    assert.throws(
      () => registry['model.delete-file']({ version }),
      refusedWith('model-in-use'),
      String(version),
    );
  train('four');
  const { file } = registry['model.delete-file']({ version: 3 }) as ModelDetail;
  assert.equal(existsSync(path.join(folder, file)), false);
  const { fileState } = registry['model.get']({ version: 3 }) as ModelDetail;
  assert.equal(fileState, 'deleted');
  assert.throws(() => promote(registry, 3, 'for the test'), refusedWith('file-missing'));
});

test('a model whose readings or images were erased, or whose reader has withdrawn, is marked', (t) => {
  const set = setUp(t);
  const { database, registry } = set;
  const person = addReader(database, 'Bo');
  const program = addReader(database, 'Program', 1);
  addConsent(database, person, { record: true, train: true });
  const studies = ['a', 'b', 'c'].map((uid) => addStudy(database, uid));
  const hashes = database.prepare('SELECT sha256 FROM image ORDER BY id').pluck().all() as string[];
  const readings = studies.map(({ studyId, imageIds }, i) =>
    storeReading(database, {
      studyId,
      imageId: imageIds[0] ?? 0,
      userId: i === 2 ? program : person,
      source: i === 2 ? 'simulated' : 'webgazer',
      places: [{ x: 1, y: 1 }],
    }),
  );
  const runId = addRun(database, set.admin);
  insertRunReadings(database, runId, readings.slice(0, 2));
  const runFolder = path.join(set.folder, 'runs', String(runId));
  mkdirSync(runFolder, { recursive: true });
  writeFileSync(path.join(runFolder, 'encoder.safetensors'), 'one');
  writeFileSync(
    path.join(runFolder, 'run.json'),
    JSON.stringify({ images: hashes.map((sha256) => ({ imageId: 1, sha256 })) }),
  );
  const sha256 = sha256Of(Buffer.from('one'));
  registerEncoder(
    database,
    set.folder,
    { runId, file: 'encoder.safetensors', sha256, parameters: 1 },
    1,
  );
  const marks = (): readonly number[] => {
    const [model] = list(set).models;
    return [model?.erasedReadings ?? -1, model?.erasedImages ?? -1, model?.withdrawnReadings ?? -1];
  };
  const [first = 0, second = 0, third = 0] = readings;
  assert.deepEqual(marks(), [0, 0, 0]);
  assert.deepEqual(registry['model.of-reading']({ readingId: first }), { versions: [1] });
  assert.deepEqual(registry['model.of-reading']({ readingId: third }), { versions: [] });
  addConsent(database, person, { record: true });
  assert.deepEqual(marks(), [0, 0, 2], 'withdrawn');
  addConsent(database, person, { record: true, train: true });
  assert.deepEqual(marks(), [0, 0, 0]);
  database.prepare('DELETE FROM reading WHERE id = ?').run(first);
  assert.deepEqual(marks(), [1, 0, 0]);
  // A whole study goes, with its reading and its image.
  database.prepare('DELETE FROM reading WHERE study_id = 2').run();
  database.prepare('DELETE FROM study WHERE id = 2').run();
  assert.deepEqual(marks(), [2, 1, 0]);
  assert.deepEqual(registry['model.of-reading']({ readingId: second }), { versions: [] });
  const { lineage } = registry['model.get']({ version: 1 }) as ModelDetail;
  assert.deepEqual([lineage.images, lineage.readings], [3, 2]);
  assert.deepEqual(
    lineage.readers.map(({ reader, readings: count }) => [reader, count]),
    [[null, 2]],
  );
});
