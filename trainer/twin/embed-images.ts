import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { EncoderName } from '../../shared/training/run-configuration.ts';
import { imageMeans, imageDeviations } from './image-scale.ts';
import { GraphBuilder, sizeOf, type Tensor } from '../engine/graph-builder.ts';
import { convolve } from '../engine/convolution.ts';
import { addResidual, globalAveragePool, maxPool, relu } from '../engine/layers.ts';
import { resnets } from '../models/resnet.ts';

/** An encoder as training left it: weights and batch norm's running statistics, by torchvision's names. */
export type TrainedEncoder = {
  readonly encoder: EncoderName;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, Float32Array>;
};

/** Batch norm with running statistics, as a network is used after training. */
function fixedNorm(g: GraphBuilder, x: Tensor, name: string): Tensor {
  const channels = [x.shape[1] ?? 0];
  const of = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    g.parameter(`${name}.${part}`, channels),
  );
  return g.op('BatchNormalization', [x, ...of], x.shape, { epsilon: 1e-5 });
}

function encodeFixed(g: GraphBuilder, images: Tensor, encoder: EncoderName): Tensor {
  const { widths, blocks } = resnets[encoder];
  const stem = { out: widths[0], kernel: 7, stride: 2, padding: 3 } as const;
  let x = maxPool(
    g,
    relu(g, fixedNorm(g, convolve(g, images, 'conv1.weight', stem, false), 'bn1')),
  );
  for (const [stage, count] of blocks.entries())
    for (let block = 0; block < count; block += 1) {
      const name = `layer${stage + 1}.${block}`;
      const out = widths[stage] ?? 0;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const point = { out, kernel: 1, stride, padding: 0 } as const;
      const wide = { out, kernel: 3, stride, padding: 1 } as const;
      const shortcut =
        stride === 2 || x.shape[1] !== out
          ? fixedNorm(
              g,
              convolve(g, x, `${name}.downsample.0.weight`, point),
              `${name}.downsample.1`,
            )
          : x;
      const first = relu(
        g,
        fixedNorm(g, convolve(g, x, `${name}.conv1.weight`, wide), `${name}.bn1`),
      );
      const last = { ...wide, stride: 1 } as const;
      const second = fixedNorm(g, convolve(g, first, `${name}.conv2.weight`, last), `${name}.bn2`);
      x = relu(g, addResidual(g, second, shortcut));
    }
  return globalAveragePool(g, x);
}

const batch = 16;

/** Features of images `[3, side, side]` in [0, 1], not augmented, one row an image. */
export async function embedImages(
  { encoder, weights, statistics }: TrainedEncoder,
  images: readonly Float32Array[],
  side: number,
  threads: number,
): Promise<Float32Array[]> {
  const g = new GraphBuilder();
  const shape = [batch, 3, side, side];
  g.output('features', encodeFixed(g, g.input('images', shape), encoder));
  const session = await InferenceSession.create(g.build(), {
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  try {
    const feeds: Record<string, OrtTensor> = {};
    for (const { name, shape: dims } of g.parameters) {
      const values = weights.get(name) ?? statistics.get(name);
      if (values?.length !== sizeOf(dims)) throw new Error(`The encoder has no ${name}.`);
      feeds[name] = new OrtTensor('float32', values, [...dims]);
    }
    const found: Float32Array[] = [];
    const size = side * side;
    for (let from = 0; from < images.length; from += batch) {
      const input = new Float32Array(sizeOf(shape));
      const part = images.slice(from, from + batch);
      for (const [i, image] of part.entries())
        for (let k = 0; k < 3; k += 1)
          for (let p = k * size; p < (k + 1) * size; p += 1)
            input[3 * i * size + p] =
              ((image[p] ?? 0) - (imageMeans[k] ?? 0)) / (imageDeviations[k] ?? 1);
      feeds['images'] = new OrtTensor('float32', input, shape);
      const { features } = await session.run(feeds);
      if (!(features?.data instanceof Float32Array)) throw new Error('No features came out.');
      const length = features.data.length / batch;
      for (const i of part.keys()) found.push(features.data.slice(i * length, (i + 1) * length));
    }
    return found;
  } finally {
    await session.release();
  }
}
