import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createFileStore, sha256Of } from '../../../../electron/app/file-store.ts';
import { createWeightFiles } from '../../../../electron/app/training/weight-files.ts';
import { createNodeHost } from '../../../../electron/host/node-host.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { createRandom } from '../../../../shared/random.ts';
import { StationError } from '../../../../shared/station-error.ts';
import {
  type InitialWeightsChoice,
  modelFileOf,
} from '../../../../shared/training/initial-weights.ts';
import type { EncoderName } from '../../../../shared/training/run-configuration.ts';
import { encodeSafetensors } from '../../../../trainer/safetensors.ts';
import { temporaryFolder } from '../../../fixtures/station-rows.ts';
import { makeEncoder } from '../../../trainer/weights/exported.ts';

const whole = Buffer.from(encodeSafetensors(makeEncoder('resnet-10', 32, createRandom(3)), {}));

test('weights are looked at before a run: a bad file and a misfit are refused in words, others fit', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'chosen.safetensors');
  const host = { ...createNodeHost(folder), choosePaths: () => Promise.resolve([file]) };
  const handlers = createWeightFiles(host, createFileStore(folder));
  const choose = async (bytes: Uint8Array): Promise<InitialWeightsChoice> => {
    writeFileSync(file, bytes);
    const chosen = await handlers['weights.choose']({});
    assert.ok(chosen !== null);
    return chosen;
  };
  const check = (initialWeights: InitialWeightsChoice, encoder: EncoderName) =>
    handlers['weights.check']({ initialWeights, encoder, imageSide: 64, imageWidth: null });
  const refusal = (asked: ReturnType<typeof check>): Promise<string> =>
    Promise.resolve(asked).then(
      () => 'it was taken',
      (error: unknown) => (error instanceof StationError ? wordError(error) : String(error)),
    );

  const fitting = await choose(whole);
  assert.deepEqual(await check(fitting, 'resnet-10'), { adapted: [] });
  assert.match(
    await refusal(check(fitting, 'resnet-18')),
    /does not fit resnet-18, but it fits resnet-10: choose that encoder/u,
  );
  assert.match(
    await refusal(check(await choose(whole.subarray(0, 4000)), 'resnet-10')),
    /chosen\.safetensors cannot be used: it is cut off/u,
  );

  // A model is named by its hash, not copied.
  const sha256 = sha256Of(whole);
  const model = { from: 'model', version: 3, sha256 } as const;
  assert.match(await refusal(check(model, 'resnet-10')), /of model 3 is not there any more/u);
  const stored = path.join(folder, modelFileOf(sha256));
  mkdirSync(path.dirname(stored));
  writeFileSync(stored, whole);
  assert.deepEqual(await check(model, 'resnet-10'), { adapted: [] });
  writeFileSync(stored, Buffer.from(whole).fill(1, 9000, 9004));
  assert.match(
    await refusal(check(model, 'resnet-10')),
    /of model 3 cannot be used: its SHA-256 is not the registered one/u,
  );
});

test('where no file is chosen nothing is stored', async (t) => {
  const folder = temporaryFolder(t);
  const handlers = createWeightFiles(createNodeHost(folder), createFileStore(folder));
  assert.equal(await handlers['weights.choose']({}), null);
});
