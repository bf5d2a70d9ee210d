import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createRandom } from '../../shared/random.ts';
import { StationError } from '../../shared/station-error.ts';
import { demonstrationConfiguration } from '../../shared/training/run-configuration.ts';
import {
  type Checkpoint,
  checkpointName,
  readCheckpoint,
  writeCheckpoint,
} from '../../trainer/checkpoint.ts';
import { initialWeights } from '../../trainer/engine/initial-weights.ts';
import { buildOnnxEngine, describeParameters } from '../../trainer/engine/onnx-engine.ts';
import type { ViewPair } from '../../trainer/methods/method.ts';
import { describeStep } from '../../trainer/models/describe-model.ts';
import { decodeSafetensors, encodeSafetensors } from '../../trainer/safetensors.ts';
import { trainEncoder } from '../../trainer/training-loop.ts';
import { makeFolder } from '../fixtures/prepared-images.ts';

const batchImages = 2;
const images = 40;
const perEpoch = images / batchImages;
const configuration = {
  ...demonstrationConfiguration,
  imageSide: 32,
  batchImages,
  epochs: 4,
  warmupEpochs: 0,
};
/** Blank images, whose embeddings are all alike from the first step on. */
const blank = new Float32Array(batchImages * 3 * 32 * 32);

async function* blanks(steps: number): AsyncGenerator<ViewPair> {
  for (let step = 0; step < steps; step += 1)
    yield await Promise.resolve({ imageIds: [1, 2], view1: blank, view2: blank });
}

/** Trains on blank images; answers the step at which that was found out, and the last checkpoint. */
async function trainOnBlanks(
  folder: string,
  restored?: Checkpoint,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<number | undefined> {
  const described = describeStep(configuration);
  const weights =
    restored?.weights ?? initialWeights(describeParameters(described), createRandom(1));
  const engine = await buildOnnxEngine({ ...described, threads: 1, weights });
  const stop = new Error('That is enough.');
  try {
    await trainEncoder({
      configuration,
      engine,
      images,
      batches: blanks(perEpoch * configuration.epochs - (restored?.step ?? 0)),
      alike: () => false,
      ...(restored && { restored }),
      beforeStep: () => Promise.resolve(),
      onStep: () => undefined,
      onEpoch: async (checkpoint) => {
        await writeCheckpoint(folder, checkpoint);
        if (checkpoint.step >= stopAfter) throw stop;
      },
    });
  } catch (error) {
    if (error === stop) return undefined;
    if (!(error instanceof StationError)) throw error;
    assert.equal(error.code, 'representation-collapsed');
    return Number(error.details['step']);
  } finally {
    await engine.close();
  }
  return assert.fail('Blank images were trained on to the end.');
}

test('a run that is taken up again counts on towards its end by collapse', async (t) => {
  const folder = makeFolder(t);
  for (const epoch of [1, 2]) {
    const before = await readCheckpoint(folder, () => undefined);
    await trainOnBlanks(folder, epoch === 1 ? undefined : before, epoch * perEpoch);
  }
  const restored = await readCheckpoint(folder, () => undefined);
  assert.deepEqual([restored?.step, restored?.alikeSteps], [40, 40]);
  assert.equal(await trainOnBlanks(folder, restored), 50);
});

test('a checkpoint of before, which does not say the count, is read and counts from 0', async (t) => {
  const folder = makeFolder(t);
  await trainOnBlanks(folder, undefined, perEpoch);
  const now = await readCheckpoint(folder, () => undefined);
  const file = path.join(folder, checkpointName);
  const { tensors, metadata } = decodeSafetensors(readFileSync(file));
  const older = Object.entries(metadata).filter(([name]) => name !== 'alikeSteps');
  const hash = createHash('sha256');
  for (const { name, values } of tensors)
    hash
      .update(`${name}\n`)
      .update(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  const sha256 = hash.digest('hex');
  writeFileSync(file, encodeSafetensors(tensors, { ...Object.fromEntries(older), sha256 }));
  const read = await readCheckpoint(folder, () => undefined);
  // Printing how two whole checkpoints differ takes minutes and gigabytes.
  assert.ok(isDeepStrictEqual(read, { ...now, alikeSteps: 0 }));
  assert.equal(now?.alikeSteps, perEpoch);
});
