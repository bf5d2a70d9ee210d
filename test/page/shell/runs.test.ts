import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { RunDetail } from '../../../shared/ipc/answers.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { endedRun } from './ended-run.ts';
import { calls, openShell, takeScreenshots } from './shell-page.ts';

const waiting = (runId: number, queuePlace: number): RunDetail =>
  endedRun(runId, {
    state: 'queued',
    stage: null,
    startedAtMs: null,
    endedAtMs: null,
    encoder: null,
    engine: null,
    engineReason: null,
    refusedEngines: [],
    points: [],
    memory: [],
    mined: [],
    queuePlace,
  });

describe('the training page with several runs', { skip: browserMissing }, () => {
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

  test('runs stand side by side: their differences, results and curves', async () => {
    const runs = [endedRun(3), endedRun(2), endedRun(1)];
    const { page, trouble } = await openShell(browser, served.url, { runs });
    await page.keyboard.press('Alt+3');
    await page.getByTestId('refused-engines').getByText('webgpu (no adapter)').waitFor();
    await page.getByText('begun by the schedule: new readings').waitFor();
    await page.getByText('Trainer memory by minutes').waitFor();
    await takeScreenshots(page, 'training-finished');
    await page.getByLabel('Compare with').selectOption('2');
    const comparison = page.getByTestId('run-comparison');
    await comparison.waitFor();
    const rowsOf = async (title: string): Promise<readonly string[]> => {
      const rows = await comparison
        .getByRole('table', { name: title })
        .locator('tbody tr')
        .allInnerTexts();
      return rows.map((row) => row.replaceAll(/\s+/gu, ' '));
    };
    const compared = (title: string): Promise<string> =>
      comparison.getByRole('table', { name: title }).locator('thead th').first().innerText();
    assert.equal(await compared('Where they differ'), 'Option');
    assert.equal(await compared('Result'), 'Figure');
    assert.deepEqual(await rowsOf('Where they differ'), [
      'Use gaze (off: the same run without gaze, for comparison) yes no',
      'Seed 3 2',
    ]);
    assert.ok((await rowsOf('Result')).includes('Pairs found, MultiMatch 93 92'));
    await page.getByLabel('Compare with').selectOption('1');
    await comparison.getByText('Run 1').first().waitFor();
    await takeScreenshots(page, 'training-compared');
    await page.getByRole('button', { name: 'Close the comparison' }).click();
    await page.getByTestId('run-detail').waitFor();
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('a waiting run says its place and why, is moved, and is removed', async () => {
    const { mined, points } = endedRun(1);
    const going = endedRun(1, {
      mined: mined.map((count) => ({ ...count, found: 457 })),
      points: points.map((point) => ({ ...point, embeddingSpread: 0.4 / (1 + point.step / 20) })),
      state: 'paused',
      stage: 'pretrain',
      endedAtMs: null,
      encoder: null,
      holds: ['reading', 'battery'],
      notices: [{ code: 'checkpoint-went-back', details: { reason: 'cut off', step: 36 } }],
      progress: { done: 60, total: 120, secondsLeft: 60 },
      residentBytes: 4.1e8,
    });
    const { page } = await openShell(browser, served.url, {
      runs: [waiting(3, 2), waiting(2, 1), going],
    });
    await page.keyboard.press('Alt+3');
    await page.getByTestId('run-holds').getByText('Place 2 in the queue').waitFor();
    await page.getByRole('button', { name: 'Earlier' }).click();
    assert.deepEqual(await calls(page, 'run.move'), [{ runId: 3, direction: 'up' }]);
    await page.getByRole('button', { name: 'Add to the queue' }).waitFor();
    await takeScreenshots(page, 'training-queued');
    await page.getByRole('button', { name: 'Remove from the queue' }).click();
    await page.getByTestId('run-state').getByText('Cancelled').waitFor();
    await page.locator('[data-row="1"]').click();
    const holds = page.getByTestId('run-holds');
    await holds
      .getByText('Waits: a study is being read. Waits: the machine runs on its battery')
      .waitFor();
    // What holds it is not a person: there is nothing to resume.
    assert.equal(await page.getByRole('button', { name: 'Resume' }).count(), 0);
    await page.getByTestId('run-notice').getByText('after step 36').waitFor();
    const warnings = await page.getByTestId('run-warning').allInnerTexts();
    assert.match(warnings[0] ?? '', /^MultiMatch: 41 % of the pairs compared count as alike/u);
    assert.match(warnings[1] ?? '', /^Embedding spread 0\.06 /u);
    await takeScreenshots(page, 'training-held');
    await page.close();
  });

  test('the schedule is set and says what comes next', async () => {
    const { page, trouble } = await openShell(browser, served.url, { runs: [endedRun(1)] });
    await page.clock.setFixedTime(new Date(2026, 10, 4, 15, 0));
    await page.keyboard.press('Alt+3');
    const schedule = page.getByTestId('schedule');
    await schedule.getByText('Runs begin only by hand.').waitFor();
    await schedule.locator('summary').click();
    await page.getByLabel('New readings that pass').fill('20');
    await page.getByLabel('Each day at').fill('02:00');
    await page.getByRole('button', { name: 'Set the schedule' }).click();
    await schedule
      .getByText('Next run: when 12 more readings pass, or tonight at 02:00.')
      .waitFor();
    assert.deepEqual(await calls(page, 'schedule.set'), [
      {
        leastReadings: 20,
        leastPairs: null,
        atMinute: 120,
        configuration: demonstrationConfiguration,
      },
    ]);
    await schedule.scrollIntoViewIfNeeded();
    await takeScreenshots(page, 'training-schedule');
    await page.getByRole('button', { name: 'Only by hand' }).click();
    await schedule.getByText('Runs begin only by hand.').waitFor();
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('what training gives way to is set in the settings', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.getByTestId('go-settings').click();
    await page.getByText('Train only in these hours').click();
    await page.getByLabel('From', { exact: true }).fill('21:30');
    await page.getByText('Hold training while the machine runs on its battery').click();
    const field = page.getByLabel('Hold training below so much free disk (GiB)');
    await field.fill('5');
    await field.press('Enter');
    const set = (await calls(page, 'training-rules.set')) as { trainingRules: unknown }[];
    assert.deepEqual(set.at(-1)?.trainingRules, {
      nightWindow: { fromMinute: 21 * 60 + 30, toMinute: 6 * 60 },
      pauseOnBattery: false,
      leastFreeBytes: 5 * 2 ** 30,
    });
    await field.scrollIntoViewIfNeeded();
    await takeScreenshots(page, 'settings-training');
    assert.deepEqual(trouble, []);
    await page.close();
  });
});
