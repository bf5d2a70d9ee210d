import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { calls, openShell, rowUnderCursor, takeScreenshots } from './shell-page.ts';

describe('the pages beside the worklist', { skip: browserMissing }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-shell-'));
  let served: ServedPage;
  let browser: Browser;

  before(async () => {
    mkdirSync(path.join(folder, 'case/deep'), { recursive: true });
    for (const name of ['case/a.dcm', 'case/b.dcm', 'case/deep/c.png', 'case/notes.txt'])
      writeFileSync(path.join(folder, name), name.repeat(10));
    served = await serveProduct();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.close();
    rmSync(folder, { recursive: true });
  });

  test('a chosen folder goes up file by file, and each refused file stands there with its reason', async () => {
    const { page, uploads, trouble } = await openShell(browser, served.url, {
      refusals: [
        {
          file: 'case/notes.txt',
          error: { code: 'not-an-image-file', details: { file: 'case/notes.txt' } },
        },
        { file: 'case/b.dcm', error: { code: 'truncated-file', details: { file: 'case/b.dcm' } } },
      ],
    });
    await page.getByText('Phantom 00001').waitFor();
    await page.keyboard.press('i');
    await page.getByRole('dialog', { name: 'Add images' }).waitFor();
    await takeScreenshots(page, 'add-images');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Add a folder' }).click(),
    ]);
    await chooser.setFiles(path.join(folder, 'case'));
    await page.getByText('Import finished').waitFor();
    assert.deepEqual(uploads.map(({ name }) => name).sort(), [
      'case/a.dcm',
      'case/b.dcm',
      'case/deep/c.png',
      'case/notes.txt',
    ]);
    assert.equal(uploads.find(({ name }) => name === 'case/a.dcm')?.bytes, 100);
    assert.deepEqual(await calls(page, 'import.begin-upload'), [{ files: 4 }]);
    assert.equal((await calls(page, 'import.end-upload')).length, 1);
    assert.equal(await page.getByTestId('import-taken').innerText(), '2 taken');
    assert.equal(await page.getByTestId('import-refused').innerText(), '2 refused');
    assert.equal(await page.getByTestId('import-refusals').locator('li').count(), 2);
    await takeScreenshots(page, 'import-done');
    await page.getByTestId('import-panel').getByRole('button', { name: 'Close' }).click();
    await page.getByTestId('import-panel').waitFor({ state: 'detached' });
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('files dropped on the worklist are handed over, and one that did not arrive is named', async () => {
    const { page, uploads } = await openShell(browser, served.url);
    await page.route('**/upload/**three.png', (route) => route.fulfill({ status: 500 }));
    await page.getByText('Phantom 00001').waitFor();
    const transfer = await page.evaluateHandle(() => {
      const held = new DataTransfer();
      held.items.add(new File(['one'], 'one.dcm'));
      held.items.add(new File(['two'], 'two.jpg'));
      held.items.add(new File(['three'], 'three.png'));
      return held;
    });
    const target = page.getByRole('grid');
    await target.dispatchEvent('dragenter', { dataTransfer: transfer });
    await page.getByText('Drop to add these images').waitFor();
    await takeScreenshots(page, 'drop');
    await target.dispatchEvent('drop', { dataTransfer: transfer });
    await page.getByText('Import finished').waitFor();
    assert.deepEqual(uploads.map(({ name }) => name).sort(), ['one.dcm', 'two.jpg']);
    const refusals = await page.getByTestId('import-refusals').allInnerTexts();
    assert.match(refusals.join(), /three\.png.*could not read it or hand it over/u);
    await page.close();
  });

  test('where the host has dialogs, it chooses and the page follows its progress', async () => {
    const { page, uploads } = await openShell(browser, served.url, {
      state: { nativeDialogs: true },
    });
    await page.getByRole('button', { name: 'Add images' }).click();
    await page.getByRole('button', { name: 'Add a folder' }).click();
    const tell = (done: number, finished: boolean): Promise<void> =>
      page.evaluate(
        ([done, finished]) =>
          window.fake.emit('import.progress', {
            importId: 1,
            done,
            total: 120,
            taken: done - 3,
            alreadyThere: 2,
            refused: 1,
            bytes: done * 1_500_000,
            finished,
          }),
        [done, finished] as const,
      );
    await page.locator('[data-kind="running"]').waitFor();
    await tell(45, false);
    await page.getByText('Reading 45 of 120 files').waitFor();
    assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '45');
    await takeScreenshots(page, 'import-running');
    await page.keyboard.press('Alt+2');
    await page.getByRole('heading', { level: 1, name: 'Readings' }).waitFor();
    await tell(120, true);
    await page.keyboard.press('Alt+1');
    await page.getByText('Import finished').waitFor();
    assert.deepEqual(uploads, []);
    assert.deepEqual(await calls(page, 'import.choose'), [{ what: 'folder' }]);
    await page.close();
  });

  test('readings name their source, Enter opens the replay, and one comes back to its row', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+2');
    await page.getByText('40 readings').waitFor();
    await page.getByText('Phantom 00001').waitFor();
    assert.match(await rowUnderCursor(page), /Simulated gaze.*SIMULATED/u);
    await page.keyboard.press('ArrowDown');
    assert.match(await rowUnderCursor(page), /Webcam gaze/u);
    await takeScreenshots(page, 'readings');
    assert.deepEqual(trouble, []);
    await page.keyboard.press('Enter');
    // The replay takes the whole window.
    await page.getByTestId('go-worklist').waitFor({ state: 'detached' });
    await page.getByTestId('replay-page').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('40 readings').waitFor();
    assert.match(await rowUnderCursor(page), /Webcam gaze/u);
    await page.keyboard.press('Home');
    assert.match(await rowUnderCursor(page), /Simulated gaze/u);
    await page.close();
  });

  test('an export names its folder, its files and what was left out', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+6');
    await page.getByRole('button', { name: 'Export readings' }).click();
    await page.getByText('Export written').waitFor();
    assert.deepEqual(await calls(page, 'export.readings'), [
      { modality: null, readingIds: null, includeSimulated: false },
    ]);
    assert.match(await page.getByTestId('export-folder').innerText(), /exports/u);
    await page.getByText('40 readings: their readers have not agreed to export').waitFor();
    await takeScreenshots(page, 'export');
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('settings are stored as they are made, and consent is withdrawn in one action', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+7');
    await page.getByText('The mouse stands for the eye').waitFor();
    await takeScreenshots(page, 'settings');
    await page.getByText('Webcam (WebGazer)').click();
    await page.getByText('Saved').waitFor();
    await page.getByLabel('Width of the screen (mm)').fill('520');
    await page.getByLabel('Width of the screen (mm)').press('Enter');
    await page.waitForFunction(() =>
      window.fake.calls.some(({ input }) => JSON.stringify(input) === '{"screenWidthMm":520}'),
    );
    await page.getByRole('button', { name: 'Calibrate the webcam' }).waitFor();
    await page.getByRole('button', { name: 'Withdraw consent' }).click();
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByText('You have not agreed').waitFor();
    assert.deepEqual(await calls(page, 'consent.set'), [
      { record: false, train: false, export: false },
    ]);
    assert.deepEqual(trouble, []);
    await page.close();
  });
});
