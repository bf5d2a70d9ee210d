import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { PairsPage, ReadingReplay, RunDetail } from '../../shared/ipc/answers.ts';
import { launchStation, type LaunchedStation, screenshot } from './station.ts';
import { ask, go, waitForImages, look, places, finishAndLeave, openStudy } from './steps.ts';

const shared = path.resolve(import.meta.dirname, '../../../shared/data');
const sharedMissing = existsSync(shared) ? false : 'the shared files are absent';

describe('the whole job, from the first start to the export', () => {
  let station: LaunchedStation;
  let page: Page;
  let broken = false;

  /** Each step stands on those before it: after a failure the others are skipped. */
  const step = (name: string, run: () => Promise<void>, skip: string | false = false): void => {
    test(name, { skip }, async (t) => {
      if (broken) {
        t.skip('an earlier step failed');
        return;
      }
      broken = true;
      await run();
      broken = false;
    });
  };

  before(async () => {
    station = await launchStation();
    ({ page } = station);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  after(async () => {
    await station.close();
  });

  step(
    'the first start tells what Fovea is for, asks for consent and shows the demonstration library',
    async () => {
      await page.getByText('I understand: research use only').click();
      await screenshot(page, 'whole-job-1-consent');
      for (const purpose of ['Record', 'Train', 'Export'])
        await page.getByRole('dialog').getByText(purpose, { exact: true }).click();
      await page.getByRole('button', { name: 'Agree to what is ticked' }).click();
      await page.getByTestId('demonstration-banner').waitFor();
      await screenshot(page, 'whole-job-2-worklist');
      const state = await ask<{ consent: { record: boolean } | null }>(page, 'station.state', {});
      assert.equal(state.consent?.record, true);
    },
  );

  step(
    'a fundus photograph is read with the pointer for an eye, paused and resumed by one key',
    async () => {
      await go(page, 'settings');
      await page.getByText('Pointer (for demonstration)').click();
      await screenshot(page, 'whole-job-3-settings');
      await openStudy(page, 'Demonstration F02');
      await waitForImages(page, 1);
      const indicator = page.getByTestId('recording');
      assert.equal(await indicator.getAttribute('data-kind'), 'recording');
      assert.match(await indicator.innerText(), /not gaze/u);
      const pane = page.getByTestId('pane').first();
      await look(page, pane, places);
      await page.keyboard.press('p');
      assert.equal(await indicator.getAttribute('data-kind'), 'paused');
      await page.keyboard.press('p');
      await page.waitForFunction(
        () =>
          document.querySelector('[data-testid=recording]')?.getAttribute('data-kind') ===
          'recording',
      );
      await page.mouse.wheel(0, -300);
      await look(page, pane, places.toReversed());
      await screenshot(page, 'whole-job-4-reading-fundus');
      await page.keyboard.press('r');
      await finishAndLeave(page, '1');
      const readings = await ask<{ readingId: number; state: string; samples: number }[]>(
        page,
        'reading.list',
        { studyId: null, limit: 5 },
      );
      const finished = readings.find(({ state }) => state === 'finished');
      assert.ok(finished !== undefined && finished.samples > 60, JSON.stringify(readings));
      const replay = await ask<ReadingReplay>(page, 'reading.replay', {
        readingId: finished.readingId,
      });
      assert.equal(replay.simulated, true);
      assert.equal(replay.assessment, 'normal');
      assert.ok(replay.stateList.length >= 3, 'zooming wrote new viewport states');
      const kinds = replay.eventList.map(({ kind }) => kind);
      assert.deepEqual(kinds, ['started', 'paused', 'resumed', 'stopped']);
    },
  );

  step(
    'a mammogram hangs in four views with chest walls together, labelled simulated',
    async () => {
      await openStudy(page, 'Demonstration Phantom 02');
      await waitForImages(page, 4);
      const text = await page.getByTestId('reading-page').innerText();
      for (const view of ['R CC', 'L CC', 'R MLO', 'L MLO', 'SIMULATED'])
        assert.ok(text.includes(view), view);
      await look(page, page.getByTestId('pane').nth(1), places);
      await screenshot(page, 'whole-job-5-reading-mammogram');
      await finishAndLeave(page, '3');
    },
  );

  step('the reading is replayed with heat map and scanpath', async () => {
    await go(page, 'readings');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByTestId('replay-page').waitFor();
    await page.locator('[data-drawn=true]').waitFor();
    await page.waitForTimeout(300);
    const painted = await page.getByTestId('heatmap').evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const data = (canvas as HTMLCanvasElement)
        .getContext('2d')
        ?.getImageData(0, 0, width, height).data;
      return data === undefined ? 0 : data.filter((value, i) => i % 4 === 3 && value > 100).length;
    });
    assert.ok(painted > 20, 'the heat map is painted');
    await screenshot(page, 'whole-job-6-replay');
    await page.keyboard.press('Escape');
  });

  step('mining and pre-training run in the background and end with an encoder', async () => {
    await go(page, 'training');
    await page.getByRole('button', { name: /Mine and pre-train/u }).click();
    await page.getByTestId('run-detail').waitFor();
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid=pairs-found]').length === 2,
    );
    await page.waitForTimeout(4000);
    await screenshot(page, 'whole-job-7-training');
    await page.waitForFunction(() =>
      ['done', 'failed', 'cancelled'].includes(
        document.querySelector('[data-testid=run-state]')?.getAttribute('data-state') ?? '',
      ),
    );
    const detail = await ask<RunDetail>(page, 'run.detail', { runId: 1 });
    assert.equal(detail.state, 'done', JSON.stringify([detail.error, detail.log]));
    // Positives must be few: where most pairs are alike, they tell nothing apart.
    assert.ok(detail.mined.every(({ found, compared }) => found > 0 && found < compared / 10));
    assert.ok(detail.encoder !== null);
    const file = readFileSync(path.join(station.dataFolder, detail.encoder.file));
    assert.equal(createHash('sha256').update(file).digest('hex'), detail.encoder.sha256);
    assert.ok((detail.points.at(-1)?.loss ?? 0) < (detail.points[0]?.loss ?? 0));
    await page.getByTestId('encoder').waitFor();
    await screenshot(page, 'whole-job-8-trained');
  });

  step('mined pairs stand side by side with both heat maps', async () => {
    await go(page, 'pairs');
    await page.getByTestId('pair').waitFor();
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid=pair] [data-drawn=true]').length === 2,
    );
    await page.waitForTimeout(500);
    await screenshot(page, 'whole-job-9-pairs');
    assert.equal(await page.getByTestId('pair').getByTestId('heatmap').count(), 2);
  });

  step('a pair is explained step by step, accepted and refused by one key each', async () => {
    const shown = page.getByTestId('pair');
    await page.getByTestId('alignment').getByRole('button').first().waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/Step 1 of \d+: look/u).waitFor();
    await page.locator('[data-testid="join"][data-joined="true"]').waitFor({ state: 'attached' });
    await screenshot(page, 'whole-job-9-explained');
    const first = await shown.getAttribute('data-pair');
    await page.keyboard.press('a');
    await page.waitForFunction(
      (before) =>
        document.querySelector('[data-testid=pair]')?.getAttribute('data-pair') !== before,
      first,
    );
    await page.keyboard.press('v');
    await page.locator('[role=row] [aria-label=Refused]').waitFor();
    assert.equal(await page.locator('[role=row] [aria-label=Accepted]').count(), 1);
    const { rows } = await ask<PairsPage>(page, 'pair.page', {
      runId: 1,
      measure: 'multimatch',
      atLeast: 0,
      verdict: 'accepted',
      offset: 0,
      limit: 5,
    });
    assert.deepEqual(
      rows.map(({ pairId }) => String(pairId)),
      [first],
    );
  });

  step('a case finds others that were looked at like it', async () => {
    await go(page, 'readings');
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('s');
    await page.getByTestId('case-page').waitFor();
    await page.getByRole('listbox').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      () => document.querySelectorAll('figure [data-drawn=true]').length === 2,
    );
    await page.getByTestId('searched').waitFor();
    await page.waitForTimeout(1500);
    await screenshot(page, 'whole-job-9-case');
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
  });

  step('readings and gaze are exported with a manifest that can be checked', async () => {
    await go(page, 'export');
    await page.getByRole('button', { name: 'Export readings' }).click();
    const folder = await page.getByTestId('export-folder').innerText();
    await screenshot(page, 'whole-job-10-export');
    const names = readdirSync(folder);
    assert.ok(names.includes('gaze_samples.csv') && names.includes('dataset.json'), names.join());
    const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
      readonly files: readonly { readonly name: string; readonly sha256: string }[];
    };
    for (const { name, sha256 } of manifest.files)
      assert.equal(
        createHash('sha256')
          .update(readFileSync(path.join(folder, name)))
          .digest('hex'),
        sha256,
      );
  });

  step(
    'real files are imported, refused with reasons, and read',
    async () => {
      await go(page, 'worklist');
      await page
        .getByTestId('choose-files')
        .setInputFiles([
          path.join(shared, 'dicom-mammo/GH133.dcm'),
          path.join(shared, 'fundus-cc0/microaneurysms.png'),
          path.join(shared, 'dicom-bad/MR_truncated.dcm'),
          path.join(shared, 'dicom-bad/test-SR.dcm'),
        ]);
      await page.getByTestId('import-refusals').waitFor();
      await screenshot(page, 'whole-job-11-import');
      assert.match(await page.getByTestId('import-taken').innerText(), /2/u);
      assert.match(await page.getByTestId('import-refused').innerText(), /2/u);
      const text = await page.getByTestId('import-refusals').innerText();
      assert.match(text, /ends too early/u);
      assert.match(text, /structured report/u);
      await openStudy(page, 'microaneurysms');
      await waitForImages(page, 1);
      await page.keyboard.press('Escape');
      const { rows } = await ask<{ rows: { patient: string; modality: string }[] }>(
        page,
        'worklist.page',
        { modality: 'MG', status: null, text: '', offset: 0, limit: 100 },
      );
      const real = rows.find(({ patient }) => !patient.startsWith('Demonstration'));
      assert.ok(real !== undefined);
      await openStudy(page, real.patient);
      await waitForImages(page, 1);
      await screenshot(page, 'whole-job-12-real-mammogram');
      await page.keyboard.press('Escape');
    },
    sharedMissing,
  );

  step(
    'one button empties the demonstration library and nothing outside was asked for',
    async () => {
      await go(page, 'worklist');
      await page.getByTestId('demonstration-banner').getByRole('button').click();
      await page.getByRole('alertdialog').getByRole('button').last().click();
      await page.getByTestId('demonstration-banner').waitFor({ state: 'detached' });
      await screenshot(page, 'whole-job-13-emptied');
      await station.assertQuiet();
    },
  );
});
