import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertRecording, nextNumbers, prepareAppending } from '../../../shared/database/gaze.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import {
  endReading,
  findOpenReading,
  findReading,
  insertReading,
  interruptOpenReadings,
  listReadings,
} from '../../../shared/database/readings.ts';
import {
  addReader,
  addStudy,
  openIn,
  sampleAt,
  temporaryFolder,
} from '../../fixtures/station-rows.ts';

function addOpen(database: WriteDatabase, studyId: number, userId: number): number {
  return insertReading(database, {
    studyId,
    userId,
    state: 'open',
    startedAtMs: 5000,
    endedAtMs: null,
    assessment: null,
    note: '',
  });
}

test('an open reading ends once, with what was said of the study', (t) => {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database);
  const { studyId } = addStudy(database, 'one');
  const id = addOpen(database, studyId, userId);
  assert.deepEqual(findOpenReading(database, userId), { id, studyId });
  const finish = { state: 'finished', assessment: 'benign', note: 'cyst' } as const;
  assert.equal(endReading(database, { id, userId: userId + 1 }, finish, 9000), false);
  assert.equal(endReading(database, { id, userId }, finish, 9000), true);
  assert.equal(endReading(database, { id, userId }, { state: 'left' }, 9500), false);
  assert.equal(findOpenReading(database, userId), undefined);
  assert.deepEqual(findReading(database, id, 10_000), {
    readingId: id,
    studyId,
    patient: 'Doe one',
    modality: 'OP',
    reader: 'pseudonym of Reader 1',
    state: 'finished',
    startedAtMs: 5000,
    durationMs: 4000,
    assessment: 'benign',
    note: 'cyst',
    gazeSource: null,
    samples: 0,
    simulated: false,
  });
  database.close();
});

test('an interrupted reading keeps its gaze and ends with it', (t) => {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database, 'Simulated reader A', 1);
  const { studyId } = addStudy(database, 'one');
  const id = addOpen(database, studyId, userId);
  const recordingId = insertRecording(database, {
    readingId: id,
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
  prepareAppending(database)(recordingId, nextNumbers(database, recordingId), {
    samples: [sampleAt(1_000_000), sampleAt(2_500_000)],
    states: [],
    events: [],
  });
  const silent = addOpen(database, studyId, userId);
  assert.equal(interruptOpenReadings(database), 2);
  assert.equal(interruptOpenReadings(database), 0);
  const rows = listReadings(database, studyId, 10, 99_000);
  assert.deepEqual(
    rows.map(({ readingId, state, durationMs, samples, simulated, gazeSource }) => ({
      readingId,
      state,
      durationMs,
      samples,
      simulated,
      gazeSource,
    })),
    [
      {
        readingId: silent,
        state: 'interrupted',
        durationMs: 0,
        samples: 0,
        simulated: true,
        gazeSource: null,
      },
      {
        readingId: id,
        state: 'interrupted',
        durationMs: 2500,
        samples: 2,
        simulated: true,
        gazeSource: 'simulated',
      },
    ],
  );
  database.close();
});

test('readings are listed newest first, of one study or of all', (t) => {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database);
  const one = addStudy(database, 'one');
  const two = addStudy(database, 'two');
  const ids = [one, two, one].map(({ studyId }) => addOpen(database, studyId, userId));
  const listed = (studyId: number | null, limit: number): number[] =>
    listReadings(database, studyId, limit, 6000).map(({ readingId }) => readingId);
  assert.deepEqual(listed(null, 10), ids.toReversed());
  assert.deepEqual(listed(null, 1), [ids[2]]);
  assert.deepEqual(listed(one.studyId, 10), [ids[2], ids[0]]);
  database.close();
});
