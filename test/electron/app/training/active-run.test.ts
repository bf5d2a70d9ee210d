import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { ActiveRun, type ActiveRunOptions } from '../../../../electron/app/training/active-run.ts';
import { readWaitedForCoreMs } from '../../../../electron/app/training/waited-for-core.ts';
import { asTrainer } from '../../../../electron/host/node-host.ts';
import type { Failure } from '../../../../shared/ipc/contract.ts';

const limitMs = 100;

/** A process that says nothing, watched; answers why it ended and how often its waiting was asked for. */
async function watchSilent(
  t: TestContext,
  waited: (asked: number) => number,
): Promise<{ readonly failure: Failure | null; readonly asked: number }> {
  const file = path.join(import.meta.dirname, '../../../fixtures/bad-trainer.mjs');
  const child = fork(file, ['quiet'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  t.after(() => child.kill('SIGKILL'));
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<Failure | null>();
  const options: ActiveRunOptions = {
    runId: 1,
    process: asTrainer(child),
    silenceLimitMs: limitMs,
    waitedMs: () => waited((asked += 1)),
    onReport: () => undefined,
    describe: () => ({ code: 'internal', details: {} }),
    onExit: resolve,
  };
  const run = new ActiveRun(options);
  await run.gone;
  return { failure: await promise, asked };
}

test('a trainer that says nothing and wants no core is killed', async (t) => {
  const { failure, asked } = await watchSilent(t, () => 0);
  assert.equal(failure?.code, 'trainer-silent');
  assert.equal(asked, 2);
});

test('time in which others had the cores is no silence: the limit begins again, not for ever', async (t) => {
  // In the first four looks it had waited all the time, and then not any more.
  const { failure, asked } = await watchSilent(t, (look) => Math.min(look, 8) * limitMs);
  assert.equal(failure?.code, 'trainer-silent');
  assert.equal(asked, 10);
});

test('Linux says how long a process has waited for a core, other systems and ended processes nothing', () => {
  assert.equal(readWaitedForCoreMs(undefined), 0);
  assert.equal(readWaitedForCoreMs(2 ** 22 + 1), 0);
  const own = readWaitedForCoreMs(process.pid);
  assert.ok(process.platform === 'linux' ? own > 0 : own === 0, String(own));
});
