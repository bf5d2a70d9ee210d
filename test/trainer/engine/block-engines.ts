import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { EngineName } from '../../../shared/training/engine-names.ts';
import { toBlocked, toPlain } from '../../../trainer/engine/blocked-operators.ts';
import { GraphBuilder, sizeOf } from '../../../trainer/engine/graph-builder.ts';
import type { BatchStatistics } from '../../../trainer/engine/layers.ts';
import { type OnnxProvider, openSession, wrapArray } from '../../../trainer/engine/onnx-session.ts';
import { probeBlockedLayout } from '../../../trainer/engine/probe-blocked-layout.ts';
import {
  openTensorflow,
  type TensorflowBackend,
} from '../../../trainer/engine/tensorflow/backends.ts';
import type { Measured, Pass } from '../../../trainer/engine/tensorflow/layers.ts';
import * as onTensorflow from '../../../trainer/engine/tensorflow/resnet.ts';
import { residualBlock, stem } from '../../../trainer/models/resnet.ts';
import type { BlockStep } from './block-cases.ts';

/** Loss and gradients of a block by weight; `input`: that of the block's input (a stem's needs none). */
export type BlockResult = {
  readonly loss: number;
  readonly gradients: ReadonlyMap<string, Float32Array>;
};

const toArray = (data: unknown): Float32Array => {
  if (!(data instanceof Float32Array)) throw new Error('The block gave no numbers.');
  return data;
};

/** In double precision: the test's loss, not the engine's, has up to a million terms. */
const halfMeanSquare = (away: Float32Array): number =>
  away.reduce((sum, value) => sum + value * value, 0) / (2 * away.length);

/** The block by the layers of the engines' graph, in blocks of so many channels; 1: the plain layout. */
function buildGraph({ shape, outputShape }: BlockStep, channelsInBlock: number): GraphBuilder {
  const { kind, channels, width, stride, height, columns, batch } = shape;
  const g = new GraphBuilder(channelsInBlock);
  const isBlocked = channelsInBlock > 1;
  const norms: BatchStatistics[] = [];
  const inputShape = [batch, channels, height, columns];
  const output = (): ReturnType<typeof stem> => {
    if (kind === 'stem') return stem(g, g.input('input', inputShape), width, norms);
    const input = g.parameter('input', inputShape);
    const x = isBlocked ? toBlocked(g, input) : g.op('Identity', [input], inputShape);
    g.onBackward(() => {
      const d = g.gradientOf(x);
      g.addGradient(input, isBlocked ? toPlain(g, d) : d);
    });
    return residualBlock(g, x, kind, { name: 'block', width, stride }, norms);
  };
  const y = output();
  const away = g.sub(isBlocked ? toPlain(g, y) : y, g.input('target', outputShape));
  g.output('away', away);
  g.onBackward(() => {
    const d = g.scale(away, 1 / sizeOf(outputShape));
    g.addGradient(y, isBlocked ? toBlocked(g, d) : d);
  });
  g.backward();
  return g;
}

async function runOnnx(
  step: BlockStep,
  provider: OnnxProvider,
  channelsInBlock: number,
): Promise<BlockResult> {
  const { channels, height, columns, batch } = step.shape;
  const g = buildGraph(step, channelsInBlock);
  const session = await openSession(g.build(), 2, { provider });
  try {
    const feeds = {
      ...Object.fromEntries(
        step.parameters.map(({ name, shape }) => [
          name,
          wrapArray(step.weights.get(name) ?? new Float32Array(0), shape),
        ]),
      ),
      input: wrapArray(step.input, [batch, channels, height, columns]),
      target: wrapArray(step.target, step.outputShape),
    };
    const results = await session.run(feeds);
    const of = (name: string): Float32Array => toArray(results[name]?.data).slice();
    return {
      loss: halfMeanSquare(of('away')),
      gradients: new Map(g.parameters.map(({ name }) => [name, of(`d_${name}`)])),
    };
  } finally {
    await session.release();
  }
}

async function runTensorflow(step: BlockStep, wanted: TensorflowBackend): Promise<BlockResult> {
  const { tf } = await openTensorflow(wanted);
  const { kind, channels, height, columns, batch, stride } = step.shape;
  const names = step.parameters.map(({ name }) => name);
  const all = [...names, 'input'];
  const inputShape = [batch, channels, height, columns] as const;
  const toLast = (x: Tensor): Tensor4D => tf.transpose(x as Tensor4D, [0, 2, 3, 1]);
  const tensors = [
    ...step.parameters.map(({ name, shape }) =>
      tf.tensor(step.weights.get(name) ?? new Float32Array(0), [...shape]),
    ),
    tf.tensor4d(step.input, [...inputShape]),
  ];
  const measured: Measured[] = [];
  let away: Tensor = tf.scalar(0);
  const run = (...given: Tensor[]): Tensor => {
    const byName = new Map(all.map((name, i) => [name, given[i]]));
    const weight = (name: string): Tensor => byName.get(name) ?? tf.zeros([0]);
    const pass: Pass = { tf, weight, has: (name) => byName.has(name), measured };
    const x = toLast(weight('input'));
    const y =
      kind === 'stem'
        ? onTensorflow.stem(pass, x)
        : onTensorflow.residualBlock(pass, x, 'block', stride);
    const target = toLast(tf.tensor(step.target, [...step.outputShape]));
    away = tf.keep(tf.sub(y, target));
    return tf.mul(tf.mean(tf.square(away)), 0.5);
  };
  const { value, grads } = tf.tidy(() => tf.valueAndGrads(run)(tensors));
  const gradients = new Map<string, Float32Array>();
  for (const [i, name] of (kind === 'stem' ? names : all).entries())
    gradients.set(name, Float32Array.from((await grads[i]?.data<'float32'>()) ?? []));
  const loss = halfMeanSquare(await away.data<'float32'>());
  tf.dispose([value, grads, tensors, away, measured.map(({ mean, variance }) => [mean, variance])]);
  return { loss, gradients };
}

/** How an engine runs a block, by its own layers. Throws where it cannot. */
export async function openBlocks(
  engine: EngineName,
): Promise<(step: BlockStep) => Promise<BlockResult>> {
  switch (engine) {
    case 'onnx-plain':
      return (step) => runOnnx(step, 'cpu', 1);
    case 'onnx-webgpu':
      return (step) => runOnnx(step, 'webgpu', 1);
    case 'onnx-cuda':
      return (step) => runOnnx(step, 'cuda', 1);
    case 'onnx-blocked': {
      const found = await probeBlockedLayout();
      if ('refused' in found) throw new Error(found.refused);
      return (step) => runOnnx(step, 'cpu', found.block);
    }
    case 'tensorflow-cpu':
    case 'tensorflow-webgpu':
    case 'tensorflow-node':
      return (step) => runTensorflow(step, engine);
    default:
      return engine satisfies never;
  }
}
