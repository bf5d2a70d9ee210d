import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readTwinCommand } from '../../../scripts/twin/twin-options.ts';
import { readInputs } from '../../../trainer/twin/twin-inputs.ts';
import { reportTwin, toMarkdown } from '../../../trainer/twin/twin-report.ts';
import { writeMadeUpFiles } from '../../fixtures/twin-files.ts';

test('gaze on images that are not there or have no label is named, that of test images is not', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-twin-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const { images, labels, gaze } = writeMadeUpFiles(folder);
  const options = ['--batch', '4', '--side', '32', '--test-share', '0.4'];
  const { plan } = readTwinCommand(
    ['--images', images, '--labels', labels, '--gaze', gaze].concat(options),
  );
  const read = () => readInputs(plan, path.join(folder, 'prepared'));
  const whole = await read();
  assert.deepEqual(whole.unusedGaze, []);
  assert.ok(whole.test.length > 0);

  const without = readFileSync(labels, 'utf8').replace(/^made-up-05,.*\n/mu, '');
  writeFileSync(labels, without);
  appendFileSync(gaze, 'not-there,reader 1,0,3,3,1\nnot-there,reader 2,0,3,3,1\n');
  const inputs = await read();
  assert.deepEqual(inputs.unusedGaze, ['made-up-05', 'not-there']);
  const report = reportTwin(plan, inputs, []);
  assert.deepEqual(report.unusedGaze, ['made-up-05', 'not-there']);
  assert.match(toMarkdown(report), /gaze on 2 images was left out/u);
  assert.doesNotMatch(toMarkdown(reportTwin(plan, whole, [])), /was left out/u);
});
