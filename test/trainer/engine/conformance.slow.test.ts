import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { EngineName } from '../../../shared/training/engine-names.ts';
import type { ConformanceResult } from './run-conformance.ts';
import { swiftshaderEnvironment, withoutSwiftshader } from './swiftshader.ts';
import { hangLimitMs } from '../../fixtures/hang-limit.ts';

const script = path.join(import.meta.dirname, 'run-conformance.ts');
const graphic: readonly EngineName[] = ['onnx-webgpu', 'tensorflow-webgpu'];

/** Runs an engine over golden cases in a process of its own: some bindings crash where a driver is wrong. */
async function runEngine(engine: EngineName, cases: readonly string[]): Promise<ConformanceResult> {
  const env = graphic.includes(engine) ? swiftshaderEnvironment() : process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [script, engine, ...cases], {
    env,
    timeout: hangLimitMs,
  });
  return JSON.parse(stdout) as ConformanceResult;
}

/** Every loss, and the blocks of ResNet-18 and ResNet-50 (ResNet-26 has them), at several sizes. */
const everyCase = [
  'simsiam-resnet-10-64x64',
  'moco-resnet-10-32x32',
  'byol-resnet-10-64x64',
  'simclr-resnet-10-32x64',
  'classes-resnet-10-32x96',
  'moco-resnet-10-96x96',
  'moco-resnet-18-64x64',
  'moco-resnet-18-96x96',
  'moco-resnet-26-32x32',
];

/** What each engine runs; the slow ones only the smallest steps. */
const suite: readonly { readonly engine: EngineName; readonly cases: readonly string[] }[] = [
  { engine: 'onnx-plain', cases: everyCase },
  { engine: 'onnx-blocked', cases: everyCase },
  { engine: 'tensorflow-cpu', cases: ['moco-resnet-10-32x32'] },
  { engine: 'tensorflow-webgpu', cases: ['moco-resnet-10-32x32'] },
  { engine: 'onnx-webgpu', cases: ['moco-resnet-10-32x32'] },
  { engine: 'tensorflow-node', cases: everyCase },
  { engine: 'onnx-cuda', cases: everyCase },
];

for (const { engine, cases } of suite)
  test(
    `${engine} gives the loss and every gradient that PyTorch gives in double precision`,
    { skip: graphic.includes(engine) && withoutSwiftshader },
    async (t) => {
      const result = await runEngine(engine, cases);
      if (result.kind === 'unavailable') {
        t.skip(result.reason);
        return;
      }
      assert.deepEqual(
        result.steps.map(({ name }) => name),
        cases,
      );
      for (const { name, loss, gradients, weight } of result.steps) {
        assert.ok(loss <= 1e-6, `${name}: the loss is off by ${loss}`);
        assert.ok(gradients <= 1e-4, `${name}: the gradient of ${weight} is off by ${gradients}`);
      }
    },
  );
