import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sha256Of } from '../../../../electron/app/file-store.ts';
import { registerEncoder } from '../../../../electron/app/training/register-model.ts';
import { insertRunReadings } from '../../../../shared/database/runs.ts';
import type { ModelDetail } from '../../../../shared/ipc/model-answers.ts';
import type { RunConfiguration } from '../../../../shared/training/run-configuration.ts';
import { addRun } from '../../../fixtures/model-evaluation.ts';
import { listOf, openRegistry } from '../../../fixtures/registry-station.ts';
import { storeReading } from '../../../fixtures/small-station.ts';
import { addConsent, addReader, addStudy } from '../../../fixtures/station-rows.ts';

test('a model whose readings or images were erased, or whose reader has withdrawn, is marked', (t) => {
  const set = openRegistry(t);
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
    const [model] = listOf(set).models;
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

test('what a model has learnt from, one that begins with its weights has learnt from too', (t) => {
  const set = openRegistry(t);
  const { database } = set;
  const person = addReader(database, 'Bo');
  addConsent(database, person, { record: true, train: true });
  const readings = ['a', 'b', 'c'].map((uid) => {
    const { studyId, imageIds } = addStudy(database, uid);
    const places = [{ x: 1, y: 1 }];
    const imageId = imageIds[0] ?? 0;
    return storeReading(database, { studyId, imageId, userId: person, source: 'webgazer', places });
  });
  const hashes = database.prepare('SELECT sha256 FROM image ORDER BY id').pluck().all() as string[];
  const register = (
    text: string,
    learnt: readonly number[],
    initialWeights: RunConfiguration['initialWeights'],
  ): string => {
    const runId = addRun(database, set.admin, { initialWeights });
    insertRunReadings(
      database,
      runId,
      learnt.map((k) => readings[k] ?? 0),
    );
    const folder = path.join(set.folder, 'runs', String(runId));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'encoder.safetensors'), text);
    const images = learnt.map((k) => ({ imageId: 1, sha256: hashes[k] }));
    writeFileSync(path.join(folder, 'run.json'), JSON.stringify({ images }));
    const sha256 = sha256Of(Buffer.from(text));
    const encoder = { runId, file: 'encoder.safetensors', sha256, parameters: 1 };
    registerEncoder(database, set.folder, encoder, 1);
    return sha256;
  };
  const erased = (): readonly (readonly number[])[] =>
    listOf(set).models.map((model) => [model.erasedReadings, model.erasedImages]);
  const erase = (k: number): void => {
    database.prepare('DELETE FROM reading WHERE id = ?').run(readings[k]);
    database.prepare('DELETE FROM study WHERE id = ?').run(k + 1);
  };
  const first = register('one', [0, 1], { from: 'random' });
  erase(0);
  assert.deepEqual(erased(), [[1, 1]]);
  const second = register('two', [2], { from: 'model', sha256: first, version: 1 });
  register('three', [], { from: 'model', sha256: second, version: 2 });
  register('four', [2], { from: 'random' });
  // Newest first.
  assert.deepEqual(
    erased(),
    [
      [0, 0],
      [1, 1],
      [1, 1],
      [1, 1],
    ],
    'erased before',
  );
  erase(1);
  assert.deepEqual(
    erased(),
    [
      [0, 0],
      [2, 2],
      [2, 2],
      [2, 2],
    ],
    'erased since',
  );
  erase(2);
  assert.deepEqual(erased(), [
    [1, 1],
    [3, 3],
    [3, 3],
    [2, 2],
  ]);
  const { lineage } = set.registry['model.get']({ version: 3 }) as ModelDetail;
  assert.deepEqual([lineage.images, lineage.readings], [3, 3]);
});
