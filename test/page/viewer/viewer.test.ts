import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { PaneState } from '../../../renderer/gaze/recording.ts';
import { mapToImage } from '../../../shared/gaze/map-to-image.ts';
import type { GazeSample, ViewportState } from '../../../shared/gaze/samples.ts';
import { makePng } from '../../fixtures/broken-files.ts';
import { makeSmallDicom, sequenceOf } from '../../fixtures/small-dicom.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, servePage } from '../serve.ts';
import { image, openViewer, pictureFolder } from './viewer-pictures.ts';

const { folder, files, put } = pictureFolder();

const side = 64;
const block = 8;
/** Even squares of grey, so that smoothing between pixels changes nothing in their middle. */
const squares = (values: readonly number[]): number[] =>
  Array.from({ length: side * side }, (_, i) => {
    const square = Math.floor(i / side / block) * (side / block) + Math.floor((i % side) / block);
    return values[square] ?? 0;
  });
const greys = Array.from({ length: (side / block) ** 2 }, (_, i) => 100 + i * 60);

describe('the viewer', { skip: browserMissing }, () => {
  let served: ServedPage;
  let browser: Browser;

  before(async () => {
    served = await servePage(path.join(import.meta.dirname, 'viewer-page'), files);
    browser = await launchBrowser();
  });

  after(async () => {
    await browser.close();
    await served.close();
    rmSync(folder, { recursive: true });
  });

  const openPage = (deviceScaleFactor: number): Promise<Page> =>
    openViewer(browser, served.url, deviceScaleFactor);

  for (const ratio of [1, 1.5, 2])
    test(`gaze lands where cornerstone puts it, at ${ratio} device pixels a CSS pixel`, async () => {
      const page = await openPage(ratio);
      const four = (['R', 'L'] as const).flatMap((laterality, i) =>
        ['CC', 'MLO'].map((viewPosition, j) =>
          image(
            10 + i * 2 + j,
            put(`wide-${i}-${j}.dcm`, makeSmallDicom(squares(greys), { rows: 32 + 32 * i })),
            { laterality, viewPosition },
          ),
        ),
      );
      await page.evaluate((images) => window.viewerDriver.open('MG', images), four);
      const start = await page.evaluate(() => window.viewerDriver.states());
      assert.equal(new Set(start.map(({ imageId }) => imageId)).size, 4);
      const rounds = await page.evaluate(() => window.viewerDriver.wander(7, 120));

      // The page lies somewhere on the screen and is zoomed: neither may show in the result.
      const geometry = {
        contentXDip: 37,
        contentYDip: -12.5,
        zoomFactor: 1.25,
        devicePixelRatio: ratio,
      };
      const timeline: ViewportState[] = [];
      const push = (states: readonly PaneState[], tUs: number): void => {
        for (const state of states) timeline.push({ ...state, ...geometry, tUs });
      };
      push(start, 0);
      const samples: GazeSample[] = [];
      const wanted: { x: number; y: number; imageId: number | null }[] = [];
      const shown = new Map(start.map((state) => [state.pane, state.imageId]));
      for (const [i, { states, probes }] of rounds.entries()) {
        push(states, i * 1000 + 1);
        for (const { pane, xCss, yCss, x, y } of probes) {
          samples.push({
            tUs: i * 1000 + 500,
            xDip: geometry.contentXDip + xCss * geometry.zoomFactor,
            yDip: geometry.contentYDip + yCss * geometry.zoomFactor,
            valid: true,
            confidence: null,
          });
          wanted.push({ x, y, imageId: shown.get(pane) ?? null });
        }
      }
      let worst = 0;
      for (const [i, sample] of mapToImage(samples, timeline).entries()) {
        const want = wanted[i];
        assert.ok(want !== undefined && sample.imageId !== null && sample.imageId === want.imageId);
        worst = Math.max(worst, Math.hypot(sample.x - want.x, sample.y - want.y));
      }
      assert.equal(samples.length, 960);
      const linear = new Set(
        timeline.map(({ m00, m01, m10, m11 }) =>
          [m00, m01, m10, m11].map((m) => (Math.abs(m) < 1e-9 ? 0 : Math.sign(m))).join(),
        ),
      );
      assert.equal(linear.size, 8, 'every flip and quarter turn was met');
      assert.ok(worst < 0.01, `${worst} px`);
      await page.close();
    });

  /** Worst distance between what is drawn and what `grey` gives, in grey levels. */
  async function worstGrey(name: string, grey: (value: number) => number): Promise<number> {
    const page = await openPage(1);
    await page.evaluate((images) => window.viewerDriver.open('OT', images), [image(1, name)]);
    const found = await page.evaluate(
      ([count, step]) =>
        Array.from({ length: count * count }, (_, i) =>
          window.viewerDriver.greyAt(
            0,
            (i % count) * step + step / 2,
            Math.floor(i / count) * step + step / 2,
          ),
        ),
      [side / block, block] as const,
    );
    await page.close();
    return Math.max(...greys.map((value, i) => Math.abs((found[i] ?? Number.NaN) - grey(value))));
  }

  const clamp = (grey: number): number => Math.min(255, Math.max(0, grey));
  const linear = (value: number): number => clamp(((value - 1999.5) / 2999 + 0.5) * 255);
  const sigmoid = (value: number): number => 255 / (1 + Math.exp((-4 * (value - 2000)) / 1500));
  const voi = [2000, 3000] as const;

  test('a window is drawn as PS3.3 C.11.2.1.2 says, either photometric interpretation', async () => {
    const two = put('linear-2.dcm', makeSmallDicom(squares(greys), { rows: side, window: voi }));
    assert.ok((await worstGrey(two, linear)) <= 1);
    const one = put(
      'linear-1.dcm',
      makeSmallDicom(squares(greys), { rows: side, window: voi, photometric: 'MONOCHROME1' }),
    );
    assert.ok((await worstGrey(one, (value) => 255 - linear(value))) <= 1);
  });

  test('a sigmoid window and a VOI LUT are drawn as they are, not as all white or a ramp', async () => {
    const name = put(
      'sigmoid.dcm',
      makeSmallDicom(squares(greys), {
        rows: side,
        window: [2000, 1500],
        windowFunction: 'SIGMOID',
      }),
    );
    assert.ok((await worstGrey(name, sigmoid)) <= 1);
    const lut = Array.from({ length: 4096 }, (_, i) => Math.round(65535 * (i / 4095) ** 2));
    const curved = put(
      'lut.dcm',
      makeSmallDicom(squares(greys), { rows: side, voiLut: { first: 0, lut } }),
    );
    assert.ok((await worstGrey(curved, (value) => (lut[value] ?? 0) / 257)) <= 1);
    const turned = put(
      'lut-1.dcm',
      makeSmallDicom(squares(greys), {
        rows: side,
        voiLut: { first: 0, lut },
        photometric: 'MONOCHROME1',
      }),
    );
    assert.ok((await worstGrey(turned, (value) => 255 - (lut[value] ?? 0) / 257)) <= 1);
  });

  test('what lies above the stored bits is not drawn, and a window without width is none', async () => {
    const overlaid = squares(greys).map((value, i) => value | ((i % 3) << 12));
    const more = { rows: side, bitsStored: 12 };
    const name = put('overlay.dcm', makeSmallDicom(overlaid, { ...more, window: voi }));
    assert.ok((await worstGrey(name, linear)) <= 1);
    const least = Math.min(...greys);
    const span = Math.max(...greys) - least;
    const whole = (value: number): number => ((value - least) / span) * 255;
    const ranged = put('overlay-range.dcm', makeSmallDicom(overlaid, more));
    assert.ok((await worstGrey(ranged, whole)) <= 1);
    const flat = put('flat.dcm', makeSmallDicom(squares(greys), { rows: side, window: [2000, 0] }));
    assert.ok((await worstGrey(flat, whole)) <= 1);
  });

  test('a VOI LUT is drawn whether it has numbers, words or bytes, from 0 on or below', async () => {
    const lut = Array.from({ length: 4096 }, (_, i) => Math.round(255 * (i / 4095) ** 2));
    const words = (values: readonly number[]): Buffer =>
      Buffer.from(Uint16Array.from(values).buffer);
    for (const [vr, bits, entries, first] of [
      ['US', 16, words(lut.map((value) => value * 257)), 0],
      ['OW', 8, words(lut), 0],
      ['OW', 8, Buffer.from(lut), 0],
      ['OW', 8, words(lut), -100],
    ] as const) {
      const elements = [
        sequenceOf(0x00283010, [
          [0x00283002, 'US', words([lut.length, first & 0xffff, bits])],
          [0x00283006, vr, entries],
        ]),
      ];
      const name = put(
        `lut-${vr}-${entries.length}-${first}.dcm`,
        makeSmallDicom(squares(greys), { rows: side, elements, signed: first < 0 }),
      );
      assert.ok((await worstGrey(name, (value) => lut[value - first] ?? 0)) <= 1, name);
    }
  });

  test('an image that cannot be shown says so in its pane and the other is shown', async () => {
    const page = await openPage(1);
    const broken = put(
      'broken.dcm',
      makeSmallDicom(squares(greys), { rows: side }).subarray(0, 900),
    );
    const whole = put('whole.png', makePng(3, 64));
    await page.evaluate(
      (images) => window.viewerDriver.open('OP', images),
      [
        image(1, broken, { laterality: 'R', viewPosition: '' }),
        image(2, whole, { laterality: 'L', viewPosition: '' }),
      ],
    );
    const news = await page.evaluate(() => window.viewerDriver.news());
    assert.deepEqual(
      news.map((list) => list.at(-1)?.kind),
      ['failed', 'shown'],
    );
    await page.close();
  });

  test('a picture of 4,000 x 5,000 is shown, and closing gives its memory back', async () => {
    const page = await openPage(1);
    const values = Array.from({ length: 4000 * 5000 }, (_, i) => (i * 7) % 4096);
    const large = put('large.dcm', makeSmallDicom(values, { rows: 5000, window: voi }));
    await page.evaluate((images) => window.viewerDriver.open('OT', images), [image(1, large)]);
    const [last] = (await page.evaluate(() => window.viewerDriver.news())).map((list) =>
      list.at(-1),
    );
    assert.equal(last?.kind, 'shown');
    assert.ok((await page.evaluate(() => window.viewerDriver.cachedBytes())) >= 4e7);
    await page.evaluate(() => window.viewerDriver.close());
    assert.equal(await page.evaluate(() => window.viewerDriver.cachedBytes()), 0);
    const states = await page.evaluate(() => window.viewerDriver.states());
    assert.equal(states.at(-1)?.imageId, null, 'the pane shows nothing from now on');
    await page.close();
  });
});
