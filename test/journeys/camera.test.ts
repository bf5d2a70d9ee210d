import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ReadingReplay, ReadingRow } from '../../shared/ipc/answers.ts';
import { facePicture, writeFaceVideo } from '../fixtures/face-video.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { launchStation, screenshot } from './station.ts';
import { ask, go, openStudy, waitForImages } from './steps.ts';

const skip = existsSync(facePicture) ? false : 'the shared face picture is absent';

/** First start done, consent given, webcam chosen. */
async function prepare(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 });
  await ask(page, 'station.acknowledge-notice', {});
  await ask(page, 'consent.set', { record: true, train: true, export: true });
  await ask(page, 'settings.set', {
    gazeSource: 'webgazer',
    screenWidthMm: 520,
    viewingDistanceMm: 600,
  });
  await page.reload();
  await page.getByTestId('demonstration-banner').waitFor();
}

const indicatorSays = (page: Page, words: string): Promise<unknown> =>
  page.waitForFunction(
    (expected) =>
      document.querySelector('[data-testid=recording]')?.textContent.includes(expected) === true,
    words,
  );

/** Waits until main has stored this many samples of a face in the newest reading. */
async function validSamplesStored(page: Page, count: number): Promise<void> {
  const [newest] = await ask<ReadingRow[]>(page, 'reading.list', { studyId: null, limit: 1 });
  const readingId = newest?.readingId;
  const areStored = async (): Promise<boolean> => {
    const { sampleList } = await ask<ReadingReplay>(page, 'reading.replay', { readingId });
    return sampleList.filter(({ valid }) => valid).length >= count;
  };
  await waitFor(areStored, `${count} samples of a face`, 300);
}

describe('the webcam', { skip }, () => {
  test('is calibrated, measured and recorded; unplugged in the middle it is told and reading goes on', async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fovea-film-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const film = path.join(folder, 'face.mjpeg');
    writeFaceVideo(film);
    const station = await launchStation({
      args: [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ],
    });
    t.after(() => station.close());
    const { page } = station;
    await prepare(page);
    await openStudy(page, 'Demonstration F03');
    await waitForImages(page, 1);
    await indicatorSays(page, 'not calibrated');
    await page.keyboard.press('Escape');

    await go(page, 'settings');
    await page.getByRole('button', { name: 'Calibrate' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByTestId('calibration-dot').waitFor();
    await screenshot(page, 'camera-1-calibration');
    const result = page.getByText(/Mean error \d+ px, \d+\.\d degrees, over 9 points/u);
    await result.waitFor();
    const measuredPx = Number(/Mean error (\d+) px/u.exec(await result.innerText())?.[1]);
    const screenWidth = await page.evaluate(() => window.screen.width);
    await screenshot(page, 'camera-2-result');
    await page.getByRole('button', { name: 'Done' }).click();

    await openStudy(page, 'Demonstration F04');
    await waitForImages(page, 1);
    await indicatorSays(page, 'gaze, webcam');
    await validSamplesStored(page, 6);
    await screenshot(page, 'camera-3-recording');
    await page.evaluate(() => {
      const stream = document.querySelector('video')?.srcObject as MediaStream;
      for (const track of stream.getTracks()) track.dispatchEvent(new Event('ended'));
    });
    await indicatorSays(page, 'unplugged');
    await page.keyboard.press('1');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Demonstration F05').first().waitFor();
    await page.keyboard.press('Escape');
    const readings = await ask<ReadingRow[]>(page, 'reading.list', { studyId: null, limit: 3 });
    const finished = readings.find(({ state }) => state === 'finished');
    assert.ok(finished !== undefined);
    assert.deepEqual([finished.gazeSource, finished.simulated], ['webgazer', false]);
    const { sampleList, eventList, screen } = await ask<ReadingReplay>(page, 'reading.replay', {
      readingId: finished.readingId,
    });
    assert.ok(sampleList.filter(({ valid }) => valid).length > 5, `${sampleList.length} samples`);
    assert.deepEqual(
      eventList.map(({ kind, reason }) => [kind, reason]),
      [
        ['started', 'webgazer'],
        ['source-lost', 'camera-unplugged'],
        ['stopped', 'end of reading'],
      ],
    );
    assert.deepEqual(
      { ...screen, gazeErrorDip: Math.round(screen.gazeErrorDip ?? Number.NaN) },
      {
        screenWidthMm: 520,
        screenWidthDip: screenWidth,
        viewingDistanceMm: 600,
        gazeErrorDip: measuredPx,
      },
    );
    await station.assertQuiet();
  });

  test('that is denied is told with what to do, and the study can be read', async (t) => {
    const station = await launchStation({
      args: ['--use-fake-device-for-media-stream=device-count=0'],
    });
    t.after(() => station.close());
    const { page } = station;
    await prepare(page);
    await openStudy(page, 'Demonstration F03');
    await waitForImages(page, 1);
    await indicatorSays(page, 'plug one in');
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      const refuse = (): Promise<never> =>
        Promise.reject(new DOMException('denied', 'NotAllowedError'));
      Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: refuse });
    });
    await openStudy(page, 'Demonstration F04');
    await indicatorSays(page, 'camera is denied');
    await screenshot(page, 'camera-4-denied');
    await page.keyboard.press('2');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Demonstration F05').first().waitFor();
  });
});
