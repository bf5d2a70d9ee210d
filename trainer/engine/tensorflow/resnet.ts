import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { EncoderName } from '../../../shared/training/run-configuration.ts';
import { resnets } from '../../models/resnet.ts';
import { batchNorm, convolve, type Pass } from './layers.ts';

function basicBlock(
  pass: Pass,
  x: Tensor4D,
  name: string,
  stride: number,
  projected: boolean,
): Tensor4D {
  const { tf } = pass;
  const conv = (from: Tensor4D, part: string, step: number, padding: number): Tensor4D =>
    convolve(pass, from, `${name}.${part}.weight`, step, padding);
  // The order is that of the graph of ONNX Runtime: running statistics are kept in it.
  const shortcut = projected
    ? batchNorm(pass, conv(x, 'downsample.0', stride, 0), `${name}.downsample.1`)
    : x;
  const first = tf.relu(batchNorm(pass, conv(x, 'conv1', stride, 1), `${name}.bn1`));
  const second = batchNorm(pass, conv(first, 'conv2', 1, 1), `${name}.bn2`);
  return tf.relu(tf.add<Tensor4D>(second, shortcut));
}

/** Images `[N, side, side, 3]` -> features `[N, length]`; the table is that of `models/resnet.ts`. */
export function encode(pass: Pass, images: Tensor4D, encoder: EncoderName): Tensor2D {
  const { tf } = pass;
  const { widths, blocks } = resnets[encoder];
  const stem = batchNorm(pass, convolve(pass, images, 'conv1.weight', 2, 3), 'bn1');
  let x: Tensor4D = tf.maxPool(tf.relu(stem), 3, 2, 1, 'floor');
  for (const [stage, count] of blocks.entries())
    for (let block = 0; block < count; block += 1) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const projected = stride === 2 || x.shape[3] !== widths[stage];
      x = basicBlock(pass, x, `layer${stage + 1}.${block}`, stride, projected);
    }
  return tf.mean<Tensor2D>(x, [1, 2]);
}
