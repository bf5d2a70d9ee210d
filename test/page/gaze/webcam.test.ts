import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { writeWebgazerFiles } from '../../../scripts/webgazer-files.ts';
import { facePicture, writeFaceVideo } from '../../fixtures/face-video.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, servePage } from '../serve.ts';
import type { Driver } from './webcam-page/main.ts';
import { hangLimitMs } from '../../fixtures/hang-limit.ts';

declare global {
  interface Window {
    readonly driver: Driver;
  }
}

const skip =
  browserMissing || (existsSync(facePicture) ? false : 'the shared face picture is absent');

describe('the webcam', { skip }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-face-'));
  let served: ServedPage;

  before(async () => {
    writeFaceVideo(path.join(folder, 'face.mjpeg'));
    served = await servePage(path.join(import.meta.dirname, 'webcam-page'));
    await writeWebgazerFiles(served.folder);
  });

  after(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });

  async function withPage(
    args: readonly string[],
    run: (page: Page, outside: readonly string[]) => Promise<void>,
    permissions: readonly string[] = ['camera'],
  ): Promise<void> {
    const browser = await launchBrowser(args);
    try {
      const context = await browser.newContext({ permissions: [...permissions] });
      context.setDefaultTimeout(hangLimitMs);
      const page = await context.newPage();
      const outside: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(served.url) && !/^(?:blob|data):/u.test(request.url()))
          outside.push(request.url());
      });
      await page.addInitScript(() =>
        document.addEventListener('securitypolicyviolation', (event) =>
          console.error(`violation ${event.violatedDirective} ${event.blockedURI}`),
        ),
      );
      page.on('console', (message) => {
        if (message.text().startsWith('violation')) outside.push(message.text());
      });
      await page.goto(served.url);
      await run(page, outside);
    } finally {
      await browser.close();
    }
  }

  const film = [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${path.join(folder, 'face.mjpeg')}`,
  ];

  test('a face before the camera becomes samples, offline, under the station’s policy', async () => {
    await withPage(film, async (page, outside) => {
      await page.evaluate(() => window.driver.start());
      assert.deepEqual(await page.evaluate(() => window.driver.statuses.at(-1)), {
        kind: 'lost',
        trouble: 'not-calibrated',
      });
      await page.waitForFunction(() => window.driver.samples.length > 2);
      await page.evaluate(() => window.driver.learn());
      await page.waitForFunction(
        () => window.driver.samples.filter((sample) => sample.valid).length > 3,
      );
      const error = await page.evaluate(() => {
        const before = window.driver.source.gazeErrorDip;
        window.driver.keepError(63);
        return [before, window.driver.source.gazeErrorDip];
      });
      assert.deepEqual(error, [null, 63], 'the source names the error of its calibration');
      const times = await page.evaluate(() => ({
        samples: window.driver.samples.map((sample) => sample.tUs),
        nowUs: window.driver.clock.nowUs(),
      }));
      assert.ok(times.samples.every((tUs) => tUs <= times.nowUs));
      const track = await page.evaluate(() => {
        const stream = window.driver.video()?.srcObject as MediaStream;
        window.driver.source.stop();
        return stream.getTracks().map((each) => each.readyState);
      });
      assert.deepEqual(track, ['ended'], 'stopping turns the camera off');
      const count = await page.evaluate(() => window.driver.samples.length);
      await page.waitForTimeout(500);
      assert.equal(await page.evaluate(() => window.driver.samples.length), count);
      const forgotten = await page.evaluate(() => {
        window.driver.forget();
        return window.driver.source.gazeErrorDip;
      });
      assert.equal(forgotten, null, 'the error goes with the calibration');
      const databases = await page.evaluate(() => indexedDB.databases());
      assert.deepEqual(databases, [], 'no eye patch is stored');
      assert.deepEqual(outside, []);
    });
  });

  test('a camera that is unplugged is told at once', async () => {
    await withPage(film, async (page) => {
      await page.evaluate(() => window.driver.start());
      await page.evaluate(() => {
        const stream = window.driver.video()?.srcObject as MediaStream;
        for (const track of stream.getTracks()) track.dispatchEvent(new Event('ended'));
      });
      assert.deepEqual(await page.evaluate(() => window.driver.statuses.at(-1)), {
        kind: 'lost',
        trouble: 'camera-unplugged',
      });
    });
  });

  test('a camera that is denied and one that is not there are told apart', async () => {
    await withPage(
      ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
      async (page) => {
        await page.evaluate(() => window.driver.start());
        assert.deepEqual(await page.evaluate(() => window.driver.statuses.at(-1)), {
          kind: 'lost',
          trouble: 'camera-denied',
        });
      },
      [],
    );
    await withPage(
      ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=device-count=0'],
      async (page) => {
        await page.evaluate(() => window.driver.start());
        assert.deepEqual(await page.evaluate(() => window.driver.statuses.at(-1)), {
          kind: 'lost',
          trouble: 'camera-missing',
        });
      },
    );
  });
});
