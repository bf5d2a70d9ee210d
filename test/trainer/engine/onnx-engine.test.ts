import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildOnnxEngine } from '../../../trainer/engine/onnx-engine.ts';
import { probeBlockedLayout } from '../../../trainer/engine/probe-blocked-layout.ts';
import { makeCases, makeSmallCase } from './cases.ts';
import { gradientDeviation, readGoldenSteps } from './golden-steps.ts';

/** Made once: drawing the weights takes longer than the steps. */
const cases = makeCases();

/**
 * Asks that every loss is right and that each weight's gradient is within 1e-4 for one seed at least of each kind of
 * step: a wrong formula is wrong for every seed, a rounding flip is not.
 */
async function compareWithGolden(block: number): Promise<void> {
  const golden = readGoldenSteps();
  const best = new Map<string, number>();
  for (const { name, description, weights, input } of cases) {
    const expected = golden[name];
    assert.ok(expected !== undefined, `${name} has golden values`);
    const engine = await buildOnnxEngine({ ...description, threads: 2, weights }, { block });
    const { loss, gradients } = await engine.step(input);
    assert.ok(Math.abs(loss - expected.loss) <= 1e-6 * Math.max(1, Math.abs(expected.loss)), name);
    assert.deepEqual([...gradients.keys()].toSorted(), Object.keys(expected.gradients).toSorted());
    const longest = Math.max(...Object.values(expected.gradients).map(({ length }) => length));
    for (const [weight, gradient] of gradients) {
      const wanted = expected.gradients[weight];
      assert.ok(wanted !== undefined);
      const key = `${name.replace(/-\d+$/u, '')} ${weight}`;
      const off = gradientDeviation(gradient, wanted, longest);
      best.set(key, Math.min(best.get(key) ?? Infinity, off));
    }
    await engine.close();
  }
  // Float32 with batch norm over four rows; a flip or a wrong formula gives 8e-4 or more.
  const wrong = [...best].filter(([, worst]) => !(worst <= 1e-4));
  assert.deepEqual(wrong, []);
}

test('loss and every gradient of every method agree with PyTorch in double precision', () =>
  compareWithGolden(1));

test('so they do with feature maps in blocks', async (t) => {
  const verdict = await probeBlockedLayout();
  if ('refused' in verdict) t.skip(verdict.refused);
  else await compareWithGolden(verdict.block);
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
