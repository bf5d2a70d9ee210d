import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../../../trainer/engine/graph-builder.ts';
import type { ModelEncoder } from '../../../trainer/backend.ts';
import { encodeVit, vits } from '../../../trainer/models/vit.ts';
import { encodeSafetensors, type NamedTensor } from '../../../trainer/safetensors.ts';
import { encodeOnnx } from '../../../trainer/weights/encode-onnx.ts';
import { findPytorch } from '../../fixtures/pytorch.ts';
import { embedWithOnnx, embedWithPytorch, makeEncoder, relativeError } from './exported.ts';

const python = findPytorch();
const withPytorch = { skip: python === false && 'no Python with PyTorch (python3-torch)' };
const side = 64;
const headsOf = (encoder: ModelEncoder): number =>
  encoder === 'vit-s' || encoder === 'vit-tiny-test' ? vits[encoder].heads : 0;

/** Features by the training engine's own graph. */
async function embedWithEngine(
  tensors: readonly NamedTensor[],
  images: Float32Array,
): Promise<Float32Array> {
  const g = new GraphBuilder();
  const shape = [images.length / (3 * side * side), 3, side, side];
  g.output('features', encodeVit(g, g.input('images', shape), 'vit-tiny-test'));
  const session = await InferenceSession.create(g.build());
  const feeds = Object.fromEntries(
    tensors.map((each) => [each.name, new Tensor('float32', each.values, [...each.shape])]),
  );
  const { features } = await session.run({
    ...feeds,
    images: new Tensor('float32', images, shape),
  });
  await session.release();
  return features?.data instanceof Float32Array ? features.data : assert.fail();
}

test(
  'PyTorch loads an exported encoder by the names of torchvision and timm and embeds as the ONNX model does',
  withPytorch,
  async () => {
    const exported = (['resnet-10', 'vit-tiny-test', 'vit-s'] as const).map((encoder) => {
      const random = createRandom(5);
      const tensors = makeEncoder(encoder, side, random);
      const images = Float32Array.from({ length: 3 * 3 * side * side }, () => random.normal());
      return { encoder, tensors, images, heads: headsOf(encoder), side };
    });
    const expected = embedWithPytorch(
      python || '',
      exported.map((each) => ({ ...each, safetensors: encodeSafetensors(each.tensors, {}) })),
    );
    for (const [k, { encoder, tensors, images, heads }] of exported.entries()) {
      const model = encodeOnnx(tensors, { encoder, heads: String(heads) });
      const onnx = await embedWithOnnx(model, images, side);
      const torch = expected[k] ?? assert.fail();
      assert.equal(onnx.length, torch.length);
      const error = relativeError(onnx, torch);
      assert.ok(error <= 1e-5, `${encoder}: ${error}`);
    }
  },
);

test('an exported transformer gives the features of the graph that trains, for any number of images', async () => {
  const random = createRandom(6);
  const tensors = makeEncoder('vit-tiny-test', side, random);
  const images = Float32Array.from({ length: 3 * 3 * side * side }, () => random.normal());
  const model = encodeOnnx(tensors, { heads: '3' });
  const own = await embedWithEngine(tensors, images);
  const exported = await embedWithOnnx(model, images, side);
  assert.ok(relativeError(exported, own) <= 1e-5);
  const first = await embedWithOnnx(model, images.slice(0, 3 * side * side), side);
  assert.ok(relativeError(first, own.subarray(0, 24)) <= 1e-5);
  assert.throws(() => encodeOnnx(tensors, {}), /how many attention heads/u);
});
