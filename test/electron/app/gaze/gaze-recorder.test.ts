import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { GazeRecorder } from '../../../../electron/app/gaze/gaze-recorder.ts';
import { insertRecording, listSamples } from '../../../../shared/database/gaze.ts';
import {
  insertReading,
  interruptOpenReadings,
  listReadings,
} from '../../../../shared/database/readings.ts';
import {
  addReader,
  addStudy,
  openIn,
  sampleAt,
  temporaryFolder,
} from '../../../fixtures/station-rows.ts';

const samplesOfABatch = 15;

test('a station killed in the middle of a reading loses at most the batch under way', async (t) => {
  const folder = temporaryFolder(t);
  const script = path.join(import.meta.dirname, 'record-until-killed.ts');
  const child = spawn(process.execPath, [script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let [sent, stored] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, count] = line.split(' ');
    if (word === 'sent') sent = Number(count);
    else stored = Number(count);
    if (stored === 40 * samplesOfABatch && child.signalCode === null) child.kill('SIGKILL');
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  assert.equal(child.signalCode, 'SIGKILL');

  const database = openIn(folder);
  assert.equal(interruptOpenReadings(database), 1);
  const [reading] = listReadings(database, null, 10, Date.now());
  assert.equal(reading?.state, 'interrupted');
  const kept = listSamples(database, 1);
  assert.equal(kept.length, reading.samples);
  assert.ok(kept.length >= stored, `${kept.length} kept of ${stored} that were acknowledged`);
  assert.ok(
    sent - kept.length <= samplesOfABatch,
    `${sent - kept.length} of ${sent} sent were lost`,
  );
  assert.equal(kept.length % samplesOfABatch, 0, 'a batch is stored whole or not at all');
  assert.deepEqual(
    kept.map(({ tUs }) => tUs),
    kept.map((_, i) => i * 16_667),
  );
  assert.deepEqual(database.pragma('integrity_check'), [{ integrity_check: 'ok' }]);
  t.diagnostic(`${sent} samples sent, ${stored} acknowledged, ${kept.length} in the database`);
  database.close();
});

test('a recorder that opens a recording again continues its numbers', (t) => {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database);
  const { studyId } = addStudy(database, 'one');
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
    source: 'simulated',
    device: 'test',
    nominalHz: null,
    appVersion: '0',
    screenWidthMm: null,
    screenWidthDip: null,
    viewingDistanceMm: null,
    gazeErrorDip: null,
    consentId: null,
    startedAtMs: 1,
  });
  for (const tUs of [10, 20]) {
    const recorder = new GazeRecorder(database);
    recorder.open(readingId, recordingId);
    recorder.append(readingId, { samples: [sampleAt(tUs)], states: [], events: [] });
    recorder.close(readingId);
    assert.equal(recorder.isOpen(readingId), false);
  }
  assert.deepEqual(listSamples(database, recordingId), [sampleAt(10), sampleAt(20)]);
  database.close();
});
