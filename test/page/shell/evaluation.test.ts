import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import type {
  EvaluatedEncoder,
  EvaluationResult,
  Figure,
  MethodResult,
  PairedDifference,
  PartCounts,
} from '../../../shared/training/evaluation-result.ts';
import { browserMissing, launchBrowser } from '../browser.ts';
import { type ServedPage, serveProduct } from '../serve.ts';
import { endedRun } from './ended-run.ts';
import { calls, openShell, takeScreenshots } from './shell-page.ts';

const around = (value: number, half: number): Figure => ({
  value,
  low: value - half,
  high: value + half,
});

const measured = (
  method: MethodResult['method'],
  auc: number,
  chosen: { readonly name: 'k' | 'lambda' | 'epochs'; readonly value: number },
): MethodResult => ({
  method,
  result: {
    outcome: 'measured',
    auc: { ...around(auc, 0.07), standardError: 0.035 },
    balancedAccuracy: around(auc - 0.08, 0.06),
    accuracy: around(auc - 0.05, 0.06),
    chosen: { ...chosen, candidates: [1, 5, 20], validationScore: 0.7 },
  },
});

const part = (benign: number, malignant: number): PartCounts => ({
  patients: benign + malignant,
  images: 4 * (benign + malignant),
  patientsByClass: [benign, malignant],
  imagesByClass: [4 * benign, 4 * malignant],
});
const split = { train: part(130, 62), validation: part(43, 21), test: part(42, 20) };

const fresh: EvaluatedEncoder = { sha256: 'a', runId: 3, role: 'new' };
const champion: EvaluatedEncoder = { sha256: 'b', runId: 2, role: 'champion' };
const difference = (
  method: PairedDifference['method'],
  auc: Figure,
  pValue: number,
): PairedDifference => ({
  method,
  against: champion,
  auc,
  balancedAccuracy: around(0.02, 0.04),
  accuracy: around(-0.01, 0.04),
  deLong: { standardError: 0.02, z: 1, pValue },
});

const evaluation: EvaluationResult = {
  outcome: 'measured',
  classes: ['benign', 'malignant'],
  labels: {
    kind: 'file',
    labelSetId: 1,
    name: 'biopsies.csv',
    fileSha256: 'f',
    sha256: 'e',
  },
  split,
  rule: { patientsPerClass: 3, testPatientsPerClass: 5 },
  bootstrap: { rounds: 2000, seed: 1 },
  simulated: true,
  encoders: [
    {
      encoder: fresh,
      methods: [
        measured('k-nn', 0.741, { name: 'k', value: 5 }),
        measured('linear-probe', 0.782, { name: 'lambda', value: 0.1 }),
        measured('fine-tuning', 0.823, { name: 'epochs', value: 12 }),
      ],
    },
    {
      encoder: champion,
      methods: [
        measured('k-nn', 0.735, { name: 'k', value: 20 }),
        measured('linear-probe', 0.713, { name: 'lambda', value: 1 }),
        { method: 'fine-tuning', result: { outcome: 'refused', reason: 'failed', details: {} } },
      ],
    },
  ],
  differences: [
    difference('k-nn', around(0.006, 0.05), 0.81),
    difference('linear-probe', around(0.069, 0.05), 0.0004),
  ],
};

const rowsOf = async (table: Locator): Promise<readonly string[]> =>
  (await table.locator('tbody tr').allInnerTexts()).map((row) => row.replaceAll(/\s+/gu, ' '));

