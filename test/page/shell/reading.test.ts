import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import type { StudyDetail } from '../../../shared/ipc/answers.ts';
import { waitFor } from '../../fixtures/wait-for.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { calls, openShell, takeScreenshots } from './shell-page.ts';

const study: StudyDetail = {
  studyId: 1,
  patient: 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh Maximiliane-Antoinette',
  description: 'Fundus photograph of the left eye, with a description as long as the name',
  modality: 'OP',
  studyDate: '2026-11-05',
  images: 1,
  status: 'unread',
  assessment: null,
  simulated: false,
  demonstration: true,
  priors: [],
  imageList: [
    {
      imageId: 7,
      url: '/fundus.jpg',
      format: 'jpeg',
      laterality: 'L',
      viewPosition: null,
      rows: 340,
      columns: 512,
      frames: 1,
      transferSyntax: null,
      simulated: false,
      attribution: '',
    },
  ],
};

/** The same patient two years before, with one eye of two on show. */
const earlier: StudyDetail = {
  ...study,
  studyId: 2,
  description: 'Control',
  studyDate: '2024-11-05',
  imageList: study.imageList.map((image) => ({ ...image, imageId: 8, url: '/earlier.jpg' })),
};

/** Of what a recording sends, what is looked at here. */
type Batch = { readonly states: readonly { readonly imageId: number | null }[] };

/** Puts studies before the station of the page, of which the first one is to be read. */
function installStudies(list: readonly StudyDetail[]): void {
  const before = window.station;
  const answers: Readonly<Record<string, (input: { readonly studyId: number }) => unknown>> = {
    'study.open': ({ studyId }) => list.find((each) => each.studyId === studyId) ?? list[0],
    'reading.start': () => ({ readingId: 1 }),
    'reading.leave': () => ({}),
    'reading.gaze': () => ({ samples: 0, states: 0 }),
  };
  Object.assign(window, {
    station: {
      on: (topic: string, listener: (value: unknown) => void) => before.on(topic, listener),
      call: (name: string, input: { readonly studyId: number }) => {
        const answer = answers[name];
        if (answer === undefined) return before.call(name, input);
        (window.fake.calls as { name: string; input: unknown }[]).push({ name, input });
        return Promise.resolve({ ok: true, value: answer(input) });
      },
    },
  });
}

