import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineName } from '../../../shared/training/engine-names.ts';
import type { CheckOutcome } from '../../../trainer/engine/check-outcome.ts';
import { selectEngine } from '../../../trainer/engine/select-engine.ts';

const deviation = { loss: 1e-7, gradients: 1e-5, weight: 'conv1.weight', seeds: 1 };

const passed = (stepMs: number, referenceMs = 100): CheckOutcome => ({
  kind: 'passed',
  check: { engine: 'in words', golden: deviation, ownSide: deviation, stepMs, referenceMs },
});

const refused = (reason: string): CheckOutcome => ({
  kind: 'refused',
  reason,
  cause: 'moment',
});

const choose = (outcomes: readonly (readonly [EngineName, CheckOutcome])[]) =>
  selectEngine(new Map(outcomes));

test('a graphics card that passed and is faster than the processor is taken', () => {
  const found = choose([
    ['onnx-webgpu', passed(20)],
    ['onnx-blocked', passed(60)],
    ['onnx-plain', passed(100)],
  ]);
  assert.equal(found?.name, 'onnx-webgpu');
  assert.deepEqual(
    found.refused.map(({ engine }) => engine),
    ['onnx-blocked', 'onnx-plain'],
  );
});

test('of two graphics engines the faster is taken, whatever their order', () => {
  const found = choose([
    ['onnx-webgpu', passed(30)],
    ['tensorflow-webgpu', passed(20)],
    ['onnx-plain', passed(100)],
  ]);
  assert.equal(found?.name, 'tensorflow-webgpu');
});

test('a graphics card that is no faster than the blocked layout is refused with its speed', () => {
  const found = choose([
    ['onnx-webgpu', passed(60)],
    ['onnx-blocked', passed(62)],
    ['onnx-plain', passed(100)],
  ]);
  assert.equal(found?.name, 'onnx-blocked');
  assert.match(found.refused[0]?.reason ?? '', /1\.67 times the plain graph's speed/u);
});

test('noise in the times does not decide between the two layouts on the processor', () => {
  const found = choose([
    ['onnx-blocked', passed(150)],
    ['onnx-plain', passed(100)],
  ]);
  assert.equal(found?.name, 'onnx-blocked');
});

test('a blocked layout that takes twice the time gives way to the plain graph', () => {
  const found = choose([
    ['onnx-blocked', passed(210)],
    ['onnx-plain', passed(100)],
  ]);
  assert.equal(found?.name, 'onnx-plain');
});

test('every engine that was refused is told with its reason', () => {
  const found = choose([
    ['onnx-cuda', refused('not installed')],
    ['onnx-webgpu', refused('no adapter')],
    ['onnx-plain', passed(100)],
  ]);
  assert.deepEqual(found?.refused, [
    { engine: 'onnx-cuda', reason: 'not installed' },
    { engine: 'onnx-webgpu', reason: 'no adapter' },
  ]);
});

test('where no engine passed there is none', () => {
  assert.equal(choose([['onnx-plain', refused('its numbers are wrong')]]), undefined);
});
