import { runConfiguration } from '../training/run-configuration.ts';
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
