import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewRun } from '../../../../electron/app/training/run-queue.ts';
import { Scheduler } from '../../../../electron/app/training/scheduler.ts';
import { hashPatient, readSplitRule } from '../../../../shared/database/patient-parts.ts';
import { demonstrationConfiguration } from '../../../../shared/training/run-configuration.ts';
import { addReader, addStudy, openIn, temporaryFolder } from '../../../fixtures/station-rows.ts';

const at = (hours: number, minutes: number): number =>
  new Date(2026, 10, 4, hours, minutes).getTime();

for (const [ended, expected] of [
  [at(2, 20), ['time']],
  [at(2, 40), []],
] as const)
  test(`a time of day that a run was under way at is ${expected.length === 0 ? 'left out after half an hour' : 'made up for'}`, (t) => {
    const database = openIn(temporaryFolder(t));
    t.after(() => database.close());
    const userId = addReader(database, 'Reader 1', 1);
    const patientKey = 'a patient';
    const { studyId } = addStudy(database, 'study', { patientKey });
    // Set, so that the reading is not one of a test patient by luck.
    database
      .prepare(`INSERT INTO patient_part VALUES (?, 'train', 0)`)
      .run(hashPatient(readSplitRule(database), patientKey));
    database
      .prepare(
        `INSERT INTO reading (id, study_id, user_id, state, started_at_ms, ended_at_ms, assessment)
         VALUES (1, ?, ?, 'finished', 0, 1, 'normal')`,
      )
      .run(studyId, userId);
    database.exec(
      `INSERT INTO gaze_recording (id, reading_id, source, simulated, device, app_version, started_at_ms)
       VALUES (1, 1, 'simulated', 1, 'test', 'test', 0);
       INSERT INTO gaze_sample VALUES (1, 0, 0, 1, 1, 1, NULL)`,
    );
    const begun: NewRun[] = [];
    let [now, underWay] = [at(1, 50), true];
    const scheduler = new Scheduler({
      database,
      nowMs: () => now,
      underWay: () => underWay,
      start: (run) => begun.push(run),
      changed: () => undefined,
    });
    const never = { leastReadings: null, leastPairs: null };
    scheduler.set({ ...never, atMinute: 120, configuration: demonstrationConfiguration }, userId);
    for (now = at(1, 50); now <= ended; now += 60_000) scheduler.look();
    underWay = false;
    scheduler.look();
    assert.deepEqual(
      begun.map(({ startedFor }) => startedFor),
      expected,
    );
  });
