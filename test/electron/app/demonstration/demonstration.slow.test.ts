import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createDemonstration } from '../../../../electron/app/demonstration/demonstration.ts';
import { createFileStore } from '../../../../electron/app/file-store.ts';
import {
  insertRecording,
  nextNumbers,
  prepareAppending,
} from '../../../../shared/database/gaze.ts';
import { insertImage } from '../../../../shared/database/images.ts';
import type { WriteDatabase } from '../../../../shared/database/open.ts';
import { endReading, insertReading } from '../../../../shared/database/readings.ts';
import { writeSetting } from '../../../../shared/database/settings.ts';
import { StationError, type StationErrorCode } from '../../../../shared/station-error.ts';
import {
  addConsent,
  addReader,
  addStudy,
  openIn,
  sampleAt,
  stateShowing,
  temporaryFolder,
} from '../../../fixtures/station-rows.ts';

const assetsFolder = path.resolve(import.meta.dirname, '../../../../assets');

function setUp(t: { after: (end: () => void) => void }) {
  const folder = temporaryFolder(t);
  const database = openIn(folder);
  const store = createFileStore(folder);
  const gone = { times: 0 };
  const demonstration = createDemonstration({
    database,
    store,
    host: { assetsFolder, version: '0' },
    nowMs: () => 1_800_000_000_000,
    changed: () => undefined,
    gazeGone: () => (gone.times += 1),
  });
  return { folder, database, store, gone, ...demonstration };
}

const count = (database: WriteDatabase, from: string): number =>
  Number(Object.values(database.prepare(`SELECT count(*) FROM ${from}`).get() as object)[0]);

const fails = (code: StationErrorCode) => (error: unknown) =>
  error instanceof StationError && error.code === code;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

test('a new station gets real photographs with credit, simulated mammograms and simulated readings', async (t) => {
  const { database, store, install } = setUp(t);
  await install();
  assert.equal(count(database, 'study WHERE demonstration = 1'), 45);
  assert.equal(count(database, "study WHERE modality = 'OP' AND simulated = 0"), 37);
  assert.equal(count(database, "study WHERE modality = 'MG' AND simulated = 1"), 8);
  assert.equal(count(database, "image WHERE format = 'jpeg' AND attribution = ''"), 0);
  assert.equal(count(database, "image WHERE format = 'dicom' AND simulated = 0"), 0);
  assert.equal(count(database, 'reading'), 90);
  assert.equal(count(database, "gaze_recording WHERE source <> 'simulated' OR simulated = 0"), 0);
  assert.equal(count(database, "gaze_recording WHERE device NOT LIKE 'Simulated reader%'"), 0);
  assert.equal(count(database, 'user WHERE simulated = 1'), 2);
  const images = database.prepare('SELECT sha256, file_bytes FROM image').all() as {
    readonly sha256: string;
    readonly file_bytes: number;
  }[];
  assert.equal(images.length, 69);
  for (const image of images)
    assert.equal(statSync(store.pathOf(image.sha256)).size, image.file_bytes);
  database.close();
});

test('the library is not installed over studies that are there', async (t) => {
  const { database, install } = setUp(t);
  addStudy(database, 'real');
  await install();
  assert.equal(count(database, 'study'), 1);
  database.close();
});

