import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { sha256Of } from '../../electron/app/file-store.ts';
import { registerEncoder } from '../../electron/app/training/register-model.ts';
import { openDatabase } from '../../shared/database/open.ts';
import type { RunRow } from '../../shared/ipc/answers.ts';
import { createRandom } from '../../shared/random.ts';
import { encodeSafetensors } from '../../trainer/safetensors.ts';
import { readOnnx } from '../../trainer/weights/import-onnx.ts';
import { addRun } from '../fixtures/model-evaluation.ts';
import { addReader } from '../fixtures/station-rows.ts';
import { makeEncoder } from '../trainer/weights/exported.ts';
import { launchStation, type LaunchedStation, screenshot } from './station.ts';
import { ask, go } from './steps.ts';

const tensors = makeEncoder('resnet-10', 32, createRandom(3));
const bytes = encodeSafetensors(tensors, { notice: 'Research use only. Not for diagnosis.' });
const sha256 = sha256Of(bytes);

/** A data folder whose one run has ended with this encoder. */
function prepareData(dataFolder: string): void {
  mkdirSync(path.join(dataFolder, 'runs/1'), { recursive: true });
  writeFileSync(path.join(dataFolder, 'runs/1/encoder.safetensors'), bytes);
  const database = openDatabase(path.join(dataFolder, 'fovea.sqlite'), {
    backupFolder: path.join(dataFolder, 'backups'),
    nowMs: Date.now,
  });
  const runId = addRun(database, addReader(database, 'Dr. Ada'));
  const encoder = { runId, file: 'encoder.safetensors', sha256, parameters: 1 };
  registerEncoder(database, dataFolder, encoder, 4000);
  database.close();
}

describe('the form of a run and the weights of a model', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-run-form-'));
  const dataFolder = path.join(folder, 'data');
  let station: LaunchedStation;
  let page: Page;
  before(async () => {
    prepareData(dataFolder);
    station = await launchStation({ dataFolder });
    ({ page } = station);
    await page.setViewportSize({ width: 1280, height: 800 });
    await ask(page, 'station.acknowledge-notice', {});
    await ask(page, 'consent.set', { record: false, train: false, export: false });
    await page.reload();
    await page.getByTestId('go-models').waitFor();
  });
  after(async () => {
    await station?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });

  test('a model is exported, its weights begin a run, and bad files are told before one', async () => {
    await go(page, 'models');
    await page.getByTestId('model-actions').waitFor();
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('ONNX: a model from images to features').click();
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByTestId('exported').waitFor();
    await screenshot(page, 'run-form-1-export');
    const exported = path.join(dataFolder, 'exports/model-1.onnx');
    assert.equal(readOnnx(readFileSync(exported)).length, tensors.length);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'New run from it' }).click();
    const weights = page.getByTestId('initial-weights');
    await weights.getByText('Model 1').waitFor();
    await page.getByTestId('weights-fit').waitFor();
    await screenshot(page, 'run-form-2-from-model');

    // The station reads what the browser hands over: cut off, then the very file that it has exported.
    const start = page.getByRole('button', { name: 'Mine and pre-train' });
    const cut = path.join(folder, 'cut.safetensors');
    writeFileSync(cut, bytes.subarray(0, 5000));
    await page.getByTestId('choose-weights').setInputFiles(cut);
    await weights.getByText('cut.safetensors cannot be used: it is cut off').waitFor();
    assert.ok(await start.isDisabled());
    await page.getByTestId('choose-weights').setInputFiles(exported);
    await page.getByTestId('weights-fit').waitFor();
    await screenshot(page, 'run-form-3-from-file');
    await start.click();
    await page.getByTestId('run-detail').waitFor();
    const [run] = await ask<readonly RunRow[]>(page, 'run.list', {});
    assert.deepEqual(run?.configuration.initialWeights, {
      from: 'file',
      sha256: sha256Of(readFileSync(exported)),
      name: 'model-1.onnx',
    });
    assert.equal(run?.configuration.encoder, 'resnet-10');
    await station.assertQuiet();
  });
});
