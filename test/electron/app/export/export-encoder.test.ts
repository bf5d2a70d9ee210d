import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createEncoderExports } from '../../../../electron/app/export/export-encoder.ts';
import { sha256Of } from '../../../../electron/app/file-store.ts';
import { registerEncoder } from '../../../../electron/app/training/register-model.ts';
import { createNodeHost } from '../../../../electron/host/node-host.ts';
import { noteFileDeleted } from '../../../../shared/database/models.ts';
import { createRandom } from '../../../../shared/random.ts';
import { StationError } from '../../../../shared/station-error.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../../trainer/safetensors.ts';
import { addRun } from '../../../fixtures/model-evaluation.ts';
import { addReader, openIn, temporaryFolder } from '../../../fixtures/station-rows.ts';
import { makeEncoder } from '../../../trainer/weights/exported.ts';

test('a model’s encoder is written where the person says, not at all where they cancel, else into the exports', async (t) => {
  const folder = temporaryFolder(t);
  const database = openIn(folder);
  t.after(() => database.close());
  const runId = addRun(database, addReader(database, 'Dr. Ada'));
  const tensors = makeEncoder('resnet-10', 32, createRandom(3));
  const bytes = encodeSafetensors(tensors, {});
  mkdirSync(path.join(folder, 'runs', String(runId)), { recursive: true });
  writeFileSync(path.join(folder, 'runs', String(runId), 'encoder.safetensors'), bytes);
  const encoder = { runId, file: 'encoder.safetensors', sha256: sha256Of(bytes), parameters: 7 };
  registerEncoder(database, folder, encoder, 4000);

  const node = createNodeHost(folder);
  const asked: string[] = [];
  const exportOver = (target: string | undefined, nativeDialogs = true) =>
    createEncoderExports(database, {
      ...node,
      nativeDialogs,
      chooseTarget: (name) => {
        asked.push(name);
        return Promise.resolve(target);
      },
    })['export.model']({ version: 1, format: 'safetensors' });

  const target = path.join(folder, 'elsewhere.safetensors');
  const written = await exportOver(target);
  assert.equal(written?.file, target);
  assert.equal(sha256Of(readFileSync(target)), written?.sha256);
  assert.deepEqual(decodeSafetensors(readFileSync(target)).tensors, tensors);
  assert.equal(await exportOver(undefined), null);
  assert.deepEqual(asked, ['model-1.safetensors', 'model-1.safetensors']);
  const kept = await exportOver(undefined, false);
  assert.equal(kept?.file, path.join(folder, 'exports/model-1.safetensors'));
  assert.equal(asked.length, 2, 'a host without dialogs is not asked');

  noteFileDeleted(database, 1, 5000);
  await assert.rejects(
    Promise.resolve(exportOver(target)),
    (error) => error instanceof StationError && error.code === 'file-missing',
  );
});
