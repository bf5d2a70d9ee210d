import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requests } from '../../../shared/ipc/contract.ts';
import { findContradictions, shortenWarmup } from '../../../shared/training/contradictions.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
  runConfiguration,
} from '../../../shared/training/run-configuration.ts';
import { twinPlan } from '../../../trainer/twin/twin-plan.ts';

const cases: readonly (readonly [string, Partial<RunConfiguration>, RegExp])[] = [
  [
    'a warm-up longer than the run',
    { epochs: 20, warmupEpochs: 40 },
    /40 of 20 epochs.*Take fewer warm-up epochs, or more epochs/u,
  ],
  ['a warm-up as long as the run', { epochs: 20, warmupEpochs: 20 }, /20 of 20 epochs/u],
  [
    'a queue that is no multiple of the batch',
    { method: 'moco-v2', batchImages: 24, queueLength: 64 },
    /multiple of the batch of 24.*Take 48 or 72, or another batch/u,
  ],
  [
    'a queue shorter than the batch',
    { method: 'moco-v2', batchImages: 24, queueLength: 8 },
    /Take 24, or another batch/u,
  ],
];

for (const [what, change, sentence] of cases)
  test(`${what} is refused in words by the contract, the schedule and twin runs`, () => {
    const configuration = { ...demonstrationConfiguration, ...change };
    assert.equal(findContradictions(configuration).length, 1);
    const timed = { leastReadings: null, leastPairs: null, atMinute: 120, configuration };
    for (const [schema, value] of [
      [requests['run.start'].input, configuration],
      [requests['schedule.set'].input, timed],
      [twinPlan.shape.recipe, configuration],
    ] as const) {
      const [issue, ...others] = schema.safeParse(value).error?.issues ?? [];
      assert.match(issue?.message ?? 'nothing was refused', sentence);
      assert.equal(others.length, 0);
    }
    // A run that is stored already can still be shown, and a schedule of it be switched off.
    assert.ok(runConfiguration.safeParse(configuration).success);
    const off = { ...timed, atMinute: null };
    assert.ok(requests['schedule.set'].input.safeParse(off).success);
    assert.deepEqual(findContradictions({ ...configuration, mineOnly: true }), []);
  });

test('what fits together is not refused', () => {
  for (const change of [
    {},
    { epochs: 1, warmupEpochs: 0 },
    { method: 'moco-v2', batchImages: 24, queueLength: 72 },
    { method: 'byol', batchImages: 24, queueLength: 64 },
  ] as const)
    assert.deepEqual(findContradictions({ ...demonstrationConfiguration, ...change }), []);
});

test('a shortened run warms up for the same share of its epochs, and always comes to its rate', () => {
  const published = { epochs: 200, warmupEpochs: 40 };
  assert.deepEqual(
    [400, 200, 50, 20, 3, 1].map((epochs) => shortenWarmup(published, epochs)),
    [40, 40, 10, 4, 1, 0],
  );
  assert.equal(shortenWarmup({ epochs: 10, warmupEpochs: 9 }, 2), 1);
});
