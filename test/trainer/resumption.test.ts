import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../trainer/checkpoint.ts';
import { stepsPerEpoch } from '../../trainer/data/batches.ts';
import { trainEncoder } from '../../trainer/training-loop.ts';
import { makeFolder } from '../fixtures/prepared-images.ts';
import { alike, batchesFrom, images, openEngine, trainingCases } from './training-cases.ts';

/** Trains from a checkpoint on, or from the start; every epoch's checkpoint is handed over. */
async function train(
  configuration: RunConfiguration,
  restored: Checkpoint | undefined,
  onEpoch: (checkpoint: Checkpoint) => Promise<void>,
): Promise<void> {
  const perEpoch = stepsPerEpoch(images, configuration.batchImages);
  await trainEncoder({
    configuration,
    engine: openEngine(configuration, restored),
    images,
    alike,
    ...(restored && { restored }),
    batches: batchesFrom(configuration, (restored?.step ?? 0) / perEpoch),
    beforeStep: () => Promise.resolve(),
    onStep: () => undefined,
    onEpoch,
  });
}

/** Compares name by name and bit by bit; the difference of two whole checkpoints would take minutes to print. */
function assertSame(found: Checkpoint, expected: Checkpoint): void {
  for (const group of ['weights', 'statistics', 'optimizer', 'accumulated', 'method'] as const) {
    assert.deepEqual([...found[group].keys()].sort(), [...expected[group].keys()].sort(), group);
    for (const [name, values] of expected[group]) {
      const same = found[group].get(name)?.every((value, i) => Object.is(value, values[i]));
      assert.ok(same, `${group}, ${name}, after step ${expected.step}`);
      assert.equal(found[group].get(name)?.length, values.length, name);
    }
  }
  assert.deepEqual(found.queueIds, expected.queueIds);
  for (const count of ['step', 'images', 'alikeSteps'] as const)
    assert.equal(found[count], expected[count], count);
}

/** A copy, since the arrays of a checkpoint change afterwards. */
const keep = (checkpoint: Checkpoint): Checkpoint => structuredClone(checkpoint);

/** Checkpoints of all epochs of a run without a stop. */
async function trainUnbroken(configuration: RunConfiguration): Promise<readonly Checkpoint[]> {
  const checkpoints: Checkpoint[] = [];
  await train(configuration, undefined, (checkpoint) => {
    checkpoints.push(keep(checkpoint));
    return Promise.resolve();
  });
  return checkpoints;
}

/** Trains one epoch, writes its checkpoint and stops there as a killed run does: nothing of it is used again. */
async function trainOneEpoch(configuration: RunConfiguration, folder: string): Promise<Checkpoint> {
  const restored = await readCheckpoint(folder, () => undefined);
  const stop = new Error('The run was stopped.');
  let written: Checkpoint | undefined;
  await assert.rejects(
    train(configuration, restored, async (checkpoint) => {
      await writeCheckpoint(folder, checkpoint);
      written = keep(checkpoint);
      throw stop;
    }),
    stop,
  );
  assert.ok(written !== undefined);
  return written;
}

for (const { name, configuration } of trainingCases)
  test(`stopped after every epoch, a run is the unbroken one, bit for bit: ${name}`, async (t) => {
    const folder = makeFolder(t);
    const unbroken = await trainUnbroken(configuration);
    assert.equal(unbroken.length, configuration.epochs);
    for (const expected of unbroken)
      assertSame(await trainOneEpoch(configuration, folder), expected);
  });
