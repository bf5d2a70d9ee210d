import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import {
  describeNextRun,
  findDueReason,
  nextTimeOfDay,
  schedule as scheduleSchema,
  type Schedule,
  type ScheduleFacts,
} from '../../../shared/training/schedule.ts';

const hour = 3_600_000;
const none: Schedule = {
  leastReadings: null,
  leastPairs: null,
  atMinute: null,
  configuration: demonstrationConfiguration,
};
const atTwo: Schedule = { ...none, atMinute: 120 };
const nothing: ScheduleFacts = {
  newReadings: 0,
  readingsSinceTry: 0,
  newPairs: 0,
  unminedReadings: 0,
  minedAtMs: null,
  underWay: false,
};
/** Readings that nothing was begun for yet. */
const fresh = (count: number): Partial<ScheduleFacts> => ({
  newReadings: count,
  readingsSinceTry: count,
});
/** A local time, in whatever zone the test runs. */
const local = (day: number, hours: number, minutes = 0): number =>
  new Date(2026, 10, day, hours, minutes).getTime();

const table: readonly (readonly [
  string,
  Schedule,
  Partial<ScheduleFacts>,
  readonly [number, number],
  ReturnType<typeof findDueReason>,
])[] = [
  ['nothing set', none, { ...fresh(99), newPairs: 99, unminedReadings: 99 }, [0, hour], undefined],
  ['one reading short', { ...none, leastReadings: 20 }, fresh(19), [0, hour], undefined],
  ['enough readings', { ...none, leastReadings: 20 }, fresh(20), [0, hour], 'readings'],
  ['one pair short', { ...none, leastPairs: 5 }, { newPairs: 4 }, [0, hour], undefined],
  ['enough pairs', { ...none, leastPairs: 5 }, { newPairs: 5 }, [0, hour], 'pairs'],
  [
    'enough readings while a run is under way',
    { ...none, leastReadings: 20 },
    { ...fresh(20), underWay: true },
    [0, hour],
    undefined,
  ],
  [
    'enough readings, but a run for them failed',
    { ...none, leastReadings: 20 },
    { newReadings: 25, readingsSinceTry: 5 },
    [0, hour],
    undefined,
  ],
  [
    'readings whose pairs are not counted yet',
    { ...none, leastPairs: 5 },
    { ...fresh(1), unminedReadings: 1 },
    [0, hour],
    'mine',
  ],
  [
    'readings whose pairs are not counted yet, within an hour of the mining before',
    { ...none, leastPairs: 5 },
    { ...fresh(1), unminedReadings: 1, minedAtMs: 1 },
    [0, hour],
    undefined,
  ],
  [
    'readings whose pairs are not counted yet, an hour after the mining before',
    { ...none, leastPairs: 5 },
    { ...fresh(1), unminedReadings: 1, minedAtMs: 0 },
    [0, hour],
    'mine',
  ],
  [
    'readings whose pairs nobody asks for',
    { ...none, leastReadings: 20 },
    { ...fresh(1), unminedReadings: 1 },
    [0, hour],
    undefined,
  ],
  [
    'readings whose pairs are not counted yet while a run is under way',
    { ...none, leastPairs: 5 },
    { ...fresh(1), unminedReadings: 1, underWay: true },
    [0, hour],
    undefined,
  ],
  [
    'the time passes with something new',
    atTwo,
    { newReadings: 1 },
    [local(4, 1, 59), local(4, 2)],
    'time',
  ],
  ['the time passes with nothing new', atTwo, {}, [local(4, 1, 59), local(4, 2)], undefined],
  ['the time was a look ago', atTwo, { newReadings: 1 }, [local(4, 2), local(4, 2, 1)], undefined],
  [
    'the machine slept through the time and wakes within half an hour',
    atTwo,
    { newReadings: 1 },
    [local(3, 18), local(4, 2, 20)],
    'time',
  ],
  [
    'the machine slept through the night',
    atTwo,
    { newReadings: 1 },
    [local(3, 18), local(4, 8)],
    undefined,
  ],
];

for (const [name, schedule, facts, [sinceMs, nowMs], expected] of table)
  test(`a run is due: ${name}`, () => {
    assert.equal(findDueReason(schedule, { ...nothing, ...facts }, sinceMs, nowMs), expected);
  });

test('the next time of day is later today, or tomorrow, never now', () => {
  assert.equal(nextTimeOfDay(local(4, 1), 120), local(4, 2));
  assert.equal(nextTimeOfDay(local(4, 2), 120), local(5, 2));
  assert.equal(nextTimeOfDay(local(30, 23), 0), new Date(2026, 11, 1).getTime());
});

test('what comes next counts down and never below nothing', () => {
  const all: Schedule = { ...none, leastReadings: 20, leastPairs: 5, atMinute: 120 };
  assert.deepEqual(
    describeNextRun(
      all,
      { ...nothing, newReadings: 9, readingsSinceTry: 8, newPairs: 9, unminedReadings: 3 },
      local(4, 1),
    ),
    {
      nowMs: local(4, 1),
      underWay: false,
      missingReadings: 12,
      missingPairs: 0,
      readingsToMine: 3,
      atMs: local(4, 2),
      nothingNew: false,
    },
  );
  assert.deepEqual(describeNextRun(none, nothing, 0), {
    nowMs: 0,
    underWay: false,
    missingReadings: null,
    missingPairs: null,
    readingsToMine: 0,
    atMs: null,
    nothingNew: true,
  });
});

test('the schedule takes only runs that learn from gaze, and can be switched off whatever they were', () => {
  for (const change of [{ useGaze: false }, { mineOnly: true }]) {
    const configuration = { ...demonstrationConfiguration, ...change };
    const { error } = scheduleSchema.safeParse({ ...atTwo, configuration });
    assert.match(
      error?.issues[0]?.message ?? '',
      /learn from new gaze; begin any other run by hand/u,
    );
    assert.ok(scheduleSchema.safeParse({ ...none, configuration }).success);
  }
  assert.ok(scheduleSchema.safeParse(atTwo).success);
});
