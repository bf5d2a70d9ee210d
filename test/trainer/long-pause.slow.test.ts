import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { checkpointName } from '../../trainer/checkpoint.ts';
import { RunControl } from '../../trainer/control.ts';
import { beginEngine } from '../../trainer/engine/open-engine.ts';
import { pretrain } from '../../trainer/pretrain.ts';
import { makeFolder, prepareNoise } from '../fixtures/prepared-images.ts';
import { makeRunContext } from '../fixtures/run-context.ts';
import { watchSessions } from '../fixtures/watch-sessions.ts';

const configuration: RunConfiguration = {
  ...demonstrationConfiguration,
  method: 'moco-v2',
  engine: 'onnx-plain',
  queueLength: 8,
  imageSide: 32,
  batchImages: 2,
  epochs: 2,
  warmupEpochs: 0,
};

/** SHA-256 over names and values: a failing comparison of whole arrays would print them. */
function hashOf(arrays: Iterable<readonly [string, ArrayBufferView]>): string {
  const hash = createHash('sha256');
  for (const [name, values] of arrays)
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}

test('a run held for long gives its engine back and ends with the same weights, bit for bit', async (t) => {
  const folder = makeFolder(t);
  const cache = await prepareNoise(folder, 7, {
    recipe: configuration.recipe,
    height: 32,
    width: 32,
  });
  const sessions = watchSessions(t);
  const train = async (name: string, pausedAt?: number): Promise<Record<string, unknown>> => {
    const runFolder = path.join(folder, name);
    mkdirSync(runFolder);
    const states: string[] = [];
    const control = new RunControl((paused) => states.push(paused ? 'paused' : 'resumed'));
    let releases = 0;
    sessions.onNone = () => {
      releases += 1;
      control.resume();
    };
    let told = 0;
    const context = makeRunContext(folder, configuration, {
      runFolder,
      control,
      longPauseMs: 0,
      report: ({ kind }) => {
        if (kind === 'progress' && (told += 1) === pausedAt) control.pause();
      },
      // A second passes at each look, so that every step is told.
      nowMs: (() => {
        let now = 0;
        return () => (now += 1000);
      })(),
    });
    const alike = (a: number, b: number): boolean => a % 2 === b % 2;
    const engine = await pretrain(
      context,
      cache,
      alike,
      false,
      beginEngine(context, undefined, false),
    );
    sessions.onNone = () => undefined;
    const { kind } = engine;
    const trained = hashOf([...engine.weights, ...engine.statistics]);
    await engine.close();
    assert.equal(sessions.open, 0);
    // The optimiser, the key encoder and the queue are in it as well.
    const checkpoint = readFileSync(path.join(runFolder, checkpointName));
    return { kind, trained, checkpoint: hashOf([['', checkpoint]]), releases, states, told };
  };
  const { releases: none, states: straight, ...unbroken } = await train('unbroken');
  assert.deepEqual([none, straight, unbroken['told']], [0, [], 6]);
  for (const pausedAt of [1, 3]) {
    const { releases, states, ...held } = await train(`held-${pausedAt}`, pausedAt);
    assert.deepEqual([releases, states], [1, ['paused', 'resumed']]);
    assert.deepEqual(held, unbroken);
  }
});
