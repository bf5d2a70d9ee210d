import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { StationError } from '../../../shared/station-error.ts';
import type { EngineName } from '../../../shared/training/engine-names.ts';
import type { CheckOutcome } from '../../../trainer/engine/check-outcome.ts';
import { chooseEngine, type EngineRequest } from '../../../trainer/engine/choose-engine.ts';
import { goldenDescription } from '../../../trainer/engine/golden-steps.ts';
import { askChild } from '../../../trainer/engine/try-engine.ts';

const deviation = { loss: 1e-7, gradients: 1e-5, weight: 'conv1.weight', seeds: 1 };
const passed: CheckOutcome = {
  kind: 'passed',
  check: { engine: 'in words', golden: deviation, stepMs: 50, referenceMs: 50 },
};

async function makeFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fovea-engines-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** A request whose trials are noted down and answered from a table: the rest is refused. */
function requestWith(
  folder: string,
  outcomes: Partial<Record<EngineName, CheckOutcome>>,
): { readonly request: EngineRequest; readonly tried: EngineName[] } {
  const tried: EngineName[] = [];
  const request: EngineRequest = {
    wanted: 'automatic',
    step: goldenDescription,
    threads: 2,
    folder,
    nowMs: () => 0,
    tryOne: (name) => {
      tried.push(name);
      return Promise.resolve(outcomes[name] ?? { kind: 'refused', reason: 'not here' });
    },
    findAdapter: () => Promise.resolve(undefined),
  };
  return { request, tried };
}

test('the plain graph passes its own check in a process of its own', async (t) => {
  const folder = await makeFolder(t);
  const found = await chooseEngine({
    wanted: 'onnx-plain',
    step: goldenDescription,
    threads: 1,
    folder,
    nowMs: () => performance.now(),
  });
  assert.equal(found.name, 'onnx-plain');
  assert.match(found.engine, /ONNX Runtime CPU/u);
  assert.match(found.reason, /^asked for by the run/u);
  assert.ok(found.check.golden.gradients <= 1e-4);
});

test('without a graphics adapter no WebGPU engine is tried, and the reason is told', async (t) => {
  const { request, tried } = requestWith(await makeFolder(t), { 'onnx-plain': passed });
  const found = await chooseEngine(request);
  assert.equal(found.name, 'onnx-plain');
  assert.ok(!tried.includes('onnx-webgpu') && !tried.includes('tensorflow-webgpu'));
  const refusal = found.refused.find(({ engine }) => engine === 'onnx-webgpu');
  assert.equal(refusal?.reason, 'no graphics adapter for WebGPU');
});

test('where the blocked layout is fit the plain graph, its measure, is not tried for itself', async (t) => {
  const { request, tried } = requestWith(await makeFolder(t), {
    'onnx-blocked': passed,
    'onnx-plain': passed,
  });
  const found = await chooseEngine(request);
  assert.equal(found.name, 'onnx-blocked');
  assert.ok(!tried.includes('onnx-plain'));
  const refusal = found.refused.find(({ engine }) => engine === 'onnx-plain');
  assert.match(refusal?.reason ?? '', /^not needed/u);
});

test('beside a blocked layout that takes twice the time the plain graph is tried', async (t) => {
  const slow = { ...passed, check: { ...passed.check, stepMs: 120 } };
  const { request, tried } = requestWith(await makeFolder(t), {
    'onnx-blocked': slow,
    'onnx-plain': passed,
  });
  assert.equal((await chooseEngine(request)).name, 'onnx-plain');
  assert.ok(tried.includes('onnx-plain'));
});

test('an adapter that is a program is refused, unless its engine is asked for by name', async (t) => {
  const { request, tried } = requestWith(await makeFolder(t), {
    'onnx-plain': passed,
    'onnx-webgpu': passed,
  });
  const software = { name: 'SwiftShader', isSoftware: true };
  const findAdapter = (): Promise<typeof software> => Promise.resolve(software);
  const found = await chooseEngine({ ...request, findAdapter });
  assert.equal(found.name, 'onnx-plain');
  assert.ok(!tried.includes('onnx-webgpu'));
  const forced = await chooseEngine({ ...request, findAdapter, wanted: 'onnx-webgpu' });
  assert.equal(forced.name, 'onnx-webgpu');
});

test('an engine that passed is not checked again at the next start', async (t) => {
  const folder = await makeFolder(t);
  await chooseEngine(requestWith(folder, { 'onnx-plain': passed }).request);
  const { request, tried } = requestWith(folder, {});
  const found = await chooseEngine(request);
  assert.equal(found.name, 'onnx-plain');
  assert.ok(!tried.includes('onnx-plain'));
});

