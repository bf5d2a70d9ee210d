import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { wordWriteError } from '../../../electron/cli/write-error.ts';
import { wordError } from '../../../shared/messages/error-messages.ts';
import { StationError } from '../../../shared/station-error.ts';

test('a file that cannot be written is told by its option and what is wrong with its place', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-write-error-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'file'), '');
  const sentenceOf = (file: string): string => {
    try {
      writeFileSync(file, 'text');
    } catch (error) {
      const worded = wordWriteError(error, '--to', file);
      assert.ok(worded instanceof StationError, String(worded));
      return wordError(worded);
    }
    return 'written';
  };
  assert.match(
    sentenceOf(path.join(folder, 'no', 'x')),
    /"--to" .* there is no folder .*no; make it/u,
  );
  assert.match(sentenceOf(path.join(folder, 'file', 'x')), /there is no folder .*file; make it/u);
  assert.match(sentenceOf(folder), /it is a folder where a file is needed/u);
});
