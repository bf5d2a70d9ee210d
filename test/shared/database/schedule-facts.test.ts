import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { insertPairs } from '../../../shared/database/pairs.ts';
import { hashPatient, readSplitRule } from '../../../shared/database/patient-parts.ts';
import { insertMined, insertRun, insertRunReadings } from '../../../shared/database/runs.ts';
import {
  createKnownFacts,
  forgetMinings,
  gatherScheduleFacts,
  toMining,
} from '../../../shared/database/schedule-facts.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import type { RunStart, RunState } from '../../../shared/training/run-states.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../../shared/training/run-configuration.ts';
import type { ScheduleFacts } from '../../../shared/training/schedule.ts';
import { addReader, addStudy, openIn, temporaryFolder } from '../../fixtures/station-rows.ts';

const asked = demonstrationConfiguration;

type Rows = {
  readonly database: WriteDatabase;
  readonly facts: () => Omit<ScheduleFacts, 'underWay'>;
  /** A finished reading of an image of its own; answers both ids. */
  readonly read: (
    endedAtMs: number,
    change?: { readonly part?: 'train' | 'test'; readonly lost?: boolean },
  ) => { readonly readingId: number; readonly imageId: number };
  readonly run: (
    createdAtMs: number,
    change?: {
      readonly configuration?: Partial<RunConfiguration>;
      readonly state?: RunState;
      readonly startedFor?: RunStart;
      readonly pairs?: readonly (readonly [number, number])[];
      readonly readingIds?: readonly number[];
    },
  ) => number;
};

function openRows(t: TestContext): Rows {
  const database = openIn(temporaryFolder(t));
  t.after(() => database.close());
  const userId = addReader(database, 'Reader 1', 1);
  const rule = readSplitRule(database);
  const known = createKnownFacts();
  let studies = 0;
  return {
    database,
    facts: () => gatherScheduleFacts(database, asked, known),
    read: (endedAtMs, { part = 'train', lost = false } = {}) => {
      studies += 1;
      const patientKey = `patient ${studies}`;
      database
        .prepare('INSERT INTO patient_part VALUES (?, ?, 0)')
        .run(hashPatient(rule, patientKey), part);
      const { studyId, imageIds } = addStudy(database, `study ${studies}`, { patientKey });
      const readingId = database
        .prepare(
          `INSERT INTO reading (study_id, user_id, state, started_at_ms, ended_at_ms, assessment)
           VALUES (?, ?, 'finished', 0, ?, 'normal') RETURNING id`,
        )
        .pluck()
        .get(studyId, userId, endedAtMs) as number;
      const recordingId = database
        .prepare(
          `INSERT INTO gaze_recording (reading_id, source, simulated, device, app_version, started_at_ms)
           VALUES (?, 'simulated', 1, 'test', 'test', 0) RETURNING id`,
        )
        .pluck()
        .get(readingId) as number;
      database
        .prepare('INSERT INTO gaze_sample VALUES (?, 0, 0, 1, 1, ?, NULL)')
        .run(recordingId, Number(!lost));
      return { readingId, imageId: imageIds[0] ?? 0 };
    },
    run: (createdAtMs, change = {}) => {
      const { state = 'done', startedFor = 'hand', pairs = [], readingIds = [] } = change;
      const runId = insertRun(database, {
        configuration: JSON.stringify({ ...asked, ...change.configuration }),
        userId,
        createdAtMs,
        appVersion: 'test',
        startedFor,
      });
      database.prepare('UPDATE run SET state = ? WHERE id = ?').run(state, runId);
      insertRunReadings(database, runId, readingIds);
      insertMined(database, runId, 0.5, {
        measure: 'multimatch',
        images: 2,
        compared: 1,
        found: pairs.length,
        undefinedPairs: 0,
        groups: [],
        agreement: null,
      });
      insertPairs(
        database,
        runId,
        'multimatch',
        pairs.map(([imageA, imageB]) => ({
          imageA,
          imageB,
          similarity: [],
          relation: 0.9,
          pValue: 0.01,
          qValue: 0.01,
          readingA: imageA,
          readingB: imageB,
          readingPairs: 1,
        })),
      );
      return runId;
    },
  };
}

