import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildOnnxEngine } from '../../../trainer/engine/onnx-engine.ts';
import { makeSmallCase } from './cases.ts';

test('two engines on the same weights and input give the same gradients, bit for bit', async () => {
  const { description, weights, input } = makeSmallCase();
  const runs: Buffer[] = [];
  for (let round = 0; round < 2; round += 1) {
    const engine = await buildOnnxEngine({ ...description, threads: 2, weights });
    const { gradients } = await engine.step(input);
    runs.push(
      Buffer.concat([...gradients.values()].map((each) => Buffer.from(each.slice().buffer))),
    );
    await engine.close();
  }
  assert.ok(runs[0]?.equals(runs[1] ?? Buffer.alloc(0)));
});

test('a weight of the wrong size is refused before anything runs', async () => {
  const first = makeSmallCase();
  const weights = new Map(first.weights).set('conv1.weight', new Float32Array(3));
  await assert.rejects(
    buildOnnxEngine({ ...first.description, threads: 1, weights }),
    /conv1\.weight must have/u,
  );
});
