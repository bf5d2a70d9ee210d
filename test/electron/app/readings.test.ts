import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadings } from '../../../electron/app/readings.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { StationError, type StationErrorCode } from '../../../shared/station-error.ts';
import {
  addConsent,
  addReader,
  addStudy,
  openIn,
  sampleAt,
  stateShowing,
  temporaryFolder,
} from '../../fixtures/station-rows.ts';

function setUp(t: { after: (end: () => void) => void }, { agrees = true } = {}) {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database);
  if (agrees) addConsent(database, userId, { record: true });
  const calls: string[] = [];
  let now = 10_000;
  const readings = createReadings({
    database,
    userId: () => userId,
    appVersion: '0.1.0',
    nowMs: () => (now += 1000),
    hooks: { opened: () => calls.push('opened'), closed: () => calls.push('closed') },
    changed: () => calls.push('changed'),
  });
  return { database, userId, calls, readings, handlers: readings.handlers };
}

const pointer = {
  gazeSource: 'pointer',
  device: 'mouse',
  nominalHz: 60,
  screenWidthDip: 1920,
  gazeErrorDip: 70,
} as const;
const fails = (code: StationErrorCode) => (error: unknown) =>
  error instanceof StationError && error.code === code;

function rows(database: WriteDatabase, sql: string): unknown[] {
  return database.prepare(sql).all();
}

test('without consent no recording begins, but a reading without gaze does', async (t) => {
  const { database, handlers } = setUp(t, { agrees: false });
  const { studyId } = addStudy(database, 'one');
  assert.throws(() => handlers['reading.start']({ studyId, ...pointer }), fails('no-consent'));
  assert.deepEqual(rows(database, 'SELECT id FROM reading'), []);
  const started = await handlers['reading.start']({ studyId, ...pointer, gazeSource: 'off' });
  assert.equal(started.recordingId, null);
  database.close();
});

test('the newest decision counts: consent withdrawn in the middle stops the storing', async (t) => {
  const { database, userId, handlers } = setUp(t);
  const { studyId } = addStudy(database, 'one');
  const { readingId } = await handlers['reading.start']({ studyId, ...pointer });
  const batch = { readingId, samples: [sampleAt(1)], states: [], events: [] };
  await handlers['reading.gaze'](batch);
  addConsent(database, userId, { record: false });
  assert.throws(() => handlers['reading.gaze'](batch), fails('no-consent'));
  assert.equal(rows(database, 'SELECT seq FROM gaze_sample').length, 1);
  database.close();
});

test('a recording names its consent and source, and the pointer is marked simulated', async (t) => {
  const { database, handlers } = setUp(t);
  const { studyId } = addStudy(database, 'one');
  await handlers['reading.start']({ studyId, ...pointer });
  assert.deepEqual(
    rows(database, 'SELECT source, simulated, consent_id, device, app_version FROM gaze_recording'),
    [{ source: 'pointer', simulated: 1, consent_id: 1, device: 'mouse', app_version: '0.1.0' }],
  );
  database.close();
});

test('gaze of a camera is not marked simulated', async (t) => {
  const { database, handlers } = setUp(t);
  const { studyId } = addStudy(database, 'one');
  await handlers['reading.start']({ studyId, ...pointer, gazeSource: 'webgazer' });
  assert.deepEqual(rows(database, 'SELECT simulated FROM gaze_recording'), [{ simulated: 0 }]);
  database.close();
});

test('a recording keeps the screen’s width, and the gaze error of a webcam alone', async (t) => {
  const { database, handlers } = setUp(t);
  const { studyId } = addStudy(database, 'one');
  for (const gazeSource of ['webgazer', 'pointer', 'replay'] as const)
    await handlers['reading.start']({ studyId, ...pointer, gazeSource });
  const unknown = { screenWidthDip: null, gazeErrorDip: null };
  await handlers['reading.start']({ studyId, ...pointer, ...unknown, gazeSource: 'webgazer' });
  assert.deepEqual(
    rows(database, 'SELECT screen_width_dip, gaze_error_dip FROM gaze_recording ORDER BY id'),
    [
      { screen_width_dip: 1920, gaze_error_dip: 70 },
      { screen_width_dip: 1920, gaze_error_dip: null },
      { screen_width_dip: 1920, gaze_error_dip: null },
      { screen_width_dip: null, gaze_error_dip: null },
    ],
  );
  database.close();
});

