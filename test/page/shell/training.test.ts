import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encode } from 'fast-png';
import type { Browser, Page } from 'playwright-core';
import type { RunDetail, RunEvent } from '../../../shared/ipc/answers.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { calls, openShell, rowUnderCursor, takeScreenshots } from './shell-page.ts';

const tell = (
  page: Page,
  change: Partial<RunDetail>,
  point: RunEvent['point'] = null,
): Promise<void> =>
  page.evaluate(([change, point]) => window.fake.tellRun(1, change, point), [
    change,
    point,
  ] as const);

const point = (step: number): NonNullable<RunEvent['point']> => ({
  step,
  epoch: step / 12,
  loss: -0.9 + 0.85 * Math.exp(-step / 25) + 0.02 * Math.sin(step * 1.7),
  learningRate: 0.05 * (step < 12 ? step / 12 : (1 + Math.cos((Math.PI * step) / 120)) / 2),
  imagesPerSecond: 41 + 3 * Math.sin(step),
  embeddingSpread: 0.6 + 0.2 * (1 - Math.exp(-step / 30)),
});

/** Relations around a middle, as counts over 200 parts of [0, 1]. */
const bell = (middle: number, count: number): number[] =>
  Array.from({ length: 200 }, (_, i) =>
    Math.round((count * Math.exp(-((i / 200 - middle) ** 2) / 0.005)) / 25),
  );
const group = (compared: number, found: number) => ({
  group: 'OP',
  threshold: 0.7,
  falsePositiveRate: 0.05,
  compared,
  found,
  falseDiscoveryRate: 0.3,
  chancePairs: 4000,
  chancePartCounts: [],
  chanceCounts: bell(0.6, 4000),
  pairCounts: bell(0.66, compared),
});
const mined = [
  {
    measure: 'difference-hash',
    images: 48,
    compared: 1128,
    found: 212,
    undefinedPairs: 0,
    agreement: null,
    groups: [group(1128, 212)],
  },
  {
    measure: 'multimatch',
    images: 48,
    compared: 1114,
    found: 97,
    undefinedPairs: 14,
    groups: [group(1114, 97)],
    agreement: {
      pairs: 1114,
      base: 0.41,
      lift: { value: 1.31, low: 1.12, high: 1.5 },
      auc: { value: 0.61, low: 0.56, high: 0.66 },
      controlLift: { value: 1, low: 0.86, high: 1.15 },
      controlAuc: { value: 0.5, low: 0.46, high: 0.54 },
      pValue: 0.0025,
    },
  },
] as const;

/** A grey ball before black, as a PNG file. */
function phantom(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at += 1) {
    const x = ((at % width) / width - 0.5) * 2.2;
    const y = (Math.floor(at / width) / height - 0.5) * 2.2;
    data[at] = 190 * Math.sqrt(Math.max(0, 1 - x * x - y * y));
  }
  return encode({ width, height, data, channels: 1, depth: 8 });
}

