import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ImageLandmarks } from '../../../shared/gaze/landmarks.ts';
import type { ReadingReplay } from '../../../shared/ipc/answers.ts';
import { gazeAt, paneState } from '../../fixtures/gaze.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { openShell, takeScreenshots } from './shell-page.ts';

const [columns, rows] = [512, 340];

/** A replayed reading of one photograph: three rests, on a screen whose size and distance are known. */
const replay = (modality: 'OP' | 'MG'): ReadingReplay => ({
  readingId: 1,
  studyId: 1,
  patient: 'Demonstration F01',
  modality,
  reader: 'R-1',
  state: 'finished',
  startedAtMs: 0,
  durationMs: 3000,
  assessment: 'normal',
  note: '',
  gazeSource: 'simulated',
  samples: 90,
  simulated: true,
  screen: {
    screenWidthMm: 520,
    screenWidthDip: 1920,
    viewingDistanceMm: 600,
    gazeErrorDip: null,
  },
  study: {
    studyId: 1,
    patient: 'Demonstration F01',
    description: '',
    modality,
    studyDate: '',
    images: 1,
    status: 'read',
    assessment: 'normal',
    simulated: false,
    demonstration: true,
    priors: [],
    imageList: [
      {
        imageId: 7,
        url: '/fundus.jpg',
        format: 'jpeg',
        laterality: null,
        viewPosition: null,
        rows,
        columns,
        frames: 1,
        transferSyntax: null,
        simulated: false,
        attribution: 'IDRiD, CC BY 4.0',
      },
    ],
  },
  sampleList: Array.from({ length: 90 }, (_, i) => {
    const [x, y] = (
      [
        [228, 322],
        [520, 360],
        [404, 600],
      ] as const
    )[Math.floor(i / 30)] ?? [0, 0];
    return gazeAt(i * 33_333, x, y);
  }),
  stateList: [
    paneState({ imageId: 7, widthCss: 1024, heightCss: 680, m00: 0.5, m11: 0.5, m02: 0, m12: 0 }),
  ],
  eventList: [],
});

/** Puts a replayed reading and its image's landmarks before the station of the page. */
function installReplay(reading: ReadingReplay): void {
  const before = window.station;
  let marks: ImageLandmarks = { disc: null, fovea: null };
  const marked: unknown[] = [];
  Object.assign(window, {
    marked,
    station: {
      on: (topic: string, listener: (value: unknown) => void) => before.on(topic, listener),
      call: (name: string, input: unknown) => {
        const answer = (value: unknown) => Promise.resolve({ ok: true, value });
        if (name === 'reading.replay') return answer(reading);
        if (name === 'image.landmarks') return answer(marks);
        if (name !== 'image.mark-landmark') return before.call(name, input);
        const { kind, place } = input as { kind: 'disc' | 'fovea'; place: null };
        marks = { ...marks, [kind]: place };
        marked.push(input);
        return answer(marks);
      },
    },
  });
}

describe('landmarks on the replay page', { skip: browserMissing }, () => {
  let served: ServedPage;
  let browser: Browser;
  before(async () => {
    served = await serveProduct({
      'fundus.jpg': path.resolve(
        import.meta.dirname,
        '../../../assets/demonstration/fundus/0006.jpg',
      ),
    });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.close();
  });

  async function openReplay(modality: 'OP' | 'MG'): Promise<Page> {
    const { page } = await openShell(browser, served.url);
    await page.evaluate(installReplay, replay(modality));
    await page.keyboard.press('Alt+2');
    await page.getByText('40 readings').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-drawn="true"]').waitFor();
    return page;
  }
  type Mark = { readonly kind: string; readonly place: { x: number; y: number } | null };
  const markedOf = (page: Page): Promise<readonly Mark[]> =>
    page.evaluate(() => (window as unknown as { marked: Mark[] }).marked);
  const shown = (page: Page, kind: string): Promise<number> =>
    page.getByTestId(`landmark-${kind}`).count();

  test('a click marks the disc, arrows and Enter the fovea, and both stand where they were set', async () => {
    const page = await openReplay('OP');
    await page.getByRole('button', { name: 'Mark disc' }).click();
    const target = page.getByTestId('landmark-target');
    const box = await target.boundingBox();
    assert.ok(box !== null);
    // Pixel (114, 161) of 512 x 340.
    const at = (place: number, count: number, size: number): number =>
      ((place + 0.5) / count) * size;
    await target.click({ position: { x: at(114, 512, box.width), y: at(161, 340, box.height) } });
    await page.getByTestId('landmark-disc').waitFor();
    const [disc] = await markedOf(page);
    assert.equal(disc?.kind, 'disc');
    assert.ok(Math.hypot((disc.place?.x ?? 0) - 114, (disc.place?.y ?? 0) - 161) < 0.6);
    const mark = await page.getByTestId('landmark-disc').boundingBox();
    assert.ok(mark !== null);
    assert.ok(Math.abs(mark.x + mark.width / 2 - box.x - at(114, 512, box.width)) < 1.5);
    assert.ok(Math.abs(mark.y + mark.height / 2 - box.y - at(161, 340, box.height)) < 1.5);

    await page.keyboard.press('f');
    await page.getByTestId('landmark-cross').waitFor();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByTestId('landmark-fovea').waitFor();
    const [, fovea] = await markedOf(page);
    assert.equal(fovea?.kind, 'fovea');
    assert.ok(Math.abs((fovea.place?.x ?? 0) - (255.5 + 3 * 5.12)) < 1e-9);
    assert.equal(fovea.place?.y, 168.5);
    assert.equal(await page.getByTestId('landmark-target').count(), 0);
    await takeScreenshots(page, 'landmarks');
    await page.keyboard.press('d');
    await page.getByRole('button', { name: 'Remove mark' }).waitFor();
    await takeScreenshots(page, 'landmarks-marking');
    await page.close();
  });

  test('Escape leaves marking and then the page; Delete and a button take a mark back', async () => {
    const page = await openReplay('OP');
    for (const kind of ['d', 'f']) {
      await page.keyboard.press(kind);
      await page.keyboard.press('Enter');
    }
    await page.getByTestId('landmark-fovea').waitFor();
    await page.keyboard.press('d');
    await page.keyboard.press('Escape');
    await page.getByTestId('landmark-target').waitFor({ state: 'detached' });
    assert.equal(await shown(page, 'disc'), 1, 'leaving changes nothing');
    await page.keyboard.press('d');
    await page.keyboard.press('Delete');
    await page.getByTestId('landmark-disc').waitFor({ state: 'detached' });
    await page.keyboard.press('f');
    await page.getByRole('button', { name: 'Remove mark' }).click();
    await page.getByTestId('landmark-fovea').waitFor({ state: 'detached' });
    assert.deepEqual(
      (await markedOf(page)).slice(2).map(({ kind, place }) => [kind, place]),
      [
        ['disc', null],
        ['fovea', null],
      ],
    );
    await page.keyboard.press('Escape');
    await page.getByTestId('replay-page').waitFor({ state: 'detached' });
    await page.close();
  });

  test('mammograms have no landmarks', async () => {
    const page = await openReplay('MG');
    assert.equal(await page.getByRole('button', { name: 'Mark disc' }).count(), 0);
    await page.keyboard.press('d');
    assert.equal(await page.getByTestId('landmark-target').count(), 0);
    await page.close();
  });
});
