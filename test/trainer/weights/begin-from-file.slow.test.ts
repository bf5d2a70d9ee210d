import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createFileStore } from '../../../electron/app/file-store.ts';
import { storeWeightFile } from '../../../electron/app/training/weight-files.ts';
import { findRun } from '../../../shared/database/runs.ts';
import { createRandom } from '../../../shared/random.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../trainer/safetensors.ts';
import {
  openSmallStation,
  smallConfiguration,
  storeAlikeReadings,
} from '../../fixtures/small-station.ts';
import { makeEncoder } from './exported.ts';

test('a run begins from the encoder of a file, and one that does not fit ends before it mines', async () => {
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'fovea-weights-'));
  const station = await openSmallStation();
  try {
    storeAlikeReadings(station);
    const store = createFileStore(station.folder);
    const tensors = makeEncoder('resnet-10', 32, createRandom(4));
    const file = path.join(elsewhere, 'mine.safetensors');
    writeFileSync(file, encodeSafetensors(tensors, {}));
    const initialWeights = await storeWeightFile(store, file);
    // The run reads the station's copy.
    rmSync(file);
    const start = (configuration: typeof smallConfiguration): { readonly runId: number } =>
      station.training.handlers['run.start'](configuration) as { readonly runId: number };
    // So small a rate leaves the weights where they were.
    const still = { ...smallConfiguration, initialWeights, epochs: 1, learningRate: 1e-12 };
    const { runId } = start(still);
    await station.training.idle();
    assert.equal(findRun(station.database, runId)?.state, 'done');
    const trained = decodeSafetensors(
      readFileSync(path.join(station.folder, `runs/${runId}/encoder.safetensors`)),
    );
    const before = new Map(tensors.map(({ name, values }) => [name, values]));
    assert.equal(trained.tensors.length, before.size);
    for (const { name, values } of trained.tensors)
      if (!name.includes('running_')) {
        const worst = values.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - (before.get(name)?.[i] ?? 0))),
          0,
        );
        assert.ok(worst < 1e-6, `${name}: ${worst}`);
      }
    assert.match(
      readFileSync(path.join(station.folder, `runs/${runId}/run.json`), 'utf8'),
      /"name": "mine\.safetensors"/u,
    );

    const { runId: wrong } = start({ ...still, encoder: 'resnet-18' });
    await station.training.idle();
    const ended = findRun(station.database, wrong);
    assert.equal(ended?.state, 'failed');
    assert.equal(ended.error_code, 'weights-do-not-fit');
    assert.match(ended.error_details ?? '', /"fits":"resnet-10"/u);
    assert.equal(ended.stage, null);
  } finally {
    await station.close();
    rmSync(elsewhere, { recursive: true });
  }
});
