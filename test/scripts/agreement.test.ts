import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const script = path.resolve(import.meta.dirname, '../../scripts/agreement.ts');

/** Looks at one place of the image, then at another one. */
const recording = (image: string, at: number): object => ({
  image_id: image,
  gaze_x: [at, at, 0.9, 0.5],
  gaze_y: [0.2, 0.8, 0.7, 0.5],
  time: [1, 2, 1, 3],
});
const gaze = [recording('a', 0.1), recording('b', 0.3), recording('c', 0.5), recording('d', 0.7)];
const labels = { a: true, b: true, c: false, d: false };

test('files that do not fit, and labels of which nothing can be said, end with 2 and a sentence', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-agreement-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const run = (gazeText: string, labelText: string): { code: number | null; said: string } => {
    writeFileSync(path.join(folder, 'cxr_gaze_data.json'), gazeText);
    writeFileSync(path.join(folder, 'chest_tube_labels.json'), labelText);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], {
      encoding: 'utf8',
    });
    assert.doesNotMatch(stderr, /^ +at /mu);
    return { code: status, said: stdout + stderr };
  };
  const [good, known] = [JSON.stringify(gaze), JSON.stringify(labels)];
  for (const [gazeText, labelText, why] of [
    ['[', known, /cxr_gaze_data\.json is no JSON/u],
    ['{}', known, /cxr_gaze_data\.json: .*expected array/u],
    [good.replace('"time":[1,2,1,3]', '"time":[1,2]'), known, /0: .*differ in length/u],
    [good.replaceAll('time', 'duration'), known, /0\.time: /u],
    ['[]', known, /^0 images have gaze and a label: images of both labels are needed/mu],
    [good, '{"a":true,"b":true}', /2 of 4 recordings have no label\.\n2 images have gaze/u],
  ] as const) {
    const { code, said } = run(gazeText, labelText);
    assert.equal(code, 2, said);
    assert.match(said, why);
    assert.doesNotMatch(said, /By no measure/u);
  }
  const { code, said } = run(`\uFEFF${good}`, `\uFEFF${known}`);
  assert.equal(code, 0, said);
  assert.match(said, /"measure":"multimatch","images":4,"pairs":6/u);
});
