import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareConfigurations } from '../../../renderer/components/compare-configurations.ts';
import { formatMinute, parseMinute } from '../../../renderer/components/minutes.ts';
import { wordNextRun } from '../../../renderer/components/word-next-run.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import type { NextRun } from '../../../shared/training/schedule.ts';

const local = (day: number, hour: number, minute = 0): number =>
  new Date(2026, 10, day, hour, minute).getTime();
const now = local(4, 15);
const nothing: NextRun = {
  nowMs: now,
  underWay: false,
  missingReadings: null,
  missingPairs: null,
  readingsToMine: 0,
  atMs: null,
  nothingNew: false,
};

const table: readonly (readonly [NextRun | null, string])[] = [
  [null, 'Runs begin only by hand.'],
  [nothing, 'Runs begin only by hand.'],
  [{ ...nothing, missingReadings: 1 }, 'Next run: when 1 more reading passes.'],
  [
    { ...nothing, missingReadings: 12, atMs: local(5, 2) },
    'Next run: when 12 more readings pass, or tonight at 02:00.',
  ],
  [
    { ...nothing, atMs: local(5, 2), nothingNew: true },
    'Next run: tonight at 02:00 if anything is new by then.',
  ],
  [{ ...nothing, atMs: local(4, 22) }, 'Next run: tonight at 22:00.'],
  [{ ...nothing, atMs: local(4, 18) }, 'Next run: today at 18:00.'],
  [{ ...nothing, atMs: local(5, 9, 30) }, 'Next run: tomorrow at 09:30.'],
  [
    { ...nothing, missingPairs: 5, readingsToMine: 1 },
    'Next run: when mining finds 5 more pairs (1 new reading is mined within the hour).',
  ],
  [
    { ...nothing, missingPairs: 1, readingsToMine: 3, atMs: local(5, 2) },
    'Next run: when mining finds 1 more pair (3 new readings are mined within the hour), or tonight at 02:00.',
  ],
  [{ ...nothing, missingReadings: 0, missingPairs: 7 }, 'Next run: now.'],
  [
    { ...nothing, missingPairs: 7, underWay: true },
    'A run is under way or waiting; the schedule counts on after it.',
  ],
];
for (const [next, expected] of table)
  test(`what comes next in words: ${expected}`, () => {
    assert.equal(wordNextRun(next), expected);
  });

test('a minute of the day is written as it is typed', () => {
  for (const minute of [0, 1, 125, 1439]) assert.equal(parseMinute(formatMinute(minute)), minute);
  assert.deepEqual(
    [formatMinute(null), formatMinute(125), parseMinute(''), parseMinute('24:00')],
    ['', '02:05', null, null],
  );
});

test('configurations are compared option by option, nested ones by their path', () => {
  const other = {
    ...demonstrationConfiguration,
    useGaze: false,
    thresholds: { ...demonstrationConfiguration.thresholds, tima: 0.5 },
  };
  assert.deepEqual(compareConfigurations([demonstrationConfiguration, other]), [
    { option: 'thresholds.tima', values: ['0.95', '0.5'] },
    { option: 'useGaze', values: ['true', 'false'] },
  ]);
  assert.deepEqual(compareConfigurations([other, other, other]), []);
});
