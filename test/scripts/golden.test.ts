import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { checkMultimatchFix } from '../../scripts/golden/multimatch-checks.ts';
import { checkTima } from '../../scripts/golden/map-checks.ts';
import { GoldenFolder } from '../../scripts/golden/golden-folder.ts';

const folder = path.resolve(import.meta.dirname, '../../../shared/golden');
const skip = existsSync(folder) ? false : 'the shared reference values are absent';

test('TIMA clusters, moments and similarities of both variants are reproduced', { skip }, () => {
  for (const variant of ['core', 'downstream'] as const)
    for (const result of checkTima(new GoldenFolder(folder), variant))
      assert.ok(result.ok && result.cases > 1000, JSON.stringify(result));
});

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
