import {
  type RunConfiguration,
  minedMeasures,
  runConfiguration,
} from '../training/run-configuration.ts';
import type { Schedule } from '../training/schedule.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

export type StoredSchedule = Schedule & {
  /** Whoever set it: the runs that it begins are this person's. */
  readonly userId: number;
};

type ScheduleRow = Omit<StoredSchedule, 'configuration'> & { readonly configuration: string };

/** The schedule; undefined where none was set, or where its configuration is not one any more. */
export function findSchedule(database: ReadDatabase): StoredSchedule | undefined {
  const row = database
    .prepare(
      `SELECT least_readings AS leastReadings, least_pairs AS leastPairs, at_minute AS atMinute, configuration,
         user_id AS userId FROM schedule`,
    )
    .get() as ScheduleRow | undefined;
  if (row === undefined) return undefined;
  const parsed = runConfiguration.safeParse(JSON.parse(row.configuration));
  return parsed.success ? { ...row, configuration: parsed.data } : undefined;
}

/** Stores the schedule in the place of the one before. */
export function writeSchedule(
  database: WriteDatabase,
  schedule: Schedule,
  userId: number,
  nowMs: number,
): void {
  database
    .prepare(
      `INSERT OR REPLACE INTO schedule (id, least_readings, least_pairs, at_minute, configuration, user_id, set_at_ms)
       VALUES (1, @leastReadings, @leastPairs, @atMinute, @configuration, @userId, @nowMs)`,
    )
    .run({
      ...schedule,
      configuration: JSON.stringify(schedule.configuration),
      userId,
      nowMs,
    });
}

/**
 * Readings with usable gaze that pass the configuration's quality gate and ended after the newest run was queued,
 * whatever became of it: a run that fails is not begun again for the same readings.
 */
export function countNewReadings(
  database: ReadDatabase,
  { modality, includeSimulated, maxLostShare }: RunConfiguration,
): number {
  return database
    .prepare(
      `SELECT count(*) FROM (
         SELECT g.id FROM reading r JOIN gaze_recording g ON g.reading_id = r.id
           JOIN study s ON s.id = r.study_id JOIN user u ON u.id = r.user_id
           JOIN gaze_sample p ON p.recording_id = g.id
         WHERE r.state = 'finished' AND r.ended_at_ms > (SELECT coalesce(max(created_at_ms), -1) FROM run)
           AND (@modality IS NULL OR s.modality = @modality)
           AND (@includeSimulated = 1 OR g.simulated = 0)
           AND (u.simulated = 1 OR
             (SELECT c.train FROM consent c WHERE c.user_id = u.id ORDER BY c.id DESC LIMIT 1) = 1)
         GROUP BY g.id HAVING avg(1 - p.valid) <= @maxLostShare)`,
    )
    .pluck()
    .get({ modality, includeSimulated: Number(includeSimulated), maxLostShare }) as number;
}

/**
 * Pairs of the newest run, by the configuration's measures, that the run which trained last did not have; 0 where
 * that is the same run, or where the newest run did not finish (so a run that fails is not begun again and again).
 */
export function countNewPairs(database: ReadDatabase, configuration: RunConfiguration): number {
  const measures = minedMeasures({ ...configuration, measures: [] });
  const newest = database
    .prepare(`SELECT id FROM run WHERE id = (SELECT max(id) FROM run) AND state = 'done'`)
    .pluck()
    .get() as number | undefined;
  const trained = database.prepare('SELECT max(run_id) FROM model').pluck().get() as number | null;
  if (newest === undefined || newest === trained) return 0;
  return database
    .prepare(
      `SELECT count(*) FROM pair p WHERE p.run_id = @newest
         AND p.measure IN (SELECT value FROM json_each(@measures))
         AND NOT EXISTS (SELECT 1 FROM pair q WHERE q.run_id = @trained AND q.measure = p.measure
           AND q.image_a = p.image_a AND q.image_b = p.image_b)`,
    )
    .pluck()
    .get({ newest, trained, measures: JSON.stringify(measures) }) as number;
}
