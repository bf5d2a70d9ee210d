import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { convolve } from '../engine/convolution.ts';
import { GraphBuilder, sizeOf, type Tensor } from '../engine/graph-builder.ts';
import { addResidual, globalAveragePool, maxPool, relu } from '../engine/layers.ts';
import { resnets } from '../models/resnet.ts';
import type { SavedEncoder } from './saved-encoder.ts';

/** An encoder as it is used after training: forward only, with batch norm's running statistics. */
export interface Embedder {
  /** Length of a feature vector. */
  readonly length: number;
  /** Normalised images `[count, 3, side, side]` -> features `[count, length]`. */
  embed(images: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

function runningNorm(g: GraphBuilder, x: Tensor, name: string): Tensor {
  const tensors = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
    g.parameter(`${name}.${part}`, [x.shape[1] ?? 0]),
  );
  // Its default epsilon is torch's, 1e-5.
  return g.op('BatchNormalization', [x, ...tensors], x.shape);
}

function block(g: GraphBuilder, x: Tensor, name: string, out: number, stride: 1 | 2): Tensor {
  const wide = (from: Tensor, layer: string, step: 1 | 2): Tensor =>
    convolve(g, from, `${name}.${layer}.weight`, { out, kernel: 3, stride: step, padding: 1 });
  let shortcut = x;
  if (stride === 2 || x.shape[1] !== out) {
    const point = { out, kernel: 1, stride, padding: 0 } as const;
    const projected = convolve(g, x, `${name}.downsample.0.weight`, point);
    shortcut = runningNorm(g, projected, `${name}.downsample.1`);
  }
  const middle = relu(g, runningNorm(g, wide(x, 'conv1', stride), `${name}.bn1`));
  const last = runningNorm(g, wide(middle, 'conv2', 1), `${name}.bn2`);
  return relu(g, addResidual(g, last, shortcut));
}

function buildGraph({ encoder, imageSide }: SavedEncoder, count: number): GraphBuilder {
  const g = new GraphBuilder();
  const { widths, blocks } = resnets[encoder];
  const images = g.input('images', [count, 3, imageSide, imageSide]);
  const stem = { out: widths[0], kernel: 7, stride: 2, padding: 3 } as const;
  const first = convolve(g, images, 'conv1.weight', stem, false);
  let x = maxPool(g, relu(g, runningNorm(g, first, 'bn1')));
  for (const [stage, many] of blocks.entries())
    for (let i = 0; i < many; i += 1)
      x = block(g, x, `layer${stage + 1}.${i}`, widths[stage] ?? 0, stage > 0 && i === 0 ? 2 : 1);
  g.output('features', globalAveragePool(g, x));
  return g;
}

/** Opens a saved encoder for `count` images at a time; close it. Throws where a tensor is missing or of another size. */
export async function openEmbedder(
  saved: SavedEncoder,
  count: number,
  threads: number,
): Promise<Embedder> {
  const g = buildGraph(saved, count);
  const feeds: Record<string, OrtTensor> = {};
  for (const { name, shape } of g.parameters) {
    const values = saved.tensors.get(name);
    if (values?.length !== sizeOf(shape))
      throw new Error(`The saved encoder has no ${name} of ${sizeOf(shape)} values.`);
    feeds[name] = new OrtTensor('float32', values, [...shape]);
  }
  const session = await InferenceSession.create(g.build(), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const { imageSide, encoder } = saved;
  return {
    length: resnets[encoder].widths[3],
    embed: async (images) => {
      const shape = [count, 3, imageSide, imageSide];
      const input = { ...feeds, images: new OrtTensor('float32', images, shape) };
      const { features } = await session.run(input);
      if (!(features?.data instanceof Float32Array))
        throw new Error('The encoder gave no features.');
      return features.data;
    },
    close: () => session.release(),
  };
}