describe('the training and pairs pages', { skip: browserMissing }, () => {
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

  test('a run is started, watched, paused, resumed and ends with an encoder', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+3');
    await page.getByText('No runs yet').waitFor();
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    const state = page.getByTestId('run-state');
    await state.getByText('Waiting').waitFor();
    const started = await page.evaluate(
      () => window.fake.calls.find(({ name }) => name === 'run.start')?.input,
    );
    assert.deepEqual(started, demonstrationConfiguration);
    // Another one can be queued while it waits.
    await page.getByRole('button', { name: 'Add to the queue' }).waitFor();

    await tell(page, {
      state: 'running',
      queuePlace: null,
      stage: 'mine',
      startedAtMs: 1_790_500_001_000,
      images: 48,
      engine: 'cpu',
      engineReason: 'No graphics device was found, so the processor is used.',
      residentBytes: 412_000_000,
      progress: { done: 300, total: 1128, secondsLeft: 4 },
    });
    await page.getByText('300 of 1,128').waitFor();
    await tell(page, { stage: 'pretrain', mined, simulated: true });
    await page.getByTestId('mined').waitFor();
    for (let step = 1; step <= 80; step += 1)
      await tell(
        page,
        {
          lastLoss: point(step).loss,
          imagesPerSecond: 41,
          progress: { done: step, total: 120, secondsLeft: 120 - step },
        },
        point(step),
      );
    await page.getByText('80 of 120').waitFor();
    const cells = await page.getByTestId('pairs-found').allInnerTexts();
    assert.deepEqual(cells, ['212', '97']);
    // The curve is a picture: it is drawn where its canvas holds pixels of the accent.
    const drawn = await page
      .locator('canvas')
      .first()
      .evaluate((canvas) => {
        if (!(canvas instanceof HTMLCanvasElement)) return 0;
        const pixels = canvas
          .getContext('2d')
          ?.getImageData(0, 0, canvas.width, canvas.height).data;
        if (pixels === undefined) return 0;
        let accent = 0;
        for (let at = 0; at < pixels.length; at += 4)
          if ((pixels[at + 2] ?? 0) > 150 && (pixels[at] ?? 0) < 130) accent += 1;
        return accent;
      });
    assert.ok(drawn > 200, `${drawn} pixels of the curve`);
    await takeScreenshots(page, 'training-running');

    await page.getByRole('button', { name: 'Pause' }).click();
    await state.getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await state.getByText('Running').waitFor();
    await tell(page, {
      state: 'done',
      stage: 'save',
      endedAtMs: 1_790_500_121_000,
      encoder: { file: 'runs/1/encoder.bin', sha256: 'ab12'.repeat(16), parameters: 1_234_567 },
    });
    await page.getByTestId('encoder').getByText('1,234,567').waitFor();
    await page.getByTestId('encoder').getByText('For research only').waitFor();
    await takeScreenshots(page, 'training-done');
    assert.deepEqual(trouble, []);
    await page.close();
  });

  test('a failed run shows its sentence and the last lines; cancelling asks first', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+3');
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    await tell(page, { state: 'running', stage: 'pretrain', queuePlace: null });
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.getByTestId('run-state').getByText('Running').waitFor();
    await tell(page, {
      state: 'failed',
      error: { code: 'trainer-crashed', details: { signal: 'SIGKILL' } },
      log: Array.from({ length: 20 }, (_, line) => `line ${line + 1} of the trainer's output`),
    });
    await page.getByText('line 20 of the trainer').waitFor();
    assert.equal(await page.getByText('The curve appears').count(), 0);
    assert.equal(await page.getByTestId('run-detail').getByRole('alert').count(), 1);
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await takeScreenshots(page, 'training-failed');
    // What would fail again in the same way is not offered to go on.
    await tell(page, { state: 'failed', error: { code: 'loss-not-finite', details: {} } });
    await page.getByText('Lower the learning rate').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Resume' }).count(), 0);
    await page.close();
  });

  test('entries that cannot be used are named and keep the run from starting', async () => {
    const { page } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+3');
    await page.getByLabel('Epochs', { exact: true }).fill('0');
    await page.getByText('Epochs: enter a number from 1 to 1000.').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Mine and pre-train' }).isDisabled());
    await page.getByLabel('Epochs', { exact: true }).fill('2');
    await page.getByText('All settings').click();
    await page.getByLabel('Image height').fill('65');
    await page.getByText('enter a multiple of 32').waitFor();
    await takeScreenshots(page, 'training-form');
    await page.close();
  });

  test('pairs are walked by keyboard with their similarity by name', async () => {
    const { page } = await openShell(browser, served.url);
    await page.route('**/phantom.png', (route) =>
      route.fulfill({ contentType: 'image/png', body: Buffer.from(phantom(512, 640)) }),
    );
    await page.keyboard.press('Alt+3');
    await page.getByRole('button', { name: 'Mine and pre-train' }).click();
    await tell(page, { state: 'done', stage: 'save', mined, simulated: true });
    await page.getByRole('button', { name: 'See its pairs' }).click();
    await page.getByText('450 pairs above 0.7').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    assert.match(await rowUnderCursor(page), /0\.989.*Phantom 00002.*Phantom 00005/u);
    const figures = await page.getByTestId('pair').locator('dt').allInnerTexts();
    assert.deepEqual(figures, [
      'Relation',
      'Shape',
      'Direction',
      'Length',
      'Position',
      'Duration',
      'p (chance)',
      'q (all pairs)',
    ]);
    const shownPair = page.getByTestId('pair');
    assert.match(
      await shownPair.locator('dl').innerText(),
      /Duration\s+0\.73\s+above 73 % of chance/u,
    );
    await page.keyboard.press('v');
    await page.locator('[data-testid="pair"][data-pair="3"]').waitFor();
    await page.keyboard.press('ArrowUp');
    await page.getByText('Refused: later runs leave it out.').waitFor();
    await page.keyboard.press('v');
    await page.getByText('Refused: later runs leave it out.').waitFor({ state: 'detached' });
    await page.keyboard.press('a');
    await page.locator('[data-testid="pair"][data-pair="3"]').waitFor();
    const asked = (await calls(page, 'pair.judge')) as { verdict: string | null }[];
    assert.deepEqual(
      asked.map(({ verdict }) => verdict),
      ['refused', null, 'accepted'],
    );
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByText('Step 2 of 4: look 2 to 4 of A, look 2 to 4 of B').waitFor();
    await page.locator('[data-testid="join"][data-joined="true"]').waitFor({ state: 'attached' });
    for (const title of ['Image A', 'Image B']) {
      const side = page.getByRole('figure', { name: title });
      await side.locator('[data-drawn="true"]').waitFor();
      // Neither side cuts its picture, be it high or wide.
      const [picture, place] = await side.locator('[data-drawn]').evaluate((element) => {
        const box = element.getBoundingClientRect();
        const around = element.parentElement?.getBoundingClientRect();
        return [
          [box.width, box.height],
          [around?.width ?? 0, around?.height ?? 0],
        ] as const;
      });
      assert.ok(
        picture[0] <= place[0] + 1 && picture[1] <= place[1] + 1,
        `${picture.join()} in ${place.join()}`,
      );
      assert.ok(
        picture[0] > place[0] - 2 || picture[1] > place[1] - 2,
        `${picture.join()} in ${place.join()}`,
      );
    }
    await takeScreenshots(page, 'pairs');
    const chance = page.getByTestId('chance');
    const before = await chance.locator('figcaption').innerText();
    await chance.getByRole('slider').focus();
    for (let i = 0; i < 10; i += 1) await page.keyboard.press('ArrowRight');
    await page.getByText('450 pairs above 0.75').waitFor();
    const paged = await calls(page, 'pair.page');
    assert.equal((paged.at(-1) as { atLeast: number }).atLeast, 0.75);
    const share = (text: string): number => Number(/(\d+) %/u.exec(text)?.[1]);
    assert.ok(share(await chance.locator('figcaption').innerText()) < share(before));
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.locator('[data-row="450"]').waitFor();
    await page.close();
  });
});
