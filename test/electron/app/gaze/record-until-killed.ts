/**
 * A station that records for ever: one batch of 15 samples after another, each told on standard output
 * before it is sent and after it is stored. Its data folder is the first argument.
 */
import { writeSync } from 'node:fs';
import { createReadings } from '../../../../electron/app/readings.ts';
import {
  addConsent,
  addReader,
  addStudy,
  openIn,
  sampleAt,
} from '../../../fixtures/station-rows.ts';

const database = openIn(process.argv[2] ?? '');
const userId = addReader(database);
addConsent(database, userId, { record: true });
const { studyId } = addStudy(database, 'killed');
const { handlers } = createReadings({
  database,
  userId: () => userId,
  appVersion: '0',
  nowMs: Date.now,
  hooks: { opened: () => undefined, closed: () => undefined },
  changed: () => undefined,
});
const { readingId } = await handlers['reading.start']({
  studyId,
  gazeSource: 'pointer',
  device: 'test',
  nominalHz: 60,
  screenWidthDip: null,
  gazeErrorDip: null,
});
for (let batch = 0; ; batch += 1) {
  const samples = Array.from({ length: 15 }, (_, i) =>
    sampleAt((batch * 15 + i) * 16_667, i, batch),
  );
  writeSync(1, `sent ${(batch + 1) * 15}\n`);
  await handlers['reading.gaze']({ readingId, samples, states: [], events: [] });
  writeSync(1, `stored ${(batch + 1) * 15}\n`);
}
