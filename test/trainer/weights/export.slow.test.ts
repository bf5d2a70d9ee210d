import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import type { ModelEncoder } from '../../../trainer/backend.ts';
import { GraphBuilder } from '../../../trainer/engine/graph-builder.ts';
import {
  openSession,
  runSession,
  weightFeeds,
  wrapArray,
} from '../../../trainer/engine/onnx-session.ts';
import { buildTensorflowEmbedder } from '../../../trainer/engine/tensorflow/tensorflow-engine.ts';
import { isVit } from '../../../trainer/models/encoder.ts';
import { encodeVit, vits } from '../../../trainer/models/vit.ts';
import { encodeSafetensors, type NamedTensor } from '../../../trainer/safetensors.ts';
import { encodeOnnx } from '../../../trainer/weights/encode-onnx.ts';
import { findPytorch } from '../../fixtures/pytorch.ts';
import { embedWithOnnx, embedWithPytorch, makeEncoder, relativeError } from './exported.ts';

const python = findPytorch();
const withPytorch = { skip: python === false && 'no Python with PyTorch (python3-torch)' };
const side = 64;
const headsOf = (encoder: ModelEncoder): number => (isVit(encoder) ? vits[encoder].heads : 0);

/** Features by another way than the exported model: TensorFlow.js, or a transformer's training graph. */
async function embedOtherwise(
  encoder: ModelEncoder,
  tensors: readonly NamedTensor[],
  images: Float32Array,
): Promise<Float32Array> {
  const weights = new Map(tensors.map(({ name, values }) => [name, values]));
  if (!isVit(encoder)) {
    const asked = { encoder, imageHeight: side, imageWidth: side, threads: 2 };
    const embedder = await buildTensorflowEmbedder(
      { ...asked, weights, statistics: weights },
      'tensorflow-cpu',
    );
    return embedder.embed(images);
  }
  const shape = [images.length / (3 * side * side), 3, side, side];
  const g = new GraphBuilder();
  g.output('features', encodeVit(g, g.input('images', shape), encoder));
  const session = await openSession(g.build(), 2);
  try {
    const feeds = weightFeeds(g.parameters, weights);
    const outputs = await runSession(session, { ...feeds, images: wrapArray(images, shape) });
    return outputs.get('features') ?? assert.fail();
  } finally {
    await session.release();
  }
}

test(
  'PyTorch loads an exported encoder by the names of torchvision and timm and embeds as the ONNX model does',
  withPytorch,
  async () => {
    const exported = (['resnet-10', 'resnet-26', 'vit-tiny-test', 'vit-s'] as const).map(
      (encoder) => {
        const random = createRandom(5);
        const tensors = makeEncoder(encoder, side, random);
        const images = Float32Array.from({ length: 3 * 3 * side * side }, () => random.normal());
        return { encoder, tensors, images, heads: headsOf(encoder), side };
      },
    );
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

test('an exported encoder gives the features of another engine, for any number of images', async () => {
  for (const encoder of ['resnet-10', 'resnet-26', 'vit-tiny-test'] as const) {
    const random = createRandom(6);
    const tensors = makeEncoder(encoder, side, random);
    const images = Float32Array.from({ length: 3 * 3 * side * side }, () => random.normal());
    const model = encodeOnnx(tensors, { heads: String(headsOf(encoder)) });
    const own = await embedOtherwise(encoder, tensors, images);
    const exported = await embedWithOnnx(model, images, side);
    const error = relativeError(exported, own);
    assert.ok(error <= 1e-5, `${encoder}: ${error}`);
    const first = await embedWithOnnx(model, images.slice(0, 3 * side * side), side);
    assert.ok(relativeError(first, own.subarray(0, first.length)) <= 1e-5);
  }
  assert.throws(
    () => encodeOnnx(makeEncoder('vit-tiny-test', side, createRandom(1)), {}),
    /heads/u,
  );
});
