import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { goldenDescription } from '../../../trainer/engine/golden-steps.ts';
import { askChild } from '../../../trainer/engine/try-engine.ts';
import { makeFolder } from '../../fixtures/prepared-images.ts';

test('a part that a site has not installed is looked for again at the next start', async () => {
  const question = {
    kind: 'check',
    engine: 'tensorflow-node',
    step: goldenDescription,
    threads: 1,
  };
  const answer = await askChild(question, 300_000);
  assert.deepEqual(answer, {
    kind: 'refused',
    reason: 'tfjs-node-gpu is not installed',
    cause: 'moment',
  });
});

/** A file that the trainer could start in place of its own child. */
async function writeChild(t: TestContext, source: string): Promise<string> {
  const file = path.join(makeFolder(t), 'child.mjs');
  await writeFile(file, source);
  return file;
}

test('a native crash during a check ends its process alone and is the reason of the refusal', async (t) => {
  const child = await writeChild(
    t,
    "process.on('message', () => process.kill(process.pid, 'SIGSEGV'));",
  );
  assert.deepEqual(await askChild({}, 20_000, { file: child }), {
    kind: 'refused',
    reason: 'its process ended during the check (SIGSEGV)',
    cause: 'moment',
  });
});

test('a check that ends for want of memory says so', async (t) => {
  const child = await writeChild(
    t,
    `process.on('message', () => {
      process.stderr.write('FATAL ERROR: Allocation failed - JavaScript heap out of memory\\n trace\\n');
      process.kill(process.pid, 'SIGABRT');
    });`,
  );
  const answer = await askChild({}, 20_000, { file: child });
  assert.ok(answer.kind === 'refused');
  assert.equal(answer.cause, 'memory');
  assert.match(answer.reason, /\(SIGABRT: FATAL ERROR: Allocation failed .* out of memory\)$/u);
});

test('a check that hangs is ended at its limit', async (t) => {
  const child = await writeChild(t, "process.on('message', () => { for (;;); });");
  assert.deepEqual(await askChild({}, 1000, { file: child }), {
    kind: 'refused',
    reason: 'its check took longer than 1 s',
    cause: 'moment',
  });
});

test('an answer that has come in counts although this thread was busy until after the limit', async (t) => {
  const sent = path.join(makeFolder(t), 'sent');
  const file = await writeChild(
    t,
    `import { writeFileSync } from 'node:fs';
    process.on('message', () =>
      process.send({ kind: 'refused', reason: 'an answer', cause: 'moment' }, () =>
        writeFileSync(${JSON.stringify(sent)}, '')));`,
  );
  const limitMs = 200;
  const answer = askChild({}, limitMs, { file });
  const untilMs = performance.now() + limitMs;
  while (performance.now() <= untilMs || !existsSync(sent));
  assert.deepEqual(await answer, { kind: 'refused', reason: 'an answer', cause: 'moment' });
});

test('the process that tries an engine tells when it has passed the stored steps', async (t) => {
  const file = await writeChild(
    t,
    `process.on('message', () => {
      process.send({ kind: 'golden-passed' });
      process.send({ kind: 'refused', reason: 'later', cause: 'moment' });
    });`,
  );
  let told = 0;
  const answer = await askChild({}, 20_000, { file, onHalfway: () => (told += 1) });
  assert.deepEqual([answer, told], [{ kind: 'refused', reason: 'later', cause: 'moment' }, 1]);
});
