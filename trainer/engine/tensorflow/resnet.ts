import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { ResnetName } from '../../../shared/training/run-configuration.ts';
import { resnets } from '../../models/resnet.ts';
import { batchNorm, convolve, type Pass } from './layers.ts';

/** A basic block or a bottleneck, by the weights that the model has for it. */
export function residualBlock(pass: Pass, x: Tensor4D, name: string, stride: number): Tensor4D {
  const { tf, has } = pass;
  // The order is that of the graph of ONNX Runtime: running statistics are kept in it.
  const shortcut = has(`${name}.downsample.0.weight`)
    ? batchNorm(
        pass,
        convolve(pass, x, `${name}.downsample.0.weight`, stride),
        `${name}.downsample.1`,
      )
    : x;
  const count = has(`${name}.conv3.weight`) ? 3 : 2;
  let y = x;
  for (let i = 1; i <= count; i += 1) {
    // The stride lies in the first convolution of 3 x 3.
    const step = i === count - 1 ? stride : 1;
    y = batchNorm(pass, convolve(pass, y, `${name}.conv${i}.weight`, step), `${name}.bn${i}`);
    if (i < count) y = tf.relu(y);
  }
  return tf.relu(tf.add<Tensor4D>(y, shortcut));
}

/** Images `[N, height, width, 3]` -> feature map of a quarter of the side. */
export function stem(pass: Pass, images: Tensor4D): Tensor4D {
  const { tf } = pass;
  const x = batchNorm(pass, convolve(pass, images, 'conv1.weight', 2), 'bn1');
  return tf.maxPool(tf.relu(x), 3, 2, 1, 'floor');
}

/** Images `[N, height, width, 3]` -> features `[N, length]`; table and `mostBlocks` are those of `models/resnet.ts`. */
export function encode(
  pass: Pass,
  images: Tensor4D,
  encoder: ResnetName,
  mostBlocks = Infinity,
): Tensor2D {
  const { tf } = pass;
  const { blocks } = resnets[encoder];
  let x = stem(pass, images);
  for (const [stage, count] of blocks.entries())
    for (let block = 0; block < Math.min(count, mostBlocks); block += 1)
      x = residualBlock(pass, x, `layer${stage + 1}.${block}`, stage > 0 && block === 0 ? 2 : 1);
  return tf.mean<Tensor2D>(x, [1, 2]);
}
