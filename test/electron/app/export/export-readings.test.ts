import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createExports } from '../../../../electron/app/export/export-readings.ts';
import {
  insertRecording,
  listSamples,
  nextNumbers,
  prepareAppending,
} from '../../../../shared/database/gaze.ts';
import type { WriteDatabase } from '../../../../shared/database/open.ts';
import { endReading, insertReading } from '../../../../shared/database/readings.ts';
import type { GazeSample, GazeSourceId } from '../../../../shared/gaze/samples.ts';
import { createRandom } from '../../../../shared/random.ts';
import { readCsv } from '../../../fixtures/read-csv.ts';
import {
  addConsent,
  addReader,
  addStudy,
  openIn,
  sampleAt,
  stateShowing,
  temporaryFolder,
} from '../../../fixtures/station-rows.ts';

type Rows = Record<string, string>[];

function setUp(t: { after: (end: () => void) => void }) {
  const folder = temporaryFolder(t);
  const database = openIn(folder);
  const handlers = createExports({
    database,
    host: { dataFolder: folder, version: '9.8.7' },
    nowMs: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  });
  const everything = { modality: null, readingIds: null, includeSimulated: true };
  return { folder, database, everything, export: handlers['export.readings'] };
}

function addReading(
  database: WriteDatabase,
  userId: number,
  study: { readonly studyId: number; readonly imageIds: readonly number[] },
  samples: readonly GazeSample[],
  source: GazeSourceId = 'webgazer',
): number {
  const readingId = insertReading(database, {
    studyId: study.studyId,
    userId,
    state: 'open',
    startedAtMs: 5000,
    endedAtMs: null,
    assessment: null,
    note: '',
  });
  const recordingId = insertRecording(database, {
    readingId,
    source,
    device: '=HYPERLINK("x"), camera "1"',
    nominalHz: 30,
    appVersion: '0',
    screenWidthMm: 520.5,
    screenWidthDip: 1920,
    viewingDistanceMm: null,
    gazeErrorDip: source === 'webgazer' ? 72.25 : null,
    consentId: source === 'simulated' ? null : 1,
    startedAtMs: 5000,
  });
  prepareAppending(database)(recordingId, nextNumbers(database, recordingId), {
    samples,
    states: [stateShowing(0, study.imageIds[0] ?? null), stateShowing(500_000, null)],
    events: [{ tUs: 0, kind: 'started', reason: 'webgazer' }],
  });
  const finish = { state: 'finished', assessment: 'benign', note: 'Mrs Doe, 1950' } as const;
  endReading(database, { id: readingId, userId }, finish, 9000);
  return readingId;
}

const readTable = (folder: string, name: string): Rows =>
  readCsv(readFileSync(path.join(folder, `${name}.csv`), 'utf8'));

const numberOrNull = (text: string | undefined): number | null =>
  text === undefined || text === '' ? null : Number(text);

/** Two seconds at 30 Hz resting at one place of the picture, with two lost samples and one step backwards. */
function someSamples(): GazeSample[] {
  const random = createRandom(4);
  const samples = Array.from({ length: 60 }, (_, i) =>
    sampleAt(i * 33_333, 200 + random.normal(), 150 + random.normal() / 3),
  );
  samples[7] = { tUs: 7 * 33_333, xDip: null, yDip: null, valid: false, confidence: null };
  samples[9] = { tUs: 9 * 33_333, xDip: 5000.125, yDip: -3, valid: false, confidence: 0 };
  samples[11] = sampleAt(10 * 33_333 - 5, 200, 150);
  return samples;
}

