import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { lockDataFolder } from '../../../electron/app/station-lock.ts';
import { wordError } from '../../../shared/messages/error-messages.ts';
import { StationError } from '../../../shared/station-error.ts';

test('a second station is refused while the first lives; one that was killed holds nothing', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const holder = spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '-e',
      `import { lockDataFolder } from '${path.resolve(import.meta.dirname, '../../../electron/app/station-lock.ts')}';
       lockDataFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  assert.throws(
    () => lockDataFolder(folder),
    (error: unknown) => {
      assert.ok(error instanceof StationError && error.code === 'data-folder-in-use');
      assert.match(wordError(error), new RegExp(`process ${holder.pid}\\b.*Close it first`, 'u'));
      return true;
    },
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const release = lockDataFolder(folder);
  release();
  assert.equal(existsSync(path.join(folder, 'station.lock')), false);
});

test('a lock that says nothing readable is taken over', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-lock-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'station.lock'), 'garbage');
  lockDataFolder(folder)();
});
