import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { measureLabelAgreement, type ScoredPair } from '../../../trainer/mining/label-agreement.ts';

const options = { topShare: 0.1, rounds: 200, seed: 1 };

function pairsOf(count: number, relationOf: (a: number, b: number) => number): ScoredPair[] {
  const pairs: ScoredPair[] = [];
  for (let a = 0; a < count; a += 1)
    for (let b = a + 1; b < count; b += 1) pairs.push({ a, b, relation: relationOf(a, b) });
  return pairs;
}

const labels = Array.from({ length: 30 }, (_, i) => i % 3 === 0);
/** 10 yes and 20 no: (45 + 190) of 435 pairs have one label. */
const base = 235 / 435;

test('relations that follow the labels give an AUC of 1, a lift of 1 / base and a shuffled control at chance', () => {
  const result = measureLabelAgreement(
    pairsOf(30, (a, b) => (labels[a] === labels[b] ? 0.9 : 0.2)),
    labels,
    options,
  );
  assert.ok(result !== undefined);
  assert.ok(Math.abs(result.base - base) < 1e-12);
  assert.equal(result.auc.value, 1);
  assert.ok(Math.abs(result.lift.value - 1 / base) < 1e-12);
  assert.ok(Math.abs(result.controlAuc.value - 0.5) < 0.02);
  assert.ok(Math.abs(result.controlLift.value - 1) < 0.1);
  assert.equal(result.pValue, 1 / 201);
});

test('equal relations say nothing: AUC one half, lift 1', () => {
  const result = measureLabelAgreement(
    pairsOf(30, () => 0.5),
    labels,
    options,
  );
  assert.ok(result !== undefined);
  assert.ok(Math.abs(result.auc.value - 0.5) < 1e-12);
  assert.ok(Math.abs(result.lift.value - 1) < 1e-12);
  assert.equal(result.pValue, 1);
});

test('the AUC is the share of won comparisons, counted one by one', () => {
  const random = createRandom(2);
  const pairs = pairsOf(12, () => random.below(5));
  const some = labels.slice(0, 12);
  let [won, all] = [0, 0];
  for (const same of pairs.filter(({ a, b }) => some[a] === some[b]))
    for (const other of pairs.filter(({ a, b }) => some[a] !== some[b])) {
      all += 1;
      won += same.relation > other.relation ? 1 : same.relation === other.relation ? 0.5 : 0;
    }
  const result = measureLabelAgreement(pairs, some, options);
  assert.ok(Math.abs((result?.auc.value ?? 0) - won / all) < 1e-12);
});

test('random relations stay within their interval, and one label alone says nothing', () => {
  const random = createRandom(9);
  const result = measureLabelAgreement(
    pairsOf(30, () => random.next()),
    labels,
    options,
  );
  assert.ok(result !== undefined && result.auc.low < 0.5 && result.auc.high > 0.5);
  assert.equal(
    measureLabelAgreement(
      pairsOf(5, () => 1),
      labels.slice(0, 5).map(() => true),
      options,
    ),
    undefined,
  );
});

const shared = path.resolve(import.meta.dirname, '../../../../shared/data/gaze-cxrp');

test(
  'the report on a folder of real chest X-ray gaze has every measure with its control',
  { skip: existsSync(shared) ? false : 'the shared recordings are absent' },
  (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fovea-agreement-'));
    t.after(() => rmSync(folder, { recursive: true }));
    // A part of the recordings: whether the answer is found, not what it is.
    const recorded = JSON.parse(
      readFileSync(path.join(shared, 'cxr_gaze_data.json'), 'utf8'),
    ) as unknown[];
    writeFileSync(path.join(folder, 'cxr_gaze_data.json'), JSON.stringify(recorded.slice(0, 30)));
    const labelsFile = 'chest_tube_labels.json';
    copyFileSync(path.join(shared, labelsFile), path.join(folder, labelsFile));
    const script = path.resolve(import.meta.dirname, '../../../scripts/agreement.ts');
    const output = execFileSync(process.execPath, [script, folder], { encoding: 'utf8' }).trim();
    const lines = output.split('\n');
    assert.match(lines.pop() ?? '', /shuffled labels/u);
    type Row = { measure: string; pairs: number; controlAuc: [number, number, number] };
    const rows = lines.map((line) => JSON.parse(line) as Row);
    assert.equal(new Set(rows.map(({ measure }) => measure)).size, 6);
    for (const { pairs, controlAuc } of rows) {
      assert.equal(pairs, 435);
      assert.ok(Math.abs(controlAuc[0] - 0.5) < 0.02);
    }
  },
);
