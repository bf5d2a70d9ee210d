import { z } from 'zod';
import { findContradictions } from './contradictions.ts';
import { runConfiguration } from './run-configuration.ts';

const fields = z.object({
  /** So many new readings that pass the quality gate, which no run has learnt from. */
  leastReadings: z.number().int().min(1).max(1_000_000).nullable(),
  /** So many new pairs, against the run that learnt from gaze last; the schedule mines by itself to count them. */
  leastPairs: z.number().int().min(1).max(1_000_000_000).nullable(),
  /** Each day at this minute of the local day, where anything is new. */
  atMinute: z.number().int().min(0).max(1439).nullable(),
  configuration: runConfiguration,
});
export type Schedule = Readonly<z.infer<typeof fields>>;

const isByHand = ({ leastReadings, leastPairs, atMinute }: Schedule): boolean =>
  leastReadings === null && leastPairs === null && atMinute === null;

/**
 * When runs begin by themselves: any of the three is enough; all null: only by hand. What is new stays new until a run
 * has learnt from gaze, so the schedule begins no other runs.
 */
export const schedule = fields.superRefine((asked, context) => {
  const { useGaze, mineOnly } = asked.configuration;
  // Switching it off must not fail for what it began.
  if (isByHand(asked)) return;
  for (const { field, problem } of findContradictions(asked.configuration))
    context.addIssue({ code: 'custom', path: ['configuration', field], message: problem });
  if (useGaze && !mineOnly) return;
  context.addIssue({
    code: 'custom',
    path: ['configuration', useGaze ? 'mineOnly' : 'useGaze'],
    message: 'the schedule begins runs that learn from new gaze; begin any other run by hand',
  });
});

/** What the schedule is judged by, gathered at one moment. */
export type ScheduleFacts = {
  /** Readings that pass the gate, of patients who are not held out for test, from which no run has learnt. */
  readonly newReadings: number;
  /** Of these, without those that were there when the schedule last began a run, whatever became of it. */
  readonly readingsSinceTry: number;
  /** Pairs, none of a test patient, that the run which learnt last did not have. */
  readonly newPairs: number;
  /** New readings whose pairs are not counted yet. */
  readonly unminedReadings: number;
  /** When mining by these options was queued last, milliseconds since 1970; null: never. */
  readonly minedAtMs: number | null;
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
  /** New readings that are mined first; 0 where pairs are not counted. */
  readonly readingsToMine: number;
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

/** The schedule mines at most so often for its count of pairs. */
const mineEveryMs = 3_600_000;

/** Why the schedule begins a run; `mine`: one that only mines, so that new pairs can be counted. */
export type DueReason = 'readings' | 'pairs' | 'time' | 'mine';

/**
 * Why a run begins between `sinceMs` (the last time this was asked and a run could begin) and `nowMs`; undefined:
 * none does. A time of day that passed while nobody asked for more than half an hour (the station was closed, the
 * machine slept) is left out.
 */
export function findDueReason(
  { leastReadings, leastPairs, atMinute }: Schedule,
  facts: ScheduleFacts,
  sinceMs: number,
  nowMs: number,
): DueReason | undefined {
  const { newReadings, readingsSinceTry, newPairs, unminedReadings, minedAtMs } = facts;
  if (facts.underWay) return undefined;
  if (leastReadings !== null && readingsSinceTry >= leastReadings) return 'readings';
  if (leastPairs !== null && newPairs >= leastPairs) return 'pairs';
  const earliestMs = Math.max(sinceMs, nowMs - 30 * 60_000);
  const timePassed = atMinute !== null && nextTimeOfDay(earliestMs, atMinute) <= nowMs;
  if (timePassed && newReadings + newPairs > 0) return 'time';
  const mayMine = minedAtMs === null || nowMs >= minedAtMs + mineEveryMs;
  return leastPairs !== null && unminedReadings > 0 && mayMine ? 'mine' : undefined;
}

/** What is missing until the next run, at this moment. */
export function describeNextRun(
  { leastReadings, leastPairs, atMinute }: Schedule,
  { newReadings, readingsSinceTry, newPairs, unminedReadings, underWay }: ScheduleFacts,
  nowMs: number,
): NextRun {
  const missing = (least: number | null, now: number): number | null =>
    least === null ? null : Math.max(0, least - now);
  return {
    nowMs,
    underWay,
    missingReadings: missing(leastReadings, readingsSinceTry),
    missingPairs: missing(leastPairs, newPairs),
    readingsToMine: leastPairs === null ? 0 : unminedReadings,
    atMs: atMinute === null ? null : nextTimeOfDay(nowMs, atMinute),
    nothingNew: newReadings + newPairs === 0,
  };
}
