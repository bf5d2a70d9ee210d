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

test('a step that failed takes nothing from the next one', async () => {
  const { description, weights, input } = makeSmallCase();
  const engine = await buildOnnxEngine({ ...description, threads: 1, weights });
  const { loss } = await engine.step(input);
  const view1 = new Float32Array(0);
  await assert.rejects(engine.step({ kind: 'simsiam', view1, view2: view1, positives: view1 }), {
    message: 'A step of moco was given the input of simsiam.',
  });
  const again = await engine.step(input);
  assert.equal(again.loss, loss);
  assert.ok([...again.gradients.values()].every((gradient) => gradient.length > 0));
  await engine.close();
});
