import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StationError } from '../../../shared/station-error.ts';
import { buildEmbedder } from '../../../trainer/engine/onnx-embedder.ts';
import { buildOnnxEngine } from '../../../trainer/engine/onnx-engine.ts';
import {
  buildTensorflowEmbedder,
  buildTensorflowEngine,
} from '../../../trainer/engine/tensorflow/tensorflow-engine.ts';
import { describeEncoder } from '../../../trainer/models/encoder.ts';
import { makeSmallCase } from './cases.ts';

const { description, weights, input } = makeSmallCase();
const whole = { ...description, threads: 2, weights };

function furthest(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? NaN))), 0);
}

test('TensorFlow.js keeps the running statistics and projections of ONNX Runtime, and no tensor', async () => {
  const reference = await buildOnnxEngine(whole);
  const engine = await buildTensorflowEngine(whole, 'tensorflow-cpu');
  const before = engine.heldTensors();
  await reference.step(input);
  await engine.step(input);
  assert.ok(engine.statistics.size > 0);
  for (const [name, values] of reference.statistics)
    assert.ok(furthest(engine.statistics.get(name) ?? new Float32Array(0), values) < 1e-4, name);
  const [ours, theirs] = [await engine.project(input.view1), await reference.project(input.view1)];
  assert.ok(furthest(ours, theirs) < 1e-4);
  assert.equal(engine.heldTensors(), before);
  await reference.close();
  await engine.close();
});

test('an encoder in use gives the same features on TensorFlow.js', async () => {
  const { encoder, imageHeight, imageWidth } = description.model;
  const { statistics } = describeEncoder(encoder, imageHeight, imageWidth);
  const running = statistics.map(({ name, shape }) => {
    const middle = name.endsWith('var') ? 1 : 0;
    return [name, new Float32Array(shape[0] ?? 0).fill(middle + 0.1)] as const;
  });
  const asked = {
    encoder,
    imageHeight,
    imageWidth,
    threads: 2,
    weights,
    statistics: new Map(running),
  };
  const reference = await buildEmbedder(asked);
  const embedder = await buildTensorflowEmbedder(asked, 'tensorflow-cpu');
  const [ours, theirs] = [await embedder.embed(input.view1), await reference.embed(input.view1)];
  const scale = Math.max(...theirs.map(Math.abs));
  assert.ok(scale > 0);
  assert.ok(furthest(ours, theirs) < 1e-4 * scale);
  await reference.close();
});

test('a backend that is not there is refused with its reason and none takes its place', async () => {
  await assert.rejects(
    buildTensorflowEngine(whole, 'tensorflow-node'),
    (error) => error instanceof StationError && error.code === 'engine-unavailable',
  );
});
