import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { EngineName } from '../../../shared/training/engine-names.ts';
import { everyCase, smallBottlenecks, smallCases } from './block-cases.ts';
import type { ConformanceResult } from './run-conformance.ts';
import { swiftshaderEnvironment, withoutSwiftshader } from './swiftshader.ts';
import { wholeCases } from './whole-cases.ts';
import { hangLimitMs } from '../../fixtures/hang-limit.ts';

const script = path.join(import.meta.dirname, 'run-blocks.ts');
const graphic: readonly EngineName[] = ['onnx-webgpu', 'tensorflow-webgpu'];

/**
 * Cases and seeds were chosen before an engine ran them. Units are kept clear of the bends of their ReLUs by shifts of
 * the biases (`scripts/make-golden-blocks.py`): where one lies at its bend, single precision of any library, PyTorch's
 * too, lets it through or not by rounding, and one unit of three million moves a gradient of ResNet-50 by a
 * hundredth. With the shifts every ReLU still bends: units lie on both sides, none by chance.
 */
const suite: readonly { readonly engine: EngineName; readonly cases: readonly string[] }[] = [
  { engine: 'onnx-plain', cases: [...everyCase, ...wholeCases] },
  { engine: 'onnx-blocked', cases: [...everyCase, ...wholeCases] },
  { engine: 'tensorflow-cpu', cases: smallCases },
  { engine: 'tensorflow-webgpu', cases: smallBottlenecks },
  { engine: 'onnx-webgpu', cases: smallBottlenecks },
  { engine: 'tensorflow-node', cases: [...everyCase, ...wholeCases] },
  { engine: 'onnx-cuda', cases: [...everyCase, ...wholeCases] },
];

for (const { engine, cases } of suite)
  test(
    `${engine} gives PyTorch's gradients of stems and residual blocks in double precision`,
    { skip: graphic.includes(engine) && withoutSwiftshader },
    async (t) => {
      const env = graphic.includes(engine) ? swiftshaderEnvironment() : process.env;
      const { stdout } = await promisify(execFile)(process.execPath, [script, engine, ...cases], {
        env,
        timeout: hangLimitMs,
      });
      const result = JSON.parse(stdout) as ConformanceResult;
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
