import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createRandom } from '../../../shared/random.ts';
import { GraphBuilder } from '../../../trainer/engine/graph-builder.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import { describeEncoder, featureLength } from '../../../trainer/models/encoder.ts';
import { encodeVit } from '../../../trainer/models/vit.ts';
import { makeVitCases } from './vit-cases.ts';

type GoldenStep = {
  readonly loss: number;
  readonly gradients: Readonly<
    Record<string, { readonly length: number; readonly values: readonly number[] }>
  >;
};

const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../golden/vit-steps.json'), 'utf8'),
) as Readonly<Record<string, GoldenStep>>;

/** Worst relative deviation of a gradient's length and of its stored values against its length. */
function deviation(gradient: Float32Array, expected: GoldenStep['gradients'][string]): number {
  let squares = 0;
  for (const value of gradient) squares += value * value;
  const step = Math.max(1, Math.floor(gradient.length / 8));
  const sampled = Math.hypot(
    ...expected.values.map((value, k) => value - (gradient[k * step] ?? Number.NaN)),
  );
  return Math.max(Math.abs(Math.sqrt(squares) - expected.length), sampled) / expected.length;
}

test('loss and every gradient of a vision transformer agree with PyTorch in double precision', async () => {
  for (const { name, model, parameters, arrays } of makeVitCases()) {
    const expected = golden[name];
    assert.ok(expected !== undefined, `${name} has golden values`);
    assert.deepEqual(
      parameters.map((each) => each.name).toSorted(),
      Object.keys(expected.gradients).toSorted(),
    );
    const session = await InferenceSession.create(model, { intraOpNumThreads: 2 });
    const feeds = Object.fromEntries(
      arrays.map(({ name: input, shape, values }) => [
        input,
        new Tensor('float32', values, [...shape]),
      ]),
    );
    const outputs = await session.run(feeds);
    await session.release();
    const numbers = (output: string): Float32Array => {
      const { data } = outputs[output] ?? {};
      return data instanceof Float32Array ? data : assert.fail(output);
    };
    const loss = numbers('loss')[0] ?? Number.NaN;
    assert.ok(
      Math.abs(loss - expected.loss) <= 1e-6 * Math.max(1, Math.abs(expected.loss)),
      `${name}: loss ${loss}, not ${expected.loss}`,
    );
    const wrong = parameters.flatMap(({ name: weight }) => {
      const wanted = expected.gradients[weight] ?? assert.fail(weight);
      const worst = deviation(numbers(`d_${weight}`), wanted);
      return worst <= 1e-4 ? [] : [`${weight}: ${worst}`];
    });
    assert.deepEqual(wrong, [], name);
  }
});

test('ViT-S has the tensors of timm’s vit_small_patch16_224', () => {
  const { parameters, statistics } = describeEncoder('vit-s', 224);
  const shapes = new Map(parameters.map(({ name, shape }) => [name, shape]));
  assert.deepEqual(statistics, []);
  assert.equal(featureLength('vit-s'), 384);
  assert.deepEqual(shapes.get('patch_embed.proj.weight'), [384, 3, 16, 16]);
  assert.deepEqual(shapes.get('pos_embed'), [1, 197, 384]);
  assert.deepEqual(shapes.get('cls_token'), [1, 1, 384]);
  assert.deepEqual(shapes.get('blocks.11.attn.qkv.weight'), [1152, 384]);
  assert.deepEqual(shapes.get('blocks.0.mlp.fc1.weight'), [1536, 384]);
  // 4 + 12 x 12 + 2 tensors; timm's documentation: 22.05 M parameters with the classifier of 1000 classes.
  assert.equal(shapes.size, 4 + 12 * 12 + 2);
  const count = parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
  assert.equal(count + 385 * 1000, 22_050_664);
});

test('a transformer begins with small seeded weights and layer norm that does nothing', () => {
  const { parameters } = describeEncoder('vit-tiny-test', 64);
  const weights = initialWeights(parameters, createRandom(1));
  const deviationOf = (name: string): number => {
    const values = weights.get(name) ?? assert.fail(name);
    return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  };
  for (const name of ['patch_embed.proj.weight', 'pos_embed', 'blocks.1.attn.qkv.weight'])
    assert.ok(Math.abs(deviationOf(name) - 0.02) < 0.003, `${name}: ${deviationOf(name)}`);
  assert.ok(deviationOf('cls_token') < 1e-5);
  assert.equal(deviationOf('blocks.0.norm1.weight'), 1);
  assert.equal(deviationOf('norm.weight'), 1);
  assert.equal(deviationOf('norm.bias'), 0);
  assert.equal(deviationOf('blocks.0.mlp.fc2.bias'), 0);
  assert.deepEqual(weights, initialWeights(parameters, createRandom(1)));
});

test('a picture that is no whole number of patches is refused', () => {
  const g = new GraphBuilder();
  assert.throws(() => encodeVit(g, g.input('images', [1, 3, 40, 32]), 'vit-s'), /multiples of 16/u);
});
