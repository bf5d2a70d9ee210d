import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { calls, openShell, rowsShown, rowUnderCursor, takeScreenshots } from './shell-page.ts';

describe('the models page', { skip: browserMissing }, () => {
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

  test('by keyboard alone a challenger is compared, promoted, rolled back and its card read', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.locator('[data-row="5"]').waitFor();
    const rows = await rowsShown(page);
    assert.match(rows[1] ?? '', /Challenger[^]*MoCo v2[^]*0\.781 \(0\.740 to 0\.822\)/u);
    assert.match(rows[2] ?? '', /Champion[^]*By modality/u);
    assert.match(rows[3] ?? '', /Without gaze[^]*Not evaluated[^]*Erased[^]*Withdrawn/u);
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    assert.match(await rowUnderCursor(page), /Challenger/u);
    const comparison = page.locator('#content').getByTestId('comparison');
    await comparison.getByText('Model 4 better').first().waitFor();
    const verdicts = await comparison
      .locator('[data-verdict]')
      .evaluateAll((found) => found.map((each) => each.getAttribute('data-verdict')));
    assert.deepEqual(verdicts, ['better', 'none', 'better'], 'an interval that holds 0 shows none');
    await comparison.getByText('No difference shown').waitFor();
    await comparison.getByText('+0.037 to +0.099').waitFor();
    await page.getByTestId('lineage').getByText('368 images (simulated: 368)').waitFor();
    await takeScreenshots(page, 'models');

    await page.keyboard.press('p');
    const dialog = page.getByRole('alertdialog');
    await dialog.getByTestId('comparison').getByText('Research use only').waitFor();
    await takeScreenshots(page, 'models-promote');
    // The focus begins on the safe answer; the reason comes before it.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('better AUC with gaze');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('[data-row="4"]').getByText('Champion').waitFor();
    assert.deepEqual(await calls(page, 'model.promote'), [
      {
        version: 4,
        reason: 'better AUC with gaze',
        shown: { championVersion: 3, championEvaluationId: 10, candidateEvaluationId: 10 },
      },
    ]);
    await page.getByTestId('alias-history').getByText('better AUC with gaze').first().waitFor();
    assert.ok(await page.getByRole('button', { name: 'Promote' }).isDisabled());

    await page.keyboard.press('b');
    await page.getByRole('alertdialog').getByText('Bring model 3 back?').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('[data-row="3"]').getByText('Champion').waitFor();
    assert.equal((await calls(page, 'model.rollback')).length, 1);

    await page.getByRole('grid').focus();
    await page.keyboard.press('c');
    await page.getByTestId('model-card').getByText('# Model 4').waitFor();
    await takeScreenshots(page, 'models-card');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the card' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'model-4.md');
    assert.match(readFileSync(await download.path(), 'utf8'), /Research use only/u);
    await page.keyboard.press('Escape');
    await page.getByTestId('model-card').waitFor({ state: 'detached' });
    await page.getByRole('contentinfo').getByText('Research use only').waitFor();
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('without a comparison a promotion asks for a reason in words; a model without a file has none', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+5');
    await page.locator('[data-row="5"]').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Promote' }).isDisabled(), 'its file is gone');
    await page.getByRole('grid').focus();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowDown');
    await page
      .getByText('This model has learnt from readings or images that were erased')
      .waitFor();
    await page.getByText('A class has too few patients.').waitFor();
    await takeScreenshots(page, 'models-erased');
    await page.keyboard.press('p');
    const dialog = page.getByRole('alertdialog');
    const confirm = dialog.getByRole('button', { name: 'Make it the champion' });
    await confirm.waitFor();
    assert.ok(await confirm.isDisabled());
    await dialog.getByLabel('Reason').fill('17 !');
    assert.ok(await confirm.isDisabled(), 'digits and marks are no reason');
    await dialog.getByLabel('Reason').fill('a baseline for the twin run');
    assert.ok(await confirm.isEnabled());
    await dialog.getByText('so they cannot be compared').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Compare with').selectOption('4');
    await page.getByText('Model 2 and model 4 on the frozen split').waitFor();
    assert.equal((await calls(page, 'model.promote')).length, 0);
    await page.close();
  });

  test('an encoder is exported, and a file deleted after a question; the champion keeps its own', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+5');
    await page.getByRole('grid').focus();
    for (let i = 0; i < 2; i += 1) await page.keyboard.press('ArrowDown');
    const remove = page.getByRole('button', { name: 'Delete the file' });
    await page.getByText('Champion: its file is kept.').waitFor();
    assert.ok(await remove.isDisabled());
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('ONNX: a model from images to features').click();
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.getByTestId('exported').getByText('exports/model-3.onnx').waitFor();
    await takeScreenshots(page, 'models-export');
    assert.deepEqual(await calls(page, 'export.model'), [{ version: 3, format: 'onnx' }]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: 'Model 2', exact: true }).waitFor();
    await remove.click();
    // The focus begins on the safe answer.
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    assert.equal((await calls(page, 'model.delete-file')).length, 0);
    await remove.click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the file' }).click();
    await page.locator('[data-row="2"]').getByText('No file').waitFor();
    assert.deepEqual(await calls(page, 'model.delete-file'), [{ version: 2 }]);
    await page.getByTestId('model-facts').getByText('deleted', { exact: true }).waitFor();
    assert.ok(await page.getByRole('button', { name: 'New run from it' }).isDisabled());
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('the replay of a reading names the models that have learnt from it', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+2');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await page.getByTestId('models-of-reading').getByText('Models 3, 4 learnt from this').waitFor();
    await page.close();
  });

  test('a reader does not see the page', async () => {
    const { page } = await openShell(browser, served.url, {
      state: { user: { id: 2, name: 'Reader', role: 'reader' } },
    });
    await page.getByTestId('go-worklist').waitFor();
    assert.equal(await page.getByTestId('go-models').count(), 0);
    await page.close();
  });
});
