import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { checkMultimatchFix } from '../../scripts/golden/multimatch-checks.ts';
import {
  checkLabels,
  checkLatentLoss,
  checkMocoLoss,
  checkSimclrLoss,
} from '../../scripts/golden/loss-checks.ts';
import { checkTima } from '../../scripts/golden/map-checks.ts';
import { checkRollouts } from '../../scripts/golden/rollout-checks.ts';
import { GoldenFolder } from '../../scripts/golden/golden-folder.ts';

const folder = path.resolve(import.meta.dirname, '../../../shared/golden');
const skip = existsSync(folder) ? false : 'the shared reference values are absent';

test('TIMA clusters, moments and similarities of both variants are reproduced', { skip }, () => {
  for (const variant of ['core', 'downstream'] as const)
    for (const result of checkTima(new GoldenFolder(folder), variant))
      assert.ok(result.ok && result.cases > 1000, JSON.stringify(result));
});

test('losses, gradients and labels of the published code are reproduced', { skip }, () => {
  const golden = new GoldenFolder(folder);
  for (const check of [checkMocoLoss, checkLatentLoss, checkSimclrLoss, checkLabels])
    for (const result of [check(golden)].flat())
      assert.ok(result.ok && result.cases > 100, JSON.stringify(result));
});

test('roll-outs of the published code are reproduced, each kind by itself', { skip }, () => {
  const results = checkRollouts(new GoldenFolder(folder));
  assert.equal(results.length, 1 + 2 * 7);
  for (const result of results) assert.ok(result.ok, JSON.stringify(result));
});

/** A changed copy of a file of reference values, alone in a folder that goes away. */
function changedCopy(
  t: TestContext,
  name: string,
  change: (content: Record<string, Record<string, unknown>[]>) => void,
): GoldenFolder {
  const copy = mkdtempSync(path.join(tmpdir(), 'fovea-golden-'));
  t.after(() => rmSync(copy, { recursive: true }));
  const content = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Parameters<
    typeof change
  >[0];
  change(content);
  writeFileSync(path.join(copy, name), JSON.stringify(content));
  return new GoldenFolder(copy);
}

const shift = (from: Record<string, unknown> | undefined, name: string, by: number): void => {
  assert.ok(typeof from?.[name] === 'number');
  from[name] += by;
};

test('a loss that is 2e-10 off is found, in a step of a roll-out too', { skip }, (t) => {
  const losses = changedCopy(t, 'losses.json', (content) => {
    shift(content['LatentGazePredictHead']?.[3], 'loss', 2e-10);
  });
  assert.equal(checkLatentLoss(losses).ok, false);
  assert.equal(checkMocoLoss(losses).ok, true);
  const rollouts = changedCopy(t, 'rollouts.json', (content) => {
    const steps = content['rollouts']?.[0]?.['steps'] as Record<string, unknown>[];
    shift(steps[5], 'loss', 2e-10);
  });
  const failed = checkRollouts(rollouts).filter(({ ok }) => !ok);
  assert.deepEqual(
    failed.map(({ measure }) => measure),
    ['roll-outs, moco with adamw, losses'],
  );
});

test(
  'a roll-out with another learning rate, threshold or momentum is followed, not known by heart',
  { skip },
  (t) => {
    for (const [name, by] of [
      ['lr', 1e-3],
      ['threshold', 0.2],
      ['momentum', -0.05],
    ] as const) {
      const golden = changedCopy(t, 'rollouts.json', (content) => {
        const rollout = content['rollouts']?.[0];
        shift(name === 'lr' ? (rollout?.['opt'] as Record<string, unknown>) : rollout, name, by);
      });
      const failed = checkRollouts(golden).filter(({ ok }) => !ok);
      assert.ok(failed.length > 0, name);
      for (const { measure } of failed) assert.match(measure, /moco with adamw|positive labels/u);
    }
  },
);

test('one wrong number in the reference values is found', { skip }, (t) => {
  const copy = mkdtempSync(path.join(tmpdir(), 'fovea-golden-'));
  t.after(() => rmSync(copy, { recursive: true }));
  for (const name of ['scanpaths.json', 'multimatch_fix.json'])
    cpSync(path.join(folder, name), path.join(copy, name));
  assert.equal(checkMultimatchFix(new GoldenFolder(copy)).ok, true);
  const file = path.join(copy, 'multimatch_fix.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('0.9295269451785966', '0.9295269451805966'));
  const { ok, worst } = checkMultimatchFix(new GoldenFolder(copy));
  assert.equal(ok, false);
  assert.ok(Math.abs(worst - 2e-12) < 2e-13, `${worst}`);
});

test('a folder without the files is named and ends with 1', (t) => {
  const empty = mkdtempSync(path.join(tmpdir(), 'fovea-golden-'));
  t.after(() => rmSync(empty, { recursive: true }));
  const { status, stderr } = spawnSync(
    process.execPath,
    [path.resolve(import.meta.dirname, '../../scripts/golden.ts'), empty],
    { encoding: 'utf8' },
  );
  assert.equal(status, 1);
  assert.match(stderr, /scanpaths\.json is missing|multimatch_authors\.json is missing/u);
});

test('a file of another form is named, and the others are still looked at', (t) => {
  const other = mkdtempSync(path.join(tmpdir(), 'fovea-golden-'));
  t.after(() => rmSync(other, { recursive: true }));
  for (const name of ['scanpaths', 'multimatch_fix', 'losses'])
    writeFileSync(path.join(other, `${name}.json`), '{}');
  const script = path.resolve(import.meta.dirname, '../../scripts/golden.ts');
  const { status, stderr } = spawnSync(process.execPath, [script, other], { encoding: 'utf8' });
  assert.equal(status, 1);
  for (const line of stderr.trim().split('\n')) assert.match(line, /^\S+\.json (?:is|cannot)/u);
  assert.match(stderr, /^multimatch_fix\.json is not of the known form/mu);
  assert.match(stderr, /^losses\.json is not of the known form/mu);
  assert.match(stderr, /rollouts\.json is missing/u);
});
