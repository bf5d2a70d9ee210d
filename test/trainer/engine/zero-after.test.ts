import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphBuilder } from '../../../trainer/engine/graph-builder.ts';
import {
  giveBack,
  openSession,
  runSession,
  wrapArray,
} from '../../../trainer/engine/onnx-session.ts';

test('the zero that waits for a gradient is zero whatever the gradient holds', async () => {
  const g = new GraphBuilder();
  const gradient = g.input('gradient', [2, 3]);
  g.output('zero', g.zeroAfter(gradient));
  const session = await openSession(g.build(), 1);
  for (const first of [0, -2.5, Number.NaN, Infinity, -Infinity]) {
    const values = wrapArray(Float32Array.of(first, 1, 1, 1, 1, 1), [2, 3]);
    const zero = (await runSession(session, { gradient: values })).get('zero');
    assert.deepEqual(zero, Float32Array.of(0), `after ${first}`);
  }
  await session.release();
});

test('outputs are arrays of their own until they are given back', async () => {
  const g = new GraphBuilder();
  g.output('twice', g.scale(g.input('x', [4]), 2));
  const session = await openSession(g.build(), 1);
  const run = (value: number): ReturnType<typeof runSession> =>
    runSession(session, { x: wrapArray(new Float32Array(4).fill(value), [4]) });
  const [first, second] = [await run(1), await run(2)];
  giveBack(first.values());
  assert.equal(first.get('twice')?.length, 0);
  assert.deepEqual(second.get('twice'), new Float32Array(4).fill(4));
  await session.release();
});
