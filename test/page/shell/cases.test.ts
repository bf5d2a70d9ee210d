import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encode } from 'fast-png';
import type { Browser } from 'playwright-core';
import type { RunConfiguration } from '../../../shared/training/run-configuration.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { calls, openShell, takeScreenshots } from './shell-page.ts';

const picture = Buffer.from(
  encode({
    width: 64,
    height: 80,
    data: Uint8Array.from({ length: 64 * 80 }, (_, at) => (at % 64) * 2),
    channels: 1,
    depth: 8,
  }),
);

describe('the case page', { skip: browserMissing }, () => {
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

  test('a case is opened from the readings, and its similar cases by keyboard alone', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.route('**/phantom.png', (route) =>
      route.fulfill({ contentType: 'image/png', body: picture }),
    );
    await page.keyboard.press('Alt+2');
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('s');
    const list = page.getByRole('listbox');
    await list.waitFor();
    await page.getByText('Research use only').waitFor();
    const asked = (await calls(page, 'reading.similar')) as { measure: string }[];
    assert.equal(asked[0]?.measure, 'multimatch', 'the preset of mammograms');
    const searched = await page.getByTestId('searched').innerText();
    assert.match(searched, /All 48,211 readings of such images were compared/u);
    assert.match(searched, /12 readings are not described yet/u);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const opened = list.locator('[data-opened="true"]');
    assert.match(await opened.innerText(), /above 95 % of chance[\s\S]*R-3[\s\S]*Normal/u);
    assert.match(await opened.innerText(), /SIMULATED/u);
    await page.getByRole('figure', { name: 'Similar case' }).getByText('Phantom 00004').waitFor();
    await page.waitForFunction(
      () => document.querySelectorAll('figure [data-drawn="true"]').length === 2,
    );
    await page.waitForTimeout(300);
    await takeScreenshots(page, 'case');
    await page.getByLabel('Measure').selectOption('tima');
    await page.waitForFunction(() =>
      window.fake.calls.some(
        ({ name, input }) =>
          name === 'reading.similar' && (input as { measure: string }).measure === 'tima',
      ),
    );
    await page.locator('h1').click();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('a replay or a case that cannot be loaded says why, and Escape leads back', async () => {
    const { page } = await openShell(browser, served.url);
    await page.evaluate(() => {
      const before = window.station;
      const refused = { ok: false, error: { code: 'not-found', details: { what: 'reading' } } };
      const call: typeof before.call = (name, input) =>
        name === 'reading.replay' ? Promise.resolve(refused as never) : before.call(name, input);
      Object.assign(window, { station: { ...before, call } });
    });
    await page.keyboard.press('Alt+2');
    const list = page.getByRole('grid');
    for (const key of ['Enter', 's']) {
      await list.waitFor();
      await page.keyboard.press(key);
      await page.getByRole('status').getByText('There is no such reading any more.').waitFor();
      await page.keyboard.press('Escape');
    }
    await list.waitFor();
    await page.close();
  });

  test('an administrator sets the measure of each modality, and a run can take its positives by it', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+7');
    await page.getByLabel('Fundus photo').selectOption('hu-moments');
    await page.getByText('Saved').waitFor();
    assert.deepEqual(await calls(page, 'presets.set'), [
      { measureByModality: { MG: 'multimatch', OP: 'hu-moments', OT: 'multimatch' } },
    ]);
    await takeScreenshots(page, 'settings-presets');
    await page.getByRole('heading', { name: 'Settings' }).click();
    await page.keyboard.press('Alt+3');
    await page.getByText('All settings').click();
    await page.getByLabel('Positives from').selectOption('by-modality');
    await page.getByText('Fundus photo: Image moments').waitFor();
    await page.getByLabel('Readings are compared').selectOption('across');
    await page.getByText('Let two images of one patient be a pair').click();
    await takeScreenshots(page, 'run-form-pairs');
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    const [started] = (await calls(page, 'run.start')) as RunConfiguration[];
    assert.deepEqual(
      [
        started?.positivesFrom,
        started?.readerPolicy,
        started?.samePatientPairs,
        started?.measureByModality.OP,
      ],
      ['by-modality', 'across', true, 'hu-moments'],
    );
    await page.getByText('by all readers, pairs of one patient too').waitFor();
    await page.close();
  });

  test('a reader who is no administrator is not offered the presets', async () => {
    const { page } = await openShell(browser, served.url, {
      state: { user: { id: 2, name: 'Reader', role: 'reader' } },
    });
    await page.keyboard.press('Alt+7');
    await page.getByText('Hold training while').waitFor();
    assert.equal(await page.getByText('Measure of each modality').count(), 0);
    await page.close();
  });
});
