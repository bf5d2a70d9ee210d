import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sha256Of } from '../../../../electron/app/file-store.ts';
import { registerEncoder } from '../../../../electron/app/training/register-model.ts';
import { listAuditLines } from '../../../../shared/database/audit.ts';
import type { ModelComparison, ModelDetail } from '../../../../shared/ipc/model-answers.ts';
import { modelRequests } from '../../../../shared/ipc/model-requests.ts';
import { writeSchedule } from '../../../../shared/database/schedule.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { StationError } from '../../../../shared/station-error.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../../../shared/training/run-configuration.ts';
import { addRun, around } from '../../../fixtures/model-evaluation.ts';
import {
  listOf,
  openRegistry,
  type Registry,
  type RegistrySet,
} from '../../../fixtures/registry-station.ts';

const compare = (registry: Registry, version: number): ModelComparison =>
  registry['model.compare']({ version, with: null }) as ModelComparison;

const promote = (registry: Registry, version: number, reason = ''): unknown =>
  registry['model.promote']({ version, reason, shown: compare(registry, version).shown });

const aliases = (set: RegistrySet): Record<number, string> =>
  Object.fromEntries(listOf(set).models.map((model) => [model.version, model.aliases.join()]));

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof StationError && error.code === code;

test('a finished run gives a challenger, never a champion, however many there are', (t) => {
  const set = openRegistry(t);
  set.train('one');
  set.train('two');
  set.evaluate(2, 0.99, 1, 0.4);
  set.train('three');
  assert.deepEqual(aliases(set), { 1: '', 2: '', 3: 'challenger' });
  assert.equal(listOf(set).rollBackTo, null);
});

test('every request of the registry that shows or changes a model needs an administrator', () => {
  const open = Object.entries(modelRequests).filter(([, { role }]) => role !== 'admin');
  assert.deepEqual(
    open.map(([name]) => name),
    ['model.of-reading'],
  );
});

test('a promotion needs the comparison that holds now, and without one a reason in words', (t) => {
  const set = openRegistry(t);
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

  const { history } = listOf(set);
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
  const { registry, train, evaluate } = openRegistry(t);
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
  const set = openRegistry(t);
  const { registry, train, database } = set;
  for (const bytes of ['one', 'two', 'three']) promote(registry, train(bytes), 'for the test');
  assert.deepEqual([aliases(set)[3], listOf(set).rollBackTo], ['champion', 2]);
  registry['model.rollback']({ reason: '' });
  assert.deepEqual([aliases(set)[2], listOf(set).rollBackTo], ['champion', 1]);
  registry['model.rollback']({ reason: 'worse still' });
  assert.deepEqual([aliases(set)[1], listOf(set).rollBackTo], ['champion', null]);
  assert.throws(
    () => registry['model.rollback']({ reason: '' }),
    refusedWith('no-earlier-champion'),
  );
  promote(registry, 3, 'a second try');
  assert.equal(listOf(set).rollBackTo, 1, 'what was rolled back is not come back to');
  assert.deepEqual(
    listAuditLines(database, 3).map(({ action }) => action),
    ['model.promote', 'model.rollback', 'model.rollback'],
  );
});

test('history, audit and models cannot be edited or shortened', (t) => {
  const { database, registry, train } = openRegistry(t);
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
  const set = openRegistry(t);
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
  assert.equal(listOf(set).models.length, 1);
  chmodSync(model, 0o644);
  writeFileSync(model, 'two');
  assert.throws(() => promote(registry, 1, 'for the test'), refusedWith('model-file-damaged'));
});

test('the file of a champion, a challenger or what a roll-back brings back is not deleted', (t) => {
  const set = openRegistry(t);
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

test('the file of a model from which a waiting run or the schedule begins is not deleted', (t) => {
  const { database, registry, train, admin } = openRegistry(t);
  for (const bytes of ['one', 'two']) train(bytes);
  const { sha256 } = registry['model.get']({ version: 1 }) as ModelDetail;
  const initialWeights = { from: 'model', version: 1, sha256 } as const;
  const runId = addRun(database, admin, { initialWeights });
  const refuses = (why: RegExp): void =>
    assert.throws(
      () => registry['model.delete-file']({ version: 1 }),
      (error) => error instanceof StationError && why.test(wordError(error)),
    );
  database.prepare(`UPDATE run SET state = 'queued' WHERE id = ?`).run(runId);
  refuses(/is what run 3 begins from, so its file stays\. Let that run end/u);
  database.prepare(`UPDATE run SET state = 'done' WHERE id = ?`).run(runId);
  const never = { leastReadings: null, leastPairs: null, atMinute: null };
  const schedule = (from: RunConfiguration['initialWeights']): void =>
    writeSchedule(
      database,
      { ...never, configuration: { ...demonstrationConfiguration, initialWeights: from } },
      admin,
      5000,
    );
  schedule(initialWeights);
  refuses(/what the schedule begins from/u);
  schedule({ from: 'random' });
  assert.equal((registry['model.delete-file']({ version: 1 }) as ModelDetail).version, 1);
});