describe('a study being read', { skip: browserMissing }, () => {
  let served: ServedPage;
  let browser: Browser;
  before(async () => {
    served = await serveProduct({
      'fundus.jpg': path.resolve(
        import.meta.dirname,
        '../../../assets/demonstration/fundus/0006.jpg',
      ),
      'earlier.jpg': path.resolve(
        import.meta.dirname,
        '../../../assets/demonstration/fundus/0022.jpg',
      ),
    });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.close();
  });

  async function openReading(
    studies: readonly StudyDetail[] = [study],
    { record = false } = {},
  ): Promise<Page> {
    const { page } = await openShell(browser, served.url, {
      state: { consent: { record, train: false, export: false, atMs: 1 } },
    });
    await page.evaluate(installStudies, studies);
    await page.getByText('Phantom 00001').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="pane"][data-shown="true"]').waitFor();
    return page;
  }
  const told = async (page: Page): Promise<number> => (await calls(page, 'reading.input')).length;

  test('tells main of keys, wheel and drags, at most once in 400 ms, and of nothing once it is left', async () => {
    const page = await openReading();
    const pane = await page.getByTestId('pane').boundingBox();
    assert.ok(pane !== null);
    const [x, y] = [pane.x + pane.width / 2, pane.y + pane.height / 2];
    let before = await told(page);
    /** Waits until the next input is told again, and counts what `act` tells. */
    const toldBy = async (act: () => Promise<void>): Promise<number> => {
      await page.waitForTimeout(500);
      before = await told(page);
      await act();
      return (await told(page)) - before;
    };
    assert.equal(await toldBy(() => page.keyboard.press('i')), 1);
    assert.equal(await toldBy(() => page.mouse.move(x, y, { steps: 4 })), 0);
    assert.equal(await toldBy(() => page.mouse.wheel(0, -100)), 1);
    await page.mouse.down();
    assert.ok((await toldBy(() => page.mouse.move(x + 30, y))) === 1);
    await page.mouse.up();
    const burst = await toldBy(() =>
      page.evaluate(() => {
        for (let i = 0; i < 20; i += 1)
          window.dispatchEvent(new KeyboardEvent('keydown', { key: 'i' }));
      }),
    );
    assert.equal(burst, 1);
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    assert.equal(await toldBy(() => page.keyboard.press('ArrowDown')), 0);
    await page.close();
  });

  test('says on the picture what was flipped, turned or inverted, until it is put back', async () => {
    const page = await openReading();
    const shown = page.locator('[data-testid="pane"][data-shown="true"]');
    await shown.waitFor();
    const said = async (): Promise<readonly string[]> =>
      (await shown.locator('strong').allTextContents()).slice(1);
    assert.deepEqual(await said(), []);
    for (const key of ['h', 'v', 't', 'i']) await page.keyboard.press(key);
    await shown.getByText('inverted').waitFor();
    assert.deepEqual(await said(), [
      'flipped left-right',
      'flipped up-down',
      'turned 90°',
      'inverted',
    ]);
    await takeScreenshots(page, 'reading-flipped');
    await page.keyboard.press('h');
    await shown.getByText('flipped left-right').waitFor({ state: 'detached' });
    // The mirror image of a picture turned to the right is turned to the left.
    assert.deepEqual(await said(), ['flipped up-down', 'turned 270°', 'inverted']);
    await page.keyboard.press('r');
    await shown.getByText('inverted').waitFor({ state: 'detached' });
    assert.deepEqual(await said(), []);
    await page.close();
  });

  test('puts an earlier study in its place and comes back, and keeps no gaze on it', async () => {
    const { studyId, studyDate, description } = earlier;
    const read = { ...study, priors: [{ studyId, studyDate, description }] };
    const page = await openReading([read, earlier], { record: true });
    const shown = page.locator('[data-testid="pane"][data-shown="true"]');
    const choice = (name: string): Locator => page.getByRole('radio', { name });
    const batches = async (): Promise<readonly Batch[]> =>
      (await calls(page, 'reading.gaze')) as readonly Batch[];
    /** Image ids of all states that were told so far; those of this moment are among them after two more batches. */
    const told = async (): Promise<readonly (number | null)[]> => {
      const before = (await batches()).length;
      let moves = 0;
      const haveCome = async (): Promise<boolean> => {
        moves += 1;
        await page.mouse.move(300 + 20 * (moves % 5), 300);
        return (await batches()).length >= before + 2;
      };
      await waitFor(haveCome, 'two more batches of gaze', 100);
      return (await batches()).flatMap(({ states }) => states.map(({ imageId }) => imageId));
    };
    assert.deepEqual([...new Set(await told())], [7]);
    await page.keyboard.press('e');
    await shown.getByText('EARLIER 2024-11-05').waitFor();
    assert.equal(await choice('Control').getAttribute('aria-checked'), 'true');
    await takeScreenshots(page, 'reading-earlier');
    // Whatever is done to the earlier picture is no state of the reading.
    for (const key of ['h', '+', 'i']) await page.keyboard.press(key);
    await shown.getByText('inverted').waitFor();
    const during = await told();
    assert.deepEqual([...new Set(during)], [7, null]);
    assert.equal(during.at(-1), null);
    // The assessment is that of the study that is read.
    await page.keyboard.press('2');
    await page.keyboard.press('e');
    await page.getByText('EARLIER 2024-11-05').first().waitFor({ state: 'detached' });
    await shown.waitFor();
    assert.equal((await told()).at(-1), 7);
    assert.equal(await choice('Benign').getAttribute('aria-checked'), 'true');
    await choice('Control').click();
    await shown.getByText('EARLIER 2024-11-05').waitFor();
    await choice('this study').click();
    await page.getByText('EARLIER 2024-11-05').first().waitFor({ state: 'detached' });
    await page.close();
  });

  test('shows its keys in a dialog that a button closes too', async () => {
    const page = await openReading();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.getByText('next pane').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.close();
  });

  test('says why nothing is recorded beside the longest name', async () => {
    const page = await openReading();
    const why = page.getByTestId('recording').getByText('no consent given: nothing is recorded');
    const [shown, whole] = await why.evaluate((text) => [text.clientWidth, text.scrollWidth]);
    assert.ok(shown !== undefined && whole !== undefined && whole > 100);
    assert.ok(shown >= whole, `${whole} px of text in ${shown} px`);
    await page.getByText('Fundus photo ·').waitFor();
    await page.close();
  });
});