test('batches continue the numbers, and time that goes backwards is kept as it came', async (t) => {
  const { database, handlers } = setUp(t);
  const { studyId, imageIds } = addStudy(database, 'one');
  const { readingId } = await handlers['reading.start']({ studyId, ...pointer });
  await handlers['reading.gaze']({
    readingId,
    samples: [sampleAt(10), sampleAt(30)],
    states: [stateShowing(0, imageIds[0] ?? null)],
    events: [{ tUs: 0, kind: 'started', reason: 'pointer' }],
  });
  const answer = await handlers['reading.gaze']({
    readingId,
    samples: [sampleAt(20)],
    states: [stateShowing(15, null)],
    events: [],
  });
  assert.deepEqual(answer, { samples: 1, states: 1 });
  assert.deepEqual(rows(database, 'SELECT seq, t_us FROM gaze_sample ORDER BY seq'), [
    { seq: 0, t_us: 10 },
    { seq: 1, t_us: 30 },
    { seq: 2, t_us: 20 },
  ]);
  const replay = await handlers['reading.replay']({ readingId });
  assert.deepEqual(
    replay.sampleList.map(({ tUs }) => tUs),
    [10, 30, 20],
  );
  assert.equal(replay.study.imageList[0]?.imageId, imageIds[0]);
  assert.deepEqual([replay.stateList.length, replay.eventList.length], [2, 1]);
  database.close();
});

test('gaze for a reading that is over, never began or is not recorded is refused', async (t) => {
  const { database, handlers } = setUp(t);
  const { studyId } = addStudy(database, 'one');
  const { readingId } = await handlers['reading.start']({ studyId, ...pointer });
  const batch = { readingId, samples: [sampleAt(1)], states: [], events: [] };
  await handlers['reading.leave']({ readingId });
  assert.throws(() => handlers['reading.gaze'](batch), fails('reading-not-open'));
  assert.throws(
    () => handlers['reading.gaze']({ ...batch, readingId: 99 }),
    fails('reading-not-open'),
  );
  const silent = await handlers['reading.start']({ studyId, ...pointer, gazeSource: 'off' });
  assert.throws(
    () => handlers['reading.gaze']({ ...batch, readingId: silent.readingId }),
    fails('reading-not-open'),
  );
  database.close();
});

test('a batch with an unknown image or a valid sample without a place is refused whole', async (t) => {
  const { database, handlers } = setUp(t);
  const { studyId } = addStudy(database, 'one');
  const { readingId } = await handlers['reading.start']({ studyId, ...pointer });
  const batch = { readingId, samples: [sampleAt(1)], states: [], events: [] };
  assert.throws(
    () => handlers['reading.gaze']({ ...batch, states: [stateShowing(0, 12_345)] }),
    fails('not-found'),
  );
  assert.throws(
    () =>
      handlers['reading.gaze']({
        ...batch,
        samples: [sampleAt(1), { ...sampleAt(2), xDip: null }],
      }),
    fails('invalid-input'),
  );
  assert.deepEqual(rows(database, 'SELECT seq FROM gaze_sample'), []);
  database.close();
});

test('a second reading is refused while one is open; the same study begins anew', async (t) => {
  const { database, handlers, calls } = setUp(t);
  const one = addStudy(database, 'one');
  const two = addStudy(database, 'two');
  const first = await handlers['reading.start']({ studyId: one.studyId, ...pointer });
  assert.throws(
    () => handlers['reading.start']({ studyId: two.studyId, ...pointer }),
    fails('reading-already-open'),
  );
  const again = await handlers['reading.start']({ studyId: one.studyId, ...pointer });
  assert.notEqual(again.readingId, first.readingId);
  assert.deepEqual(rows(database, 'SELECT state FROM reading ORDER BY id'), [
    { state: 'left' },
    { state: 'open' },
  ]);
  assert.deepEqual(
    calls.filter((call) => call !== 'changed'),
    ['opened', 'closed', 'opened'],
  );
  database.close();
});

test('finishing stores the assessment and names the next unread study', async (t) => {
  const { database, handlers } = setUp(t);
  const one = addStudy(database, 'one');
  const two = addStudy(database, 'two');
  const { readingId } = await handlers['reading.start']({ studyId: one.studyId, ...pointer });
  const finish = { readingId, assessment: 'suspicious', note: 'upper outer' } as const;
  assert.deepEqual(await handlers['reading.finish'](finish), { nextStudyId: two.studyId });
  assert.throws(() => handlers['reading.finish'](finish), fails('reading-not-open'));
  const [row] = await handlers['reading.list']({ studyId: one.studyId, limit: 5 });
  assert.deepEqual(
    [row?.state, row?.assessment, row?.note],
    ['finished', 'suspicious', 'upper outer'],
  );
  const next = await handlers['reading.start']({ studyId: two.studyId, ...pointer });
  assert.deepEqual(await handlers['reading.finish']({ ...finish, readingId: next.readingId }), {
    nextStudyId: null,
  });
  database.close();
});

test('a study or reading that is not there is not found', (t) => {
  const { database, handlers } = setUp(t);
  assert.throws(() => handlers['reading.start']({ studyId: 7, ...pointer }), fails('not-found'));
  assert.throws(() => handlers['reading.replay']({ readingId: 7 }), fails('not-found'));
  database.close();
});
