import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findHoldReasons,
  type HoldReason,
  type HoldState,
  initialTrainingRules,
  type TrainingRules,
} from '../../../shared/training/hold-reasons.ts';

const free: HoldState = {
  rules: initialTrainingRules,
  pauseWhileReading: true,
  readingOpen: false,
  heldByPerson: false,
  minuteOfDay: 12 * 60,
  onBattery: false,
  freeBytes: 50 * 2 ** 30,
};
const rules = (change: Partial<TrainingRules>): TrainingRules => ({
  ...initialTrainingRules,
  ...change,
});
const night = rules({ nightWindow: { fromMinute: 22 * 60, toMinute: 6 * 60 } });
const noon = rules({ nightWindow: { fromMinute: 12 * 60, toMinute: 13 * 60 } });

const table: readonly (readonly [string, Partial<HoldState>, readonly HoldReason[]])[] = [
  ['nothing holds', {}, []],
  ['a person paused it', { heldByPerson: true }, ['person']],
  ['a reading is open', { readingOpen: true }, ['reading']],
  [
    'a reading is open and training may go on beside it',
    { readingOpen: true, pauseWhileReading: false },
    [],
  ],
  ['by day with a night window', { rules: night }, ['night']],
  ['at the first minute of the night', { rules: night, minuteOfDay: 22 * 60 }, []],
  ['after midnight', { rules: night, minuteOfDay: 30 }, []],
  ['at the last minute of the night', { rules: night, minuteOfDay: 6 * 60 - 1 }, []],
  ['at the end of the night', { rules: night, minuteOfDay: 6 * 60 }, ['night']],
  ['inside a window within one day', { rules: noon, minuteOfDay: 12 * 60 + 59 }, []],
  ['outside of a window within one day', { rules: noon, minuteOfDay: 13 * 60 }, ['night']],
  [
    'a window from a minute to the same one is the whole day',
    { rules: rules({ nightWindow: { fromMinute: 60, toMinute: 60 } }) },
    [],
  ],
  ['on battery', { onBattery: true }, ['battery']],
  [
    'on battery where that is allowed',
    { onBattery: true, rules: rules({ pauseOnBattery: false }) },
    [],
  ],
  ['the disk is low', { freeBytes: 2 ** 30 - 1 }, ['disk']],
  ['just enough disk', { freeBytes: 2 ** 30 }, []],
  ['the system does not say how much is free', { freeBytes: null }, []],
  ['a disk limit of nothing', { freeBytes: 0, rules: rules({ leastFreeBytes: 0 }) }, []],
  [
    'everything at once, in the order in which it is told',
    { heldByPerson: true, readingOpen: true, rules: night, onBattery: true, freeBytes: 1 },
    ['person', 'reading', 'night', 'battery', 'disk'],
  ],
];

for (const [name, change, expected] of table)
  test(`training waits: ${name}`, () => {
    assert.deepEqual(findHoldReasons({ ...free, ...change }), expected);
  });
