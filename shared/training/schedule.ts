import { z } from 'zod';
import { runConfiguration } from './run-configuration.ts';

/** When runs begin by themselves: any of the three is enough; all null: only by hand. */
export const schedule = z.object({
  /** So many new readings that pass the quality gate, since the last run. */
  leastReadings: z.number().int().min(1).max(1_000_000).nullable(),
  /** So many new pairs in the newest mining, against the run that trained last. */
  leastPairs: z.number().int().min(1).max(1_000_000_000).nullable(),
  /** Each day at this minute of the local day, where anything is new. */
  atMinute: z.number().int().min(0).max(1439).nullable(),
  configuration: runConfiguration,
});
export type Schedule = Readonly<z.infer<typeof schedule>>;

/** What the schedule is judged by, gathered at one moment. */
export type ScheduleFacts = {
  readonly newReadings: number;
  readonly newPairs: number;
  /** A run is waiting or going on: another does not begin. */
  readonly underWay: boolean;
};

/** What happens next, for words. */
export type NextRun = {
  /** When this was true, milliseconds since 1970. */
  readonly nowMs: number;
  readonly underWay: boolean;
  /** How many more there must be; null: not for this reason. */
  readonly missingReadings: number | null;
  readonly missingPairs: number | null;
  /** Milliseconds since 1970; null: not by the time of day. */
  readonly atMs: number | null;
  /** Nothing new has come yet: the run at that time is left out unless something does. */
  readonly nothingNew: boolean;
};

/** The first moment after `afterMs` at which a local clock shows that minute of the day; milliseconds since 1970. */
export function nextTimeOfDay(afterMs: number, atMinute: number): number {
  const at = new Date(afterMs);
  at.setHours(Math.floor(atMinute / 60), atMinute % 60, 0, 0);
  if (at.getTime() <= afterMs) at.setDate(at.getDate() + 1);
  // Across a change of the clocks the hour may have slipped.
  at.setHours(Math.floor(atMinute / 60), atMinute % 60, 0, 0);
  return at.getTime();
}

/**
 * Why a run begins between `sinceMs` (the last time this was asked) and `nowMs`; undefined: none does. A time of
 * day that passed while nobody asked for more than half an hour (the station was closed, the machine slept) is
 * left out.
 */
export function findDueReason(
  { leastReadings, leastPairs, atMinute }: Schedule,
  { newReadings, newPairs, underWay }: ScheduleFacts,
  sinceMs: number,
  nowMs: number,
): 'readings' | 'pairs' | 'time' | undefined {
  if (underWay) return undefined;
  if (leastReadings !== null && newReadings >= leastReadings) return 'readings';
  if (leastPairs !== null && newPairs >= leastPairs) return 'pairs';
  if (atMinute === null || newReadings + newPairs === 0) return undefined;
  const lateMs = 30 * 60_000;
  return nextTimeOfDay(Math.max(sinceMs, nowMs - lateMs), atMinute) <= nowMs ? 'time' : undefined;
}

/** What is missing until the next run, at this moment. */
export function describeNextRun(
  { leastReadings, leastPairs, atMinute }: Schedule,
  { newReadings, newPairs, underWay }: ScheduleFacts,
  nowMs: number,
): NextRun {
  const missing = (least: number | null, now: number): number | null =>
    least === null ? null : Math.max(0, least - now);
  return {
    nowMs,
    underWay,
    missingReadings: missing(leastReadings, newReadings),
    missingPairs: missing(leastPairs, newPairs),
    atMs: atMinute === null ? null : nextTimeOfDay(nowMs, atMinute),
    nothingNew: newReadings + newPairs === 0,
  };
}