test('every sample of the database is in the file, to the last digit, with its image point', async (t) => {
  const { database, everything, export: run } = setUp(t);
  const userId = addReader(database);
  addConsent(database, userId, { record: true, export: true });
  const study = addStudy(database, 'one');
  const readingId = addReading(database, userId, study, someSamples());
  const result = await run(everything);
  const rows = readTable(result.folder, 'gaze_samples');
  const back = rows.map((row) => ({
    tUs: Number(row['t_us']),
    xDip: numberOrNull(row['x_dip']),
    yDip: numberOrNull(row['y_dip']),
    valid: row['valid'] === '1',
    confidence: numberOrNull(row['confidence']),
  }));
  assert.deepEqual(back, listSamples(database, 1));
  assert.deepEqual(
    rows.map((row) => [Number(row['reading_id']), Number(row['seq'])]),
    rows.map((_, i) => [readingId, i]),
  );
  // The pane lies at (100, 50), a quarter of an image pixel for each CSS pixel, half a pixel off.
  for (const [i, row] of rows.entries()) {
    const { tUs, xDip, yDip, valid } = back[i] ?? sampleAt(0);
    if (!valid || xDip === null || yDip === null || tUs >= 500_000) {
      assert.deepEqual(
        [row['image_id'], row['image_x_px'], row['off_image']],
        ['', '', valid ? 'off-panes' : 'lost'],
      );
      continue;
    }
    assert.equal(Number(row['image_id']), study.imageIds[0]);
    assert.ok(Math.abs(Number(row['image_x_px']) - ((xDip - 100) / 4 - 0.5)) < 1e-9);
    assert.ok(Math.abs(Number(row['image_y_px']) - ((yDip - 50) / 4 - 0.5)) < 1e-9);
  }
  database.close();
});

test('states, events, images and readings come back; fixations are where the gaze rested', async (t) => {
  const { database, everything, export: run } = setUp(t);
  const userId = addReader(database);
  addConsent(database, userId, { record: true, export: true });
  const study = addStudy(database, 'one', { images: 2 });
  addReading(database, userId, study, someSamples());
  const { folder } = await run(everything);
  const states = readTable(folder, 'viewport_states');
  const columns = Object.keys(states[0] ?? {}).filter((name) => name !== 'reading_id');
  const stored = database
    .prepare(`SELECT ${columns.join(', ')} FROM viewport_state ORDER BY seq`)
    .all() as Record<string, number | null>[];
  assert.equal(stored.length, 2);
  assert.deepEqual(
    states.map((row) => columns.map((name) => numberOrNull(row[name]))),
    stored.map((row) => columns.map((name) => row[name] ?? null)),
  );
  assert.deepEqual(readTable(folder, 'recording_events'), [
    { reading_id: '1', seq: '0', t_us: '0', kind: 'started', reason: 'webgazer' },
  ]);
  assert.deepEqual(
    readTable(folder, 'images').map((row) => [row['image_id'], row['columns'], row['rows']]),
    [
      ['1', '100', '80'],
      ['2', '100', '80'],
    ],
  );
  const [reading] = readTable(folder, 'readings');
  assert.equal(reading?.['device'], `'=HYPERLINK("x"), camera "1"`);
  const names =
    'assessment duration_ms samples states consent_id screen_width_mm screen_width_dip gaze_error_dip';
  assert.deepEqual(
    names.split(' ').map((name) => reading?.[name]),
    ['benign', '4000', '60', '2', '1', '520.5', '1920', '72.25'],
  );
  const fixations = readTable(folder, 'fixations');
  assert.ok(fixations.length > 0);
  for (const row of fixations) {
    assert.ok(Math.abs(Number(row['image_x_px']) - 24.5) < 0.5);
    assert.ok(Math.abs(Number(row['image_y_px']) - 24.5) < 0.5);
  }
  database.close();
});

test('nothing that names a patient leaves, nor notes, dates and UIDs', async (t) => {
  const { database, everything, export: run } = setUp(t);
  const userId = addReader(database, 'Dr Alice Real');
  addConsent(database, userId, { record: true, export: true });
  addReading(
    database,
    userId,
    addStudy(database, '1.2.3.4567', { studyDate: '1999-12-31' }),
    someSamples(),
  );
  const { folder, files } = await run(everything);
  const all = files.map(({ name }) => readFileSync(path.join(folder, name), 'utf8')).join('\n');
  for (const word of ['Doe', '1.2.3.4567', '1999-12-31', 'Mrs', 'a.jpg'])
    assert.equal(all.includes(word), false, word);
  database.close();
});

