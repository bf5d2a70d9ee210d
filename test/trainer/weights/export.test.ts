import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { encodeSafetensors } from '../../../trainer/safetensors.ts';
import { encodeOnnx } from '../../../trainer/weights/encode-onnx.ts';
import { findPytorch } from '../../fixtures/pytorch.ts';
import { embedWithOnnx, embedWithPytorch, makeEncoder, relativeError } from './exported.ts';

const python = findPytorch();
const withPytorch = { skip: python === false && 'no Python with PyTorch (python3-torch)' };

test(
  'PyTorch loads an exported ResNet by torchvision’s names and embeds as the ONNX model does',
  withPytorch,
  async () => {
    for (const encoder of ['resnet-10', 'resnet-18'] as const) {
      const random = createRandom(5);
      const side = 64;
      const tensors = makeEncoder(encoder, side, random);
      const images = Float32Array.from({ length: 3 * 3 * side * side }, () => random.normal());
      const torch = embedWithPytorch(
        python || '',
        encodeSafetensors(tensors, { encoder }),
        images,
        { side },
      );
      const onnx = await embedWithOnnx(encodeOnnx(tensors, { encoder }), images, side);
      assert.equal(onnx.length, torch.length);
      const error = relativeError(onnx, torch);
      assert.ok(error <= 1e-5, `${encoder}: ${error}`);
    }
  },
);
