import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { openShell, rowUnderCursor } from './shell-page.ts';

/** Name or text of what has the focus. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const held = document.activeElement;
    return held?.getAttribute('aria-label') ?? held?.textContent ?? '';
  });

describe('the keyboard', { skip: browserMissing }, () => {
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

  test('a page that was chosen in the bar has the keys, and its list is one stop for Tab', async () => {
    const { page } = await openShell(browser, served.url);
    await page.getByText('Phantom 00001').waitFor();
    await page.getByTestId('go-readings').click();
    await page.getByText('40 readings').waitFor();
    const first = await rowUnderCursor(page);
    await page.keyboard.press('ArrowDown');
    assert.notEqual(await rowUnderCursor(page), first);
    await page.keyboard.press('Tab');
    const isInside = await page.evaluate(
      () => document.activeElement?.closest('[role="grid"]') !== null,
    );
    assert.equal(isInside, false);
    await page.close();
  });

  test('the button of a dialog higher than the window is in sight', async () => {
    const { page } = await openShell(browser, served.url);
    await page.getByText('Phantom 00001').waitFor();
    await page.setViewportSize({ width: 1280, height: 600 });
    await page.keyboard.press('?');
    const box = await page.getByRole('dialog').getByRole('button', { name: 'Close' }).boundingBox();
    assert.ok(box !== null && box.y + box.height <= 600 - 24, JSON.stringify(box));
    await page.close();
  });

  test('the calibration keeps the focus, and gives it back', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+7');
    await page.getByText('Webcam (WebGazer)').click();
    const open = page.getByRole('button', { name: 'Calibrate the webcam' });
    await open.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Start' }).waitFor();
    const held: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      held.push(await focused(page));
      await page.keyboard.press('Tab');
    }
    assert.deepEqual(held, ['Start', 'Cancel', 'Start']);
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Start' }).waitFor({ state: 'detached' });
    await page.waitForFunction(
      () => document.activeElement?.textContent === 'Calibrate the webcam',
    );
    await page.close();
  });

  test('a number that is not in range is refused in words in the settings', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+7');
    await page.getByLabel('Width of the screen (mm)').fill('-5');
    await page.getByText('Width of the screen (mm): enter a number from 1 to 5000.').waitFor();
    await page.close();
  });
});
