import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { endedRun } from './ended-run.ts';
import { openShell } from './shell-page.ts';

/** Answers every question for pairs with none. */
function installNoPairs(): void {
  const before = window.station;
  Object.assign(window, {
    station: {
      on: (topic: string, listener: (value: unknown) => void) => before.on(topic, listener),
      call: (name: string, input: unknown) =>
        name === 'pair.page'
          ? Promise.resolve({ ok: true, value: { total: 0, threshold: 0, rows: [] } })
          : before.call(name, input),
    },
  });
}

describe('the pairs page without pairs', { skip: browserMissing }, () => {
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

  test('tells a measure that found none from one that was not mined by', async () => {
    const { page } = await openShell(browser, served.url, { runs: [endedRun(1)] });
    await page.evaluate(installNoPairs);
    await page.keyboard.press('Alt+4');
    await page.getByLabel('Measure').selectOption('multimatch');
    await page.getByText('This run found no pairs with this measure').waitFor();
    await page.getByLabel('Measure').selectOption('tima');
    await page.getByText('This run has not mined pairs by this measure').waitFor();
    assert.equal(await page.getByText('0 pairs above').count(), 0);
    await page.close();
  });
});
