import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { buildTrainer } from '../../scripts/build.ts';
import { trainerReport } from '../../shared/trainer-protocol.ts';
import { hangLimitMs } from '../fixtures/hang-limit.ts';
import { withoutLibraries } from '../fixtures/without-libraries.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'build-'));
after(() => rmSync(folder, { recursive: true }));

/** What a trainer sends first. */
async function startTrainer(file: string): Promise<unknown> {
  const trainer = fork(file, [], {
    execArgv: withoutLibraries(/^(onnxruntime-|@tensorflow\/|webgpu)/u),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  trainer.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  try {
    return await Promise.race([
      once(trainer, 'message').then(([message]: unknown[]) => message),
      once(trainer, 'close').then(() => assert.fail(`The trainer ended: ${said}`)),
    ]);
  } finally {
    trainer.kill('SIGKILL');
  }
}

test(
  'a trainer starts where no library of an engine can be loaded, from its sources and built',
  { timeout: hangLimitMs },
  async () => {
    const built = path.join(folder, 'trainer');
    await buildTrainer(built);
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    for (const file of [path.join(root, 'trainer/main.ts'), path.join(built, 'main.js')]) {
      const first = trainerReport.parse(await startTrainer(file));
      assert.equal(first.kind, 'heartbeat');
    }
  },
);
