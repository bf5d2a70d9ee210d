import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  insertRecording,
  iterateSamples,
  listEvents,
  listSamples,
  listStates,
  nextNumbers,
  prepareAppending,
} from '../../../shared/database/gaze.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { insertReading } from '../../../shared/database/readings.ts';
import {
  addReader,
  addStudy,
  openIn,
  sampleAt,
  stateShowing,
  temporaryFolder,
} from '../../fixtures/station-rows.ts';

function addRecording(database: WriteDatabase): { recordingId: number; imageId: number } {
  const userId = addReader(database);
  const { studyId, imageIds } = addStudy(database, 'one');
  const readingId = insertReading(database, {
    studyId,
    userId,
    state: 'open',
    startedAtMs: 5000,
    endedAtMs: null,
    assessment: null,
    note: '',
  });
  const recordingId = insertRecording(database, {
    readingId,
    source: 'simulated',
    device: 'test',
    nominalHz: 60,
    appVersion: '0',
    screenWidthMm: null,
    screenWidthDip: null,
    viewingDistanceMm: null,
    gazeErrorDip: null,
    consentId: null,
    startedAtMs: 5000,
  });
  return { recordingId, imageId: imageIds[0] ?? 0 };
}

test('samples, states and events come back as they were given, in their order', (t) => {
  const database = openIn(temporaryFolder(t));
  const { recordingId, imageId } = addRecording(database);
  const samples = [
    sampleAt(30, 1.5, -2.25),
    sampleAt(20),
    { tUs: 40, xDip: null, yDip: null, valid: false, confidence: null },
  ];
  const states = [
    { ...stateShowing(0, imageId), windowCenter: 40, windowWidth: 400, invert: true },
    { ...stateShowing(1, null, 3), visible: false, m01: 1e-9 },
  ];
  const events = [{ tUs: 5, kind: 'started', reason: 'key' } as const];
  prepareAppending(database)(recordingId, nextNumbers(database, recordingId), {
    samples,
    states,
    events,
  });
  assert.deepEqual(listSamples(database, recordingId), samples);
  assert.deepEqual(listStates(database, recordingId), states);
  assert.deepEqual(listEvents(database, recordingId), events);
  assert.deepEqual(nextNumbers(database, recordingId), { sample: 3, state: 2, event: 1 });
  database.close();
});

test('samples read in parts are the samples read at once', (t) => {
  const database = openIn(temporaryFolder(t));
  const { recordingId } = addRecording(database);
  const samples = Array.from({ length: 25 }, (_, i) => sampleAt(i * 16_667, i));
  prepareAppending(database)(recordingId, nextNumbers(database, recordingId), {
    samples,
    states: [],
    events: [],
  });
  const parts = [...iterateSamples(database, recordingId, 10)];
  assert.deepEqual(
    parts.map((part) => part.length),
    [10, 10, 5],
  );
  assert.deepEqual(parts.flat(), samples);
  database.close();
});

test('a batch that cannot be stored whole leaves nothing behind', (t) => {
  const database = openIn(temporaryFolder(t));
  const { recordingId } = addRecording(database);
  assert.throws(() =>
    prepareAppending(database)(recordingId, nextNumbers(database, recordingId), {
      samples: [sampleAt(1)],
      states: [stateShowing(0, 999)],
      events: [],
    }),
  );
  assert.deepEqual(nextNumbers(database, recordingId), { sample: 0, state: 0, event: 0 });
  database.close();
});
