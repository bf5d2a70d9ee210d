import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../../shared/training/run-configuration.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { calls, openShell, takeScreenshots } from './shell-page.ts';

/** The browser's own dialog in the place of the host's: each chosen file is stored under a hash of its own. */
async function takeWeights(page: Page): Promise<void> {
  await page.route('**/weights?**', async (route) => {
    const name = new URL(route.request().url()).searchParams.get('name') ?? '';
    const sha256 = 'ef56'.repeat(16);
    await route.fulfill({ json: { ok: true, value: { from: 'file', sha256, name } } });
  });
}

const choose = (page: Page, name: string): Promise<void> =>
  page
    .getByTestId('choose-weights')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from('weights') });

describe('the form of a new run', { skip: browserMissing }, () => {
  let served: ServedPage;
  let browser: Browser;
  before(async () => {
    served = await serveProduct();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.close();
  });

  test('by keyboard alone a published configuration fills every field; a change is named and taken back', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+3');
    await page.getByTestId('cost').getByText('no run has been measured').waitFor();
    await takeScreenshots(page, 'run-form');
    await page.getByLabel('Configuration').focus();
    // A list is searched by typing.
    await page.keyboard.type('mammo-byol-mcgip-r50');
    await page.getByTestId('initial-weights').getByText('began from ImageNet weights').waitFor();
    await page.getByTestId('all-settings').locator('summary').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('cost').getByText('200 times the work of the demonstration').waitFor();
    const value = (label: string): Promise<string> =>
      page.getByLabel(label, { exact: true }).inputValue();
    assert.deepEqual(
      await Promise.all(
        ['Method', 'Encoder', 'Epochs', 'Image height (px)', 'Views', 'Optimiser'].map(value),
      ),
      ['byol', 'resnet-50', '200', '224', 'mammo', 'adamw'],
    );
    assert.equal(await value('Beta 2'), '0.95');
    assert.equal(await value('Batches per step'), '2');
    assert.equal(await value('MultiMatch above'), '0.95');
    await takeScreenshots(page, 'run-form-preset');

    await page.getByLabel('Encoder').selectOption('resnet-18');
    await page.getByLabel('Optimiser', { exact: true }).selectOption('sgd');
    await page.getByLabel('Momentum', { exact: true }).fill('0.8');
    const changed = page.getByTestId('changed');
    await changed.getByText('Encoder').waitFor();
    assert.match(await changed.innerText(), /Optimiser[^]*station’s own heads/u);
    await page.getByRole('button', { name: 'Undo the changes' }).click();
    await changed.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    const [started] = (await calls(page, 'run.start')) as readonly RunConfiguration[];
    assert.deepEqual(
      [started?.presetName, started?.encoder, started?.accumulation, started?.recipe],
      ['mammo-byol-mcgip-r50', 'resnet-50', 2, 'mammo'],
    );
    assert.deepEqual(started?.optimizer, { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8 });
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('another encoder than the published one takes the name of the configuration away', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+3');
    await page.getByLabel('Configuration').selectOption('dental-moco-mcgip-r50');
    await page.getByTestId('departures').locator('summary').click();
    await page.getByText('they are 320 × 640 px here').waitFor();
    await page.getByLabel('Encoder').selectOption('resnet-18');
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    const [started] = (await calls(page, 'run.start')) as readonly RunConfiguration[];
    assert.deepEqual(
      [started?.presetName, started?.imageSide, started?.imageWidth],
      [null, 320, 640],
    );
    await page.close();
  });

  test('the published SimSiam keeps its predictor at the first learning rate, and that can be changed', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+3');
    await page.getByLabel('Configuration').selectOption('mammo-simsiam-mcgip-r50');
    await page.getByText('All settings').click();
    const stays = page.getByRole('checkbox', { name: /learning rate of the predictor stays/u });
    await stays.scrollIntoViewIfNeeded();
    assert.ok(await stays.isChecked());
    await takeScreenshots(page, 'run-form-simsiam');
    await page.getByText('learning rate of the predictor stays').click();
    await page.getByTestId('changed').getByText('learning rate of the predictor').waitFor();
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    const [started] = (await calls(page, 'run.start')) as readonly RunConfiguration[];
    assert.deepEqual([started?.method, started?.fixedPredictorRate], ['simsiam', false]);
    await page.getByLabel('Method').selectOption('byol');
    await stays.waitFor({ state: 'detached' });
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('weights that are bad or do not fit are refused in words before a run can start', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await takeWeights(page);
    await page.keyboard.press('Alt+3');
    const start = page.getByRole('button', { name: 'Mine and pre-train' });
    const weights = page.getByTestId('initial-weights');
    await choose(page, 'broken.onnx');
    await weights.getByText('broken.onnx cannot be used: it is cut off').waitFor();
    assert.ok(await start.isDisabled());
    await choose(page, 'resnet18.safetensors');
    await weights.getByText('it fits resnet-18: choose that encoder').waitFor();
    assert.ok(await start.isDisabled());
    await takeScreenshots(page, 'run-form-refused');
    await weights.getByRole('button', { name: 'Take ResNet-18' }).click();
    await page.getByTestId('weights-fit').getByText('adapted from 1 to 3 channels').waitFor();
    await start.click();
    const [started] = (await calls(page, 'run.start')) as readonly RunConfiguration[];
    assert.deepEqual(started?.initialWeights, {
      from: 'file',
      sha256: 'ef56'.repeat(16),
      name: 'resnet18.safetensors',
    });
    await weights.getByRole('button', { name: 'Begin at random' }).click();
    await weights.getByText('At random').first().waitFor();
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('what a run costs is said from the newest run that was measured', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+3');
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    await page.evaluate(() =>
      window.fake.tellRun(1, { state: 'done', images: 400, imagesPerSecond: 40 }),
    );
    const cost = page.getByTestId('cost');
    await cost.getByText('10 epochs over its 400 images take about 1:40').waitFor();
    await page.getByLabel('Encoder').selectOption('resnet-50');
    await cost.getByText('16 times the work of run 1').waitFor();
    await page.close();
  });

  test('a model’s weights begin a run that is otherwise as the model was made', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+5');
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.getByTestId('model-actions').waitFor();
    await page.keyboard.press('n');
    await page.getByTestId('initial-weights').getByText('Model 4').waitFor();
    await page.getByTestId('weights-fit').waitFor();
    await page.getByLabel('Configuration').getByText('As model 4 was made').waitFor({
      state: 'attached',
    });
    await takeScreenshots(page, 'run-form-model');
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    assert.deepEqual(await calls(page, 'run.start'), [
      {
        ...demonstrationConfiguration,
        encoder: 'resnet-18',
        initialWeights: { from: 'model', version: 4, sha256: 'ab12'.repeat(16) },
      },
    ]);
    assert.deepEqual(trouble, []);
    await page.close();
  });
});