const mining = { configuration: toMining(asked), startedFor: 'pairs' } as const;

test('a reading stays new until a run with gaze has trained to its end', (t) => {
  const { facts, read, run } = openRows(t);
  const { readingId } = read(100);
  run(200, { configuration: { mineOnly: true } });
  run(200, { configuration: { useGaze: false } });
  for (const state of ['failed', 'cancelled', 'interrupted', 'running'] as const)
    run(200, { state });
  assert.equal(facts().newReadings, 1);
  run(200);
  assert.equal(facts().newReadings, 0);
  // One that came while a run waited, but before it began, is one that it learnt from.
  const between = read(350).readingId;
  run(300, { readingIds: [readingId, between] });
  assert.equal(facts().newReadings, 0);
  read(400);
  assert.equal(facts().newReadings, 1);
});

test('readings of test patients and readings that fail the gate are not new', (t) => {
  const { facts, read } = openRows(t);
  read(100, { part: 'test' });
  read(100, { lost: true });
  assert.deepEqual([facts().newReadings, facts().unminedReadings], [0, 0]);
  read(100);
  assert.deepEqual([facts().newReadings, facts().unminedReadings], [1, 1]);
});

test('the schedule tries again only for readings that came after its last try', (t) => {
  const { facts, read, run } = openRows(t);
  read(100);
  run(200, { state: 'failed' });
  assert.equal(facts().readingsSinceTry, 1);
  run(300, { state: 'failed', startedFor: 'readings' });
  read(400);
  assert.deepEqual([facts().newReadings, facts().readingsSinceTry], [2, 1]);
  run(500, mining);
  assert.equal(facts().readingsSinceTry, 1);
});

test('pairs are counted in the newest mining by the same options', (t) => {
  const { facts, read, run } = openRows(t);
  const [a, b, c] = [read(1), read(1), read(1)].map(({ imageId }) => imageId) as [
    number,
    number,
    number,
  ];
  run(100, { pairs: [[a, b]] });
  const trainedWith = facts();
  assert.deepEqual([trainedWith.newPairs, trainedWith.minedAtMs], [0, null]);
  // By other options more pairs are found: they say nothing about this schedule.
  for (const change of [{ maxLostShare: 0.9 }, { holdOutTest: false }])
    run(200, { configuration: { ...toMining(asked), ...change }, pairs: [[a, c]] });
  assert.equal(facts().newPairs, 0);
  run(300, {
    ...mining,
    pairs: [
      [a, b],
      [a, c],
      [b, c],
    ],
  });
  assert.deepEqual([facts().newPairs, facts().minedAtMs], [2, 300]);
  // A run for them that failed is not begun again for the same pairs.
  run(400, { startedFor: 'pairs', state: 'failed' });
  assert.equal(facts().newPairs, 0);
  run(500, { ...mining, pairs: [[a, c]] });
  assert.equal(facts().newPairs, 1);
});

test('a reading waits for mining until one was tried; one that was interrupted does not count', (t) => {
  const { facts, read, run } = openRows(t);
  read(100);
  run(200, { ...mining, state: 'interrupted' });
  assert.deepEqual([facts().unminedReadings, facts().minedAtMs], [1, null]);
  run(300, { ...mining, state: 'failed' });
  assert.deepEqual([facts().unminedReadings, facts().minedAtMs], [0, 300]);
  read(400);
  assert.equal(facts().unminedReadings, 1);
});

test('of what the schedule mined the newest is kept, and what others mined', (t) => {
  const { database, read, run } = openRows(t);
  const [a, b] = [read(1).imageId, read(1).imageId];
  const pairs = [[a, b]] as const;
  const byHand = run(10, { configuration: toMining(asked), pairs });
  run(20, { ...mining, pairs });
  const newest = run(30, { ...mining, pairs });
  const broken = run(40, { ...mining, state: 'failed', pairs });
  forgetMinings(database);
  const left = database.prepare('SELECT DISTINCT run_id FROM pair ORDER BY run_id').pluck().all();
  assert.deepEqual(left, [byHand, newest, broken]);
});
