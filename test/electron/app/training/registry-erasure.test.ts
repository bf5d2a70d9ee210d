import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sha256Of } from '../../../../electron/app/file-store.ts';
import { registerEncoder } from '../../../../electron/app/training/register-model.ts';
import { insertRunReadings } from '../../../../shared/database/runs.ts';
import type { ModelDetail } from '../../../../shared/ipc/model-answers.ts';
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
