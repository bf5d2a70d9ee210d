import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { PaneState } from '../../../renderer/gaze/recording.ts';
import type { Orientation } from '../../../renderer/viewer/pane-state.ts';
import { createRandom } from '../../../shared/random.ts';
import { makeSmallDicom } from '../../fixtures/small-dicom.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, servePage } from '../serve.ts';
import { image, openViewer, pictureFolder } from './viewer-pictures.ts';

const acts = ['horizontal', 'vertical', 'turn'] as const;
type Act = (typeof acts)[number];
const side = 64;
const grey = Array.from({ length: side * side }, (_, i) => i);

type Matrix = readonly [number, number, number, number];

/** Image pixels by CSS pixels: the linear part of the map, row by row. */
const linear = ({ m00, m01, m10, m11 }: PaneState): Matrix => [m00, m01, m10, m11];

/** Linear part once the screen was mirrored at its upright or level axis, or turned clockwise by a quarter. */
function changed([a, b, c, d]: Matrix, act: Act): Matrix {
  const after: Readonly<Record<Act, Matrix>> = {
    horizontal: [-a, b, -c, d],
    vertical: [a, -b, c, -d],
    turn: [-b, a, -d, c],
  };
  return after[act];
}

/** The same from its name: flipped first, then turned clockwise. */
function named(scale: number, { flipHorizontal, flipVertical, rotation }: Orientation): Matrix {
  const [x, y] = [flipHorizontal ? -scale : scale, flipVertical ? -scale : scale];
  const angle = (rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos, x * sin, -y * sin, y * cos];
}

function assertClose(found: Matrix, expected: Matrix, what: string): void {
  const worst = Math.max(...found.map((value, k) => Math.abs(value - (expected[k] ?? Number.NaN))));
  assert.ok(worst < 1e-6, `${what}: ${found.join(' ')} for ${expected.join(' ')}`);
}

describe('a picture in a pane', { skip: browserMissing }, () => {
  const { folder, files, put } = pictureFolder();
  let served: ServedPage;
  let browser: Browser;

  before(async () => {
    put('grey.dcm', makeSmallDicom(grey));
    put('bright-air.dcm', makeSmallDicom(grey.toReversed(), { photometric: 'MONOCHROME1' }));
    served = await servePage(path.join(import.meta.dirname, 'viewer-page'), files);
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await served?.close();
    rmSync(folder, { recursive: true });
  });

  test('is flipped and turned as it is seen, any flip is undone by another, and its name says how it lies', async () => {
    const page = await openViewer(browser, served.url, 1);
    await page.evaluate((images) => window.viewerDriver.open('OT', images), [image(1, 'grey.dcm')]);
    // Zoomed and moved.
    await page.evaluate(() => window.viewerDriver.wander(3, 1));
    const random = createRandom(5);
    const drawn = Array.from({ length: 40 }, () => acts[random.below(acts.length)] ?? 'turn');
    const all = drawn.flatMap((act) => (act === 'turn' ? [act] : [act, act, act]));
    const found = await page.evaluate((list) => window.viewerDriver.lie(0, list), all);
    assert.equal(found.length, all.length + 1);
    const met = new Set<string>();
    for (const [i, act] of all.entries()) {
      const [before, after] = [found[i], found[i + 1]];
      assert.ok(before !== undefined && after !== undefined);
      const lies = linear(after.state);
      assertClose(lies, changed(linear(before.state), act), `${i} ${act}`);
      const scale = Math.hypot(before.state.m00, before.state.m10);
      assertClose(lies, named(scale, after.orientation), `${i} ${act}, by its name`);
      met.add(Object.values(after.orientation).join());
      if (act === 'turn' || all[i - 1] !== act) continue;
      const earlier = found[i - 1]?.state;
      for (const place of ['m02', 'm12'] as const)
        assert.ok(Math.abs(after.state[place] - (earlier?.[place] ?? Number.NaN)) < 1e-3);
    }
    assert.ok(met.size >= 8, [...met].join(' '));
    await page.close();
  });

  for (const name of ['grey.dcm', 'bright-air.dcm'])
    test(`is called inverted by what a reader did to it, not by how it came: ${name}`, async () => {
      const page = await openViewer(browser, served.url, 1);
      await page.evaluate((images) => window.viewerDriver.open('OT', images), [image(1, name)]);
      const isInverted = async (): Promise<boolean> => {
        const told = (await page.evaluate(() => window.viewerDriver.news()))[0]?.at(-1);
        return told?.kind === 'shown' ? told.inverted : assert.fail(JSON.stringify(told));
      };
      assert.equal(await isInverted(), false);
      for (const after of [true, false]) {
        await page.evaluate(() => window.viewerDriver.invert(0));
        assert.equal(await isInverted(), after);
      }
      await page.close();
    });
});