test('another image side is checked anew', async (t) => {
  const folder = await makeFolder(t);
  await chooseEngine(requestWith(folder, { 'onnx-plain': passed }).request);
  const { request, tried } = requestWith(folder, { 'onnx-plain': passed });
  const model = { ...goldenDescription.model, imageWidth: 64 };
  await chooseEngine({ ...request, step: { ...goldenDescription, model } });
  assert.ok(tried.includes('onnx-plain'));
});

test('damaged checks are made again', async (t) => {
  const folder = await makeFolder(t);
  await writeFile(path.join(folder, 'engine-checks.json'), '{"onnx');
  const { request, tried } = requestWith(folder, { 'onnx-plain': passed });
  await chooseEngine(request);
  assert.ok(tried.includes('onnx-plain'));
  assert.match(await readFile(path.join(folder, 'engine-checks.json'), 'utf8'), /onnx-plain/u);
});

test('TensorFlow.js on the processor is tried only where nothing else passed', async (t) => {
  const first = requestWith(await makeFolder(t), { 'onnx-plain': passed });
  await chooseEngine(first.request);
  assert.ok(!first.tried.includes('tensorflow-cpu'));
  const second = requestWith(await makeFolder(t), { 'tensorflow-cpu': passed });
  assert.equal((await chooseEngine(second.request)).name, 'tensorflow-cpu');
});

test('an engine asked for by name that fails ends the run with its reason', async (t) => {
  const { request } = requestWith(await makeFolder(t), { 'onnx-plain': passed });
  await assert.rejects(
    chooseEngine({ ...request, wanted: 'onnx-cuda' }),
    (error) =>
      error instanceof StationError &&
      error.code === 'engine-unavailable' &&
      error.details['reason'] === 'onnx-cuda: not here',
  );
});

/** A file that the trainer could start in place of its own child. */
async function writeChild(t: TestContext, source: string): Promise<string> {
  const file = path.join(await makeFolder(t), 'child.mjs');
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
  assert.match(answer.reason, /\(SIGABRT: FATAL ERROR: Allocation failed .* out of memory\)$/u);
  // Where no engine passed and memory was short, the run says what to make smaller.
  const { request } = requestWith(await makeFolder(t), { 'onnx-plain': answer });
  await assert.rejects(
    chooseEngine({ ...request, wanted: 'onnx-plain' }),
    (error) => error instanceof StationError && error.code === 'out-of-memory',
  );
});

test('a check that hangs is ended at its limit', async (t) => {
  const child = await writeChild(t, "process.on('message', () => { for (;;); });");
  assert.deepEqual(await askChild({}, 1000, { file: child }), {
    kind: 'refused',
    reason: 'its check took longer than 1 s',
  });
});

test('an answer that has come in counts although this thread was busy until after the limit', async (t) => {
  const sent = path.join(await makeFolder(t), 'sent');
  const file = await writeChild(
    t,
    `import { writeFileSync } from 'node:fs';
    process.on('message', () =>
      process.send({ kind: 'refused', reason: 'an answer' }, () =>
        writeFileSync(${JSON.stringify(sent)}, '')));`,
  );
  const limitMs = 200;
  const answer = askChild({}, limitMs, { file });
  const untilMs = performance.now() + limitMs;
  while (performance.now() <= untilMs || !existsSync(sent));
  assert.deepEqual(await answer, { kind: 'refused', reason: 'an answer' });
});

test('an engine of the processor is told of while it is still being tried, and only the first', async (t) => {
  const folder = await makeFolder(t);
  const seen: string[] = [];
  const { request } = requestWith(folder, {});
  const choose = (): ReturnType<typeof chooseEngine> =>
    chooseEngine({
      ...request,
      onPromising: (name) => seen.push(name),
      tryOne: (name, _step, _threads, onGolden) => {
        if (name.startsWith('onnx')) onGolden?.();
        seen.push(`answer of ${name}`);
        return Promise.resolve(
          name === 'onnx-plain' ? passed : { kind: 'refused', reason: 'not here' },
        );
      },
    });
  assert.equal((await choose()).name, 'onnx-plain');
  assert.deepEqual(
    seen.filter((each) => !/cuda|tensorflow/u.test(each)),
    ['onnx-blocked', 'answer of onnx-blocked', 'answer of onnx-plain'],
  );
  // A kept check is told of without a trial.
  seen.length = 0;
  await chooseEngine({ ...request, wanted: 'onnx-plain', onPromising: (name) => seen.push(name) });
  assert.deepEqual(seen, ['onnx-plain']);
});

test('the process that tries an engine tells when it has passed the stored steps', async (t) => {
  const file = await writeChild(
    t,
    `process.on('message', () => {
      process.send({ kind: 'golden-passed' });
      process.send({ kind: 'refused', reason: 'later' });
    });`,
  );
  let told = 0;
  const answer = await askChild({}, 20_000, { file, onHalfway: () => (told += 1) });
  assert.deepEqual([answer, told], [{ kind: 'refused', reason: 'later' }, 1]);
});