describe('the evaluation on the training page', { skip: browserMissing }, () => {
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

  test('a run shows its split, its figures and how it stands to the champion', async () => {
    const run = endedRun(3, { evaluation, log: ['The encoder was not fine-tuned: out of memory'] });
    const { page, trouble } = await openShell(browser, served.url, { runs: [run] });
    await page.keyboard.press('Alt+3');
    const shown = page.getByTestId('evaluation');
    await shown.waitFor();
    assert.deepEqual(await rowsOf(shown.getByTestId('split')), [
      'Labelled 192 (768) 64 (256) 62 (248)',
      'benign 130 (520) 43 (172) 42 (168)',
      'malignant 62 (248) 21 (84) 20 (80)',
    ]);
    assert.deepEqual(await rowsOf(shown.getByTestId('figures')), [
      'Run 3 nearest neighbours k = 5 0.741 0.671 to 0.811 0.661 0.601 to 0.721 0.691 0.631 to 0.751',
      'linear probe penalty 0.1 0.782 0.712 to 0.852 0.702 0.642 to 0.762 0.732 0.672 to 0.792',
      'fine-tuning epoch 12 of 20 0.823 0.753 to 0.893 0.743 0.683 to 0.803 0.773 0.713 to 0.833',
      'Run 2 (champion) nearest neighbours k = 20 0.735 0.665 to 0.805 0.655 0.595 to 0.715 0.685 0.625 to 0.745',
      'linear probe penalty 1 0.713 0.643 to 0.783 0.633 0.573 to 0.693 0.663 0.603 to 0.723',
      'fine-tuning it failed, and the trainer’s words are in the log.',
    ]);
    const differences = await rowsOf(shown.getByTestId('differences'));
    assert.match(
      differences[0] ?? '',
      /\+0\.006 −0\.044 to \+0\.056 0\.810 .* No difference shown$/u,
    );
    assert.match(differences[1] ?? '', /\+0\.069 .* < 0\.001 .* AUC higher$/u);
    await shown.getByText('Run 3 less Run 2 (champion)').waitFor();
    await shown.getByText('AUC of "malignant" against the other class.').waitFor();
    await page.getByText('Last lines of the trainer').click();
    await page.getByText('out of memory').waitFor();
    await shown.getByText('Simulated readings, images or labels').scrollIntoViewIfNeeded();
    await takeScreenshots(page, 'evaluation');
    await shown.getByRole('heading', { level: 3 }).evaluate((title) => title.scrollIntoView());
    await takeScreenshots(page, 'evaluation-top');
    assert.deepEqual(trouble, []);
  });

  test('a run that could not be judged says what is missing', async () => {
    const refused: EvaluationResult = {
      outcome: 'refused',
      reason: 'too-few-patients',
      details: { class: 'malignant', part: 'test', found: 2, needed: 5 },
      split: { ...split, test: part(42, 2) },
      classes: ['benign', 'malignant'],
    };
    const run = endedRun(3, { evaluation: refused });
    const { page } = await openShell(browser, served.url, { runs: [run] });
    await page.keyboard.press('Alt+3');
    await page
      .getByText('class "malignant" has 2 patients in the part "Test" and needs 5.')
      .waitFor();
    assert.equal((await rowsOf(page.getByTestId('evaluation').getByTestId('split'))).length, 3);
    assert.equal(await page.getByTestId('figures').count(), 0);
  });

  test('the frozen split is shown without any run, and by the keyboard', async () => {
    const { page, trouble } = await openShell(browser, served.url);
    await page.keyboard.press('Alt+3');
    const summary = page.getByText('Frozen split by patient');
    await summary.focus();
    await page.keyboard.press('Enter');
    const table = page.getByTestId('frozen-split').getByTestId('split');
    await table.waitFor();
    assert.deepEqual(await rowsOf(table), [
      'All 214 (812) 71 (268) 70 (264)',
      'Labelled 192 (768) 64 (256) 62 (248)',
      'benign 130 (520) 43 (172) 42 (168)',
      'malignant 62 (248) 21 (84) 20 (80)',
    ]);
    await page.getByText('Labels: an imported file.').waitFor();
    await page.getByText('Skip lines that name no image').click();
    await page.getByTestId('choose-labels').setInputFiles({
      name: 'biopsies.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('file,label\na.png,benign\n'),
    });
    await page.getByText('Labels of 254 images; lines skipped: 3.').waitFor();
    assert.equal((await calls(page, 'split.overview')).length, 2);
    // The two columns scroll by themselves: a tick box deep in one must not make the page longer.
    const over = await page
      .locator('#content')
      .evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
    assert.equal(over, 0);
    await page.getByText('Labels: an imported file.').scrollIntoViewIfNeeded();
    await takeScreenshots(page, 'frozen-split');
    assert.deepEqual(trouble, []);
  });
});
