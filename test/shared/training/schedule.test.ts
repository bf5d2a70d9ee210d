import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import {
  describeNextRun,
  findDueReason,
  nextTimeOfDay,
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
const nothing: ScheduleFacts = { newReadings: 0, newPairs: 0, underWay: false };
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
  ['nothing set', none, { newReadings: 99, newPairs: 99 }, [0, hour], undefined],
  ['one reading short', { ...none, leastReadings: 20 }, { newReadings: 19 }, [0, hour], undefined],
  ['enough readings', { ...none, leastReadings: 20 }, { newReadings: 20 }, [0, hour], 'readings'],
  ['one pair short', { ...none, leastPairs: 5 }, { newPairs: 4 }, [0, hour], undefined],
  ['enough pairs', { ...none, leastPairs: 5 }, { newPairs: 5 }, [0, hour], 'pairs'],
  [
    'enough readings while a run is under way',
    { ...none, leastReadings: 20 },
    { newReadings: 20, underWay: true },
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
    describeNextRun(all, { newReadings: 8, newPairs: 9, underWay: false }, local(4, 1)),
    {
      nowMs: local(4, 1),
      underWay: false,
      missingReadings: 12,
      missingPairs: 0,
      atMs: local(4, 2),
      nothingNew: false,
    },
  );
  assert.deepEqual(describeNextRun(none, nothing, 0), {
    nowMs: 0,
    underWay: false,
    missingReadings: null,
    missingPairs: null,
    atMs: null,
    nothingNew: true,
  });
});
