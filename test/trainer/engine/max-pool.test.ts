import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { toBlocked, toPlain } from '../../../trainer/engine/blocked-operators.ts';
import { GraphBuilder, sizeOf } from '../../../trainer/engine/graph-builder.ts';
import { maxPool } from '../../../trainer/engine/max-pool.ts';
import { openSession, wrapArray } from '../../../trainer/engine/onnx-session.ts';
import { probeBlockedLayout } from '../../../trainer/engine/probe-blocked-layout.ts';

const shape = [2, 32, 6, 10] as const;
const small = [2, 32, 3, 5] as const;

/** Windows and their gradients by plain loops, the first of equal maxima in rows, then columns. */
function poolByLoops(x: Float32Array, d: Float32Array): readonly [Float32Array, Float32Array] {
  const [n, c, h, w] = shape;
  const y = new Float32Array(sizeOf(small));
  const dx = new Float32Array(x.length);
  for (let plane = 0; plane < n * c; plane += 1)
    for (let i = 0; i < h / 2; i += 1)
      for (let j = 0; j < w / 2; j += 1) {
        let [place, largest] = [-1, -1];
        for (let row = Math.max(0, 2 * i - 1); row <= 2 * i + 1; row += 1)
          for (let column = Math.max(0, 2 * j - 1); column <= 2 * j + 1; column += 1) {
            const at = (plane * h + row) * w + column;
            if ((x[at] ?? 0) > largest) [place, largest] = [at, x[at] ?? 0];
          }
        const out = (plane * (h / 2) + i) * (w / 2) + j;
        y[out] = largest;
        dx[place] = (dx[place] ?? 0) + (d[out] ?? 0);
      }
  return [y, dx];
}

async function poolByGraph(
  block: number,
  x: Float32Array,
  d: Float32Array,
): Promise<readonly [unknown, unknown]> {
  const g = new GraphBuilder(block);
  const plain = g.parameter('x', shape);
  const isBlocked = block > 1;
  const input = isBlocked ? toBlocked(g, plain) : plain;
  if (isBlocked) g.onBackward(() => g.addGradient(plain, toPlain(g, g.gradientOf(input))));
  const y = maxPool(g, input);
  g.output('y', isBlocked ? toPlain(g, y) : y);
  const gradient = g.input('d', small);
  g.addGradient(y, isBlocked ? toBlocked(g, gradient) : gradient);
  g.backward();
  const session = await openSession(g.build(), 1);
  const found = await session.run({ x: wrapArray(x, shape), d: wrapArray(d, small) });
  await session.release();
  // No sign of zero.
  const numbers = ['y', 'd_x'].map((name) =>
    Float32Array.from(found[name]?.data as Float32Array, (value) => value + 0),
  );
  return [numbers[0], numbers[1]];
}

const random = createRandom(3);
/** Few values, so that most windows have their maximum twice: as on the black ground of a mammogram. */
const x = Float32Array.from({ length: sizeOf(shape) }, () => random.below(3) / 2);
const d = Float32Array.from({ length: sizeOf(small) }, () => random.below(64) / 8 - 4);

test('of equal maxima in a window the first alone gets the gradient, in the plain layout', async () => {
  assert.deepEqual(await poolByGraph(1, x, d), poolByLoops(x, d));
});

test('of equal maxima in a window the first alone gets the gradient, in the blocked layout', async (t) => {
  const verdict = await probeBlockedLayout();
  if ('refused' in verdict) {
    t.skip(`This processor has no blocked operators: ${verdict.refused}`);
    return;
  }
  assert.deepEqual(await poolByGraph(verdict.block, x, d), poolByLoops(x, d));
});
