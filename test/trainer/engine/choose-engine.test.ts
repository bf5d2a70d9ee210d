import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { StationError } from '../../../shared/station-error.ts';
import type { EngineName } from '../../../shared/training/engine-names.ts';
import {
  type CheckOutcome,
  type Refusal,
  refusalOf,
} from '../../../trainer/engine/check-outcome.ts';
import { chooseEngine, type EngineRequest } from '../../../trainer/engine/choose-engine.ts';
import { goldenDescription } from '../../../trainer/engine/golden-steps.ts';

const deviation = { loss: 1e-7, gradients: 1e-5, weight: 'conv1.weight', seeds: 1 };
const passed: CheckOutcome = {
  kind: 'passed',
  check: { engine: 'in words', golden: deviation, stepMs: 50, referenceMs: 50 },
};

const refusal = (reason: string, cause: Refusal['cause']): Refusal => ({
  kind: 'refused',
  reason,
  cause,
});

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
      return Promise.resolve(outcomes[name] ?? refusal('not here', 'moment'));
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

/** A clock that is a minute later each time it is asked: every trial takes long. */
function slowClock(): () => number {
  let ms = 0;
  return () => (ms += 60_000);
}

for (const [cause, again] of [
  ['engine', false],
  ['memory', true],
  ['moment', true],
] as const)
  test(`an engine that was refused because of the ${cause}, however long that took, is ${again ? 'tried' : 'not tried'} at the next start`, async (t) => {
    const folder = await makeFolder(t);
    const outcomes = { 'onnx-plain': passed, 'onnx-blocked': refusal('not today', cause) };
    const nowMs = slowClock();
    await chooseEngine({ ...requestWith(folder, outcomes).request, nowMs });
    const { request, tried } = requestWith(folder, {
      'onnx-plain': passed,
      'onnx-blocked': passed,
    });
    const found = await chooseEngine({ ...request, nowMs });
    assert.equal(tried.includes('onnx-blocked'), again);
    assert.equal(found.name, again ? 'onnx-blocked' : 'onnx-plain');
  });

test('a refusal that another version kept without its cause is dropped', async (t) => {
  const folder = await makeFolder(t);
  const refused = { 'onnx-plain': passed, 'onnx-blocked': refusal('slow night', 'engine') };
  await chooseEngine({ ...requestWith(folder, refused).request, nowMs: slowClock() });
  const file = path.join(folder, 'engine-checks.json');
  const kept = await readFile(file, 'utf8');
  assert.match(kept, /"cause": "engine"/u);
  await writeFile(file, kept.replace(/,\s*"cause": "engine"/u, ''));
  const { request, tried } = requestWith(folder, { 'onnx-blocked': passed });
  assert.equal((await chooseEngine(request)).name, 'onnx-blocked');
  assert.ok(tried.includes('onnx-blocked'));
});

test('what a check found is about the engine; what a library or the memory failed at is not', () => {
  const unavailable = (reason: string, cause?: Error): StationError =>
    new StationError('engine-unavailable', { reason }, cause && { cause });
  assert.deepEqual(
    refusalOf(unavailable('its numbers are wrong')),
    refusal('its numbers are wrong', 'engine'),
  );
  assert.deepEqual(
    refusalOf(unavailable('device lost', new Error('device lost'))),
    refusal('device lost', 'moment'),
  );
  assert.deepEqual(refusalOf(new Error('GPU hung')), refusal('GPU hung', 'moment'));
  const short = new RangeError('Array buffer allocation failed');
  assert.equal(refusalOf(short).cause, 'memory');
  assert.equal(refusalOf(unavailable('it stopped', short)).cause, 'memory');
  assert.equal(refusalOf(unavailable('convolution 3 x 3: std::bad_alloc')).cause, 'memory');
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

test('where no engine passed and memory was short, the run says what to make smaller', async (t) => {
  const { request } = requestWith(await makeFolder(t), {
    'onnx-plain': refusal('ended (SIGABRT: out of memory)', 'memory'),
  });
  await assert.rejects(
    chooseEngine({ ...request, wanted: 'onnx-plain' }),
    (error) => error instanceof StationError && error.code === 'out-of-memory',
  );
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
          name === 'onnx-plain' ? passed : { kind: 'refused', reason: 'not here', cause: 'moment' },
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