test('each reading left out has its reason, and the newest decision of its reader counts', async (t) => {
  const { database, everything, export: run } = setUp(t);
  const [agrees, withdrew] = [addReader(database, 'A'), addReader(database, 'B')];
  const program = addReader(database, 'Simulated reader A', 1);
  addConsent(database, agrees, { record: true, export: true });
  addConsent(database, withdrew, { record: true, export: true });
  addConsent(database, withdrew, { record: true, export: false });
  const study = addStudy(database, 'one');
  const [real, refused, pointer, simulated, empty] = [
    addReading(database, agrees, study, someSamples()),
    addReading(database, withdrew, study, someSamples()),
    addReading(database, agrees, study, someSamples(), 'pointer'),
    addReading(database, program, study, someSamples(), 'simulated'),
    addReading(database, agrees, study, []),
  ];
  const strict = await run({ ...everything, includeSimulated: false });
  assert.deepEqual(strict.leftOut, [
    { readingId: refused, reason: 'no-consent' },
    { readingId: pointer, reason: 'simulated' },
    { readingId: simulated, reason: 'simulated' },
    { readingId: empty, reason: 'no-gaze' },
  ]);
  assert.deepEqual([strict.readings, strict.samples], [1, 60]);
  const listed = (folder: string): unknown[] =>
    readTable(folder, 'readings').map((row) => [
      Number(row['reading_id']),
      row['gaze_source'],
      row['simulated'],
    ]);
  assert.deepEqual(listed(strict.folder), [[real, 'webgazer', '0']]);
  const wide = await run(everything);
  assert.notEqual(wide.folder, strict.folder);
  assert.deepEqual(listed(wide.folder), [
    [real, 'webgazer', '0'],
    [pointer, 'pointer', '1'],
    [simulated, 'simulated', '1'],
  ]);
  const chosen = await run({ ...everything, readingIds: [pointer ?? 0, 999] });
  assert.deepEqual(listed(chosen.folder), [[pointer, 'pointer', '1']]);
  const mammograms = await run({ ...everything, modality: 'MG' });
  assert.equal(mammograms.readings, 0);
  database.close();
});

test('the manifest’s hashes are those of the files and the description names every column', async (t) => {
  const { database, everything, export: run } = setUp(t);
  const userId = addReader(database);
  addConsent(database, userId, { record: true, export: true });
  addReading(database, userId, addStudy(database, 'one'), someSamples());
  const { folder, files } = await run(everything);
  const json = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(readdirSync(folder).toSorted(), files.map(({ name }) => name).toSorted());
  for (const { name, bytes, sha256 } of files) {
    const content = readFileSync(path.join(folder, name));
    assert.equal(content.length, bytes);
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256, name);
  }
  const manifest = json('manifest.json');
  assert.deepEqual(
    manifest['files'],
    files.filter(({ name }) => name !== 'manifest.json'),
  );
  assert.deepEqual(manifest['consentIds'], [1]);
  const dataset = json('dataset.json');
  assert.deepEqual(dataset['generator'], { name: 'Fovea', version: '9.8.7' });
  assert.deepEqual(dataset['containsSimulated'], false);
  assert.deepEqual(dataset['gazeSources'], { webgazer: 1 });
  assert.match(String(dataset['use']), /Research use only/u);
  assert.deepEqual(dataset['counts'], { readings: 1, samplesOutOfOrder: 1, leftOut: {} });
  const described = dataset['files'] as {
    name: string;
    rows: number;
    columns: { name: string; description: string }[];
  }[];
  assert.equal(described.length, 6);
  for (const { name, rows, columns } of described) {
    const text = readFileSync(path.join(folder, name), 'utf8');
    assert.equal(
      text.slice(0, text.indexOf('\r\n')),
      columns.map((column) => column.name).join(','),
    );
    assert.equal(readCsv(text).length, rows);
    assert.ok(columns.every(({ description }) => description.length > 3));
  }
  database.close();
});

test('an export that fails leaves no folder that looks whole', async (t) => {
  const { folder, database, everything, export: run } = setUp(t);
  const userId = addReader(database);
  addConsent(database, userId, { record: true, export: true });
  addReading(database, userId, addStudy(database, 'one'), someSamples());
  writeFileSync(path.join(folder, 'exports'), 'a file where the folder should be');
  await assert.rejects(async () => run(everything));
  assert.equal(readFileSync(path.join(folder, 'exports'), 'utf8').length, 33);
  database.close();
});