test('emptying removes all of the library and nothing else, and it does not come back', async (t) => {
  const { folder, database, store, gone, install, handlers } = setUp(t);
  await install();
  const userId = addReader(database);
  addConsent(database, userId, { record: true });
  const real = addStudy(database, 'real');
  const realFile = await store.put(new TextEncoder().encode('a real picture'));
  insertImage(database, real.studyId, {
    sha256: realFile,
    format: 'png',
    fileBytes: 14,
    originalName: 'real.png',
    rows: 1,
    columns: 1,
    frames: 1,
    laterality: null,
    viewPosition: null,
    sopInstanceUid: null,
    seriesUid: null,
    transferSyntax: null,
    photometric: null,
    simulated: false,
    attribution: '',
  });
  const [demoImage, otherImage] = database
    .prepare('SELECT id FROM image WHERE simulated = 1 ORDER BY id LIMIT 2')
    .all() as { readonly id: number }[];
  assert.ok(demoImage && otherImage);
  const read = (studyId: number, imageIds: readonly number[]): number => {
    const readingId = insertReading(database, {
      studyId,
      userId,
      state: 'open',
      startedAtMs: 1,
      endedAtMs: null,
      assessment: null,
      note: '',
    });
    const recordingId = insertRecording(database, {
      readingId,
      source: 'pointer',
      device: 'mouse',
      nominalHz: null,
      appVersion: '0',
      screenWidthMm: null,
      screenWidthDip: null,
      viewingDistanceMm: null,
      gazeErrorDip: null,
      consentId: 1,
      startedAtMs: 1,
    });
    prepareAppending(database)(recordingId, nextNumbers(database, recordingId), {
      samples: [sampleAt(1)],
      states: imageIds.map((id, i) => stateShowing(i, id)),
      events: [],
    });
    return readingId;
  };
  // A reading of the real study beside which a demonstration picture was shown, and one of a phantom.
  const kept = read(real.studyId, [real.imageIds[0] ?? 0, demoImage.id]);
  endReading(database, { id: kept, userId }, { state: 'left' }, 2);
  const phantom = read(1, [demoImage.id]);
  database
    .prepare(
      `INSERT INTO run (id, state, configuration, user_id, created_at_ms, app_version) VALUES (1, 'running', '{}', ?, 1, '0')`,
    )
    .run(userId);
  database
    .prepare(
      `INSERT INTO pair (run_id, measure, image_a, image_b, relation) VALUES (1, 'multimatch', ?, ?, 0.9)`,
    )
    .run(demoImage.id, otherImage.id);
  database.prepare('INSERT INTO run_reading (run_id, reading_id) VALUES (1, 1)').run();
  writeSetting(database, 'replayReadingId', '1');

  await assert.rejects(
    async () => handlers['demonstration.empty']({}),
    fails('reading-already-open'),
  );
  endReading(database, { id: phantom, userId }, { state: 'left' }, 2);
  await assert.rejects(
    async () => handlers['demonstration.empty']({}),
    fails('run-already-active'),
  );
  assert.equal(count(database, 'study'), 46);
  database.prepare("UPDATE run SET state = 'done'").run();

  assert.equal(gone.times, 0);
  assert.deepEqual(await handlers['demonstration.empty']({}), { studies: 45 });
  assert.equal(gone.times, 1, 'what was derived from the gaze goes too');
  assert.equal(count(database, 'study'), 1);
  assert.equal(count(database, 'image'), 2);
  assert.deepEqual(database.prepare('SELECT id, study_id FROM reading').all(), [
    { id: kept, study_id: real.studyId },
  ]);
  assert.equal(count(database, 'gaze_sample'), 1);
  assert.deepEqual(database.prepare('SELECT image_id FROM viewport_state ORDER BY seq').all(), [
    { image_id: real.imageIds[0] },
    { image_id: null },
  ]);
  assert.deepEqual(
    [
      'pair',
      'run_reading',
      'run',
      'user',
      'user WHERE simulated = 1',
      "setting WHERE name = 'replayReadingId'",
    ].map((from) => count(database, from)),
    [0, 0, 1, 1, 0, 0],
  );
  assert.deepEqual(filesBelow(store.folder), [realFile]);
  assert.ok(existsSync(path.join(folder, 'fovea.sqlite')));
  assert.deepEqual(database.pragma('foreign_key_check'), []);

  database.prepare('DELETE FROM reading').run();
  database.prepare('DELETE FROM study').run();
  await install();
  assert.equal(count(database, 'study'), 0);
  database.close();
});

test('two stations get the same library', async (t) => {
  const [one, two] = [setUp(t), setUp(t)];
  await one.install();
  await two.install();
  for (const sql of [
    'SELECT sha256 FROM image ORDER BY id',
    'SELECT t_us, x_dip, y_dip FROM gaze_sample ORDER BY recording_id, seq',
  ])
    assert.deepEqual(one.database.prepare(sql).all(), two.database.prepare(sql).all());
  one.database.close();
  two.database.close();
});
