import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { buildOnnxEngine } from '../../../trainer/engine/onnx-engine.ts';
import { makeCases, makeSmallCase } from './cases.ts';

type GoldenStep = {
  readonly loss: number;
  readonly gradients: Readonly<
    Record<string, { readonly length: number; readonly values: readonly number[] }>
  >;
};

const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../golden/training-steps.json'), 'utf8'),
) as Readonly<Record<string, GoldenStep>>;

/**
 * Worst relative deviation of a gradient's length and of its stored values against its length; against the model's
 * longest gradient where it is 0 (a bias before batch norm).
 */
function deviation(
  gradient: Float32Array,
  expected: GoldenStep['gradients'][string],
  longest: number,
): number {
  let squares = 0;
  for (const value of gradient) squares += value * value;
  const step = Math.max(1, Math.floor(gradient.length / 8));
  const sampled = Math.hypot(
    ...expected.values.map((value, k) => value - (gradient[k * step] ?? Number.NaN)),
  );
  const scale = expected.length < 1e-9 * longest ? longest : expected.length;
  return Math.max(Math.abs(Math.sqrt(squares) - expected.length), sampled) / scale;
}

test('loss and every gradient of every method agree with PyTorch in double precision', async () => {
  const cases = makeCases();
  /** For each kind of step and weight the best seed: a wrong formula is wrong for every seed, a rounding flip is not. */
  const best = new Map<string, number>();
  for (const { name, description, weights, input } of cases) {
    const expected = golden[name];
    assert.ok(expected !== undefined, `${name} has golden values`);
    const engine = await buildOnnxEngine({ ...description, threads: 2, weights });
    const { loss, gradients } = await engine.step(input);
    assert.ok(Math.abs(loss - expected.loss) <= 1e-6 * Math.max(1, Math.abs(expected.loss)), name);
    assert.deepEqual([...gradients.keys()].toSorted(), Object.keys(expected.gradients).toSorted());
    const longest = Math.max(...Object.values(expected.gradients).map(({ length }) => length));
    for (const [weight, gradient] of gradients) {
      const wanted = expected.gradients[weight];
      assert.ok(wanted !== undefined);
      const key = `${name.replace(/-\d+$/u, '')} ${weight}`;
      best.set(key, Math.min(best.get(key) ?? Infinity, deviation(gradient, wanted, longest)));
    }
    await engine.close();
  }
  // Float32 with batch norm over four rows; a flip or a wrong formula gives 8e-4 or more.
  const wrong = [...best].filter(([, worst]) => !(worst <= 1e-4));
  assert.deepEqual(wrong, []);
});

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
