import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { openShell, rowsShown, rowUnderCursor, takeScreenshots } from './shell-page.ts';

describe('the worklist page', { skip: browserMissing }, () => {
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

  test('10,000 studies are read by keyboard alone, with few rows in the document', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.getByText('Phantom 00001').waitFor();
    assert.match(await rowUnderCursor(page), /Phantom 00001/u);

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.match(await rowUnderCursor(page), /Phantom 00003/u);
    await page.keyboard.press('End');
    await page.getByText('Phantom 10000').waitFor();
    assert.match(await rowUnderCursor(page), /Phantom 10000/u);
    const rows = await rowsShown(page);
    assert.ok(rows.length < 60, `${rows.length} rows in the document`);
    await page.keyboard.press('PageUp');
    assert.match(await rowUnderCursor(page), /Phantom 099\d\d/u);
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    assert.match(await rowUnderCursor(page), /Phantom 00001/u);
    const pages = await page.evaluate(() =>
      window.fake.calls.filter(({ name }) => name === 'worklist.page'),
    );
    assert.ok(pages.length <= 6, `${pages.length} pages of rows were fetched`);
    await takeScreenshots(page, 'worklist');
    assert.deepEqual(trouble, []);
    await page.keyboard.press('Enter');
    // The reading takes the whole window.
    await page.getByTestId('go-worklist').waitFor({ state: 'detached' });
    await page.close();
  });

  test('search and filters narrow the list, and clearing brings it back', async () => {
    const { page } = await openShell(browser, served.url);
    await page.getByText('Phantom 00001').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('00042');
    await page.getByText('1 study', { exact: false }).waitFor();
    await page.keyboard.press('ArrowDown');
    assert.match(await rowUnderCursor(page), /Phantom 00042/u);
    await page.getByLabel('Modality').selectOption('OT');
    await page.getByText('No study matches').waitFor();
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    await page.getByText('10,000 studies').waitFor();
    await page.getByLabel('Status').selectOption('read');
    await page.getByText('2,500 studies').waitFor();
    await page.close();
  });

  test('g and a letter, or Alt and a number, go to a page; ? lists the keys; fields keep their keys', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.getByText('Phantom 00001').waitFor();
    for (const [keys, title] of [
      [['g', 'r'], 'Readings'],
      [['Alt+3'], 'Training'],
      [['g', 'p'], 'Pairs'],
      [['g', 'e'], 'Export'],
      [['Alt+7'], 'Settings'],
      [['g', 'w'], 'Worklist'],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await takeScreenshots(page, 'keys');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('gs');
    await page.getByRole('heading', { level: 1, name: 'Worklist' }).waitFor();
    assert.equal(await page.getByRole('searchbox').inputValue(), 'gs');
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('the cursor stays on its study when others are taken away above it', async () => {
    const { page } = await openShell(browser, served.url);
    await page.getByText('Phantom 00001').waitFor();
    for (let press = 0; press < 60; press += 1) await page.keyboard.press('ArrowDown');
    assert.match(await rowUnderCursor(page), /Phantom 00061/u);
    await page.getByTestId('demonstration-banner').getByRole('button').click();
    await page.getByRole('alertdialog').waitFor();
    await takeScreenshots(page, 'empty-demonstration');
    await page.getByRole('button', { name: 'Delete demonstration studies' }).click();
    await page.getByTestId('demonstration-banner').waitFor({ state: 'detached' });
    await page.getByText('9,952 studies').waitFor();
    await page.locator('[data-row="61"][aria-selected="true"]').waitFor();
    await page.close();
  });

  test('the first start asks for the notice, then for consent with nothing ticked', async () => {
    const { page, trouble } = await openShell(browser, served.url, {
      state: { noticeAcknowledged: false, consent: null },
    });
    await page.getByRole('dialog', { name: 'Welcome to Fovea' }).waitFor();
    await page.keyboard.press('Escape');
    await takeScreenshots(page, 'notice');
    await page.keyboard.press('Enter');
    const consent = page.getByRole('dialog', { name: 'May Fovea record where you look?' });
    await consent.waitFor();
    assert.equal(await consent.locator('input:checked').count(), 0);
    const [notNow, agree] = await Promise.all(
      ['Not now', 'Agree to what is ticked'].map((name) =>
        consent.getByRole('button', { name }).evaluate((button) => {
          const { color, backgroundColor, borderColor, fontSize } = getComputedStyle(button);
          return { backgroundColor, fontSize, color, borderColor };
        }),
      ),
    );
    assert.equal(notNow?.backgroundColor, agree?.backgroundColor);
    await consent.getByText('Record', { exact: true }).click();
    await consent.getByText('Train', { exact: true }).click();
    await takeScreenshots(page, 'consent');
    await consent.getByRole('button', { name: 'Agree to what is ticked' }).click();
    await consent.waitFor({ state: 'detached' });
    const given = await page.evaluate(
      () => window.fake.calls.find(({ name }) => name === 'consent.set')?.input,
    );
    assert.deepEqual(given, { record: true, train: true, export: false });
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('an empty station says what to do, and a reader sees no administrator pages', async () => {
    const { page } = await openShell(browser, served.url, {
      studies: 0,
      state: { user: { id: 2, name: 'Reader', role: 'reader' } },
    });
    await page.getByText('No studies yet').waitFor();
    assert.equal(await page.getByTestId('go-training').count(), 0);
    await page.keyboard.press('Alt+3');
    await page.getByRole('heading', { level: 1, name: 'Worklist' }).waitFor();
    await takeScreenshots(page, 'empty');
    await page.close();
  });
});
