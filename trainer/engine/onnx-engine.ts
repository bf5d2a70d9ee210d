import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type {
  EngineDescription,
  ParameterDescription,
  StepDescription,
  StepInput,
  TrainEngine,
} from '../backend.ts';
import { normaliseRowsInPlace } from '../losses/unit-rows.ts';
import {
  giveBack,
  type OnnxProvider,
  openSession,
  runSession,
  weightFeeds,
  wrapArray,
} from './onnx-session.ts';
import { foldStatistics, startStatistics } from './running-statistics.ts';
import {
  buildProjectionGraph,
  buildTrainingGraph,
  imageShape,
  projectionLength,
  type TrainingGraph,
} from './training-graph.ts';

/** Added to the logits of queue slots that take no part: far below any cosine. */
const leftOut = -1e4;

/** The parameters of a model, in the order of its graph. */
export function describeParameters(description: StepDescription): readonly ParameterDescription[] {
  return buildTrainingGraph(description).builder.parameters;
}

/** A step's input as tensors, by the names of the graph's inputs. */
function toFeeds(description: StepDescription, input: StepInput): Record<string, Tensor> {
  const { model, batchImages: n, loss } = description;
  if (input.kind !== loss.kind)
    throw new Error(`A step of ${loss.kind} was given the input of ${input.kind}.`);
  const shape = imageShape({ ...model, batchImages: n });
  const d = projectionLength(model);
  const feeds: Record<string, Tensor> = { view1: wrapArray(input.view1, shape) };
  switch (input.kind) {
    case 'moco': {
      const k = input.queue.length / d;
      feeds['positives'] = wrapArray(input.positives, [n, k]);
      feeds['keys'] = wrapArray(input.keys, [n, d]);
      feeds['queue'] = wrapArray(input.queue, [k, d]);
      const masked = Float32Array.from(input.masked, (out) => (out === 1 ? leftOut : 0));
      feeds['masked'] = wrapArray(masked, [n, k]);
      break;
    }
    case 'byol':
      feeds['target1'] = wrapArray(input.target1, [n, d]);
      feeds['target2'] = wrapArray(input.target2, [n, d]);
      feeds['positives'] = wrapArray(input.positives, [n, n]);
      break;
    case 'simsiam':
      feeds['positives'] = wrapArray(input.positives, [n, n]);
      break;
    case 'simclr':
      feeds['positives'] = wrapArray(input.positives, [2 * n, 2 * n]);
      break;
    case 'classes':
      feeds['targets'] = wrapArray(input.targets, [n, d]);
      break;
    default:
      input satisfies never;
  }
  if ('view2' in input) feeds['view2'] = wrapArray(input.view2, shape);
  return feeds;
}

const providerNames = { cpu: 'CPU', webgpu: 'WebGPU', cuda: 'CUDA' } as const;

/** Below this image side the optimiser of WebGPU drops the end pads of a convolution as large as its image. */
const safeWebgpuSide = 96;

/**
 * Compiles a training step, for the CPU where no provider is named. Without `block` (or 1) by standard operators only,
 * right on every processor; else with feature maps in blocks of so many channels, as `probeBlockedLayout` has found
 * them (CPU only).
 */
export async function buildOnnxEngine(
  description: EngineDescription,
  {
    block = 1,
    provider = 'cpu',
  }: { readonly block?: number; readonly provider?: OnnxProvider } = {},
): Promise<TrainEngine> {
  const { model, batchImages, threads, weights } = description;
  const smallest = Math.min(model.imageHeight, model.imageWidth);
  const optimise =
    provider === 'cpu' ? 'training' : provider !== 'webgpu' || smallest >= safeWebgpuSide;
  const graph = buildTrainingGraph(description, block);
  for (const [i, { mean, variance }] of graph.statistics.entries()) {
    graph.builder.output(`mean_${i}`, mean);
    graph.builder.output(`var_${i}`, variance);
  }
  const { parameters } = graph.builder;
  const stepper = await openSession(graph.builder.build(), threads, { provider, optimise });
  let outputs: Awaited<ReturnType<typeof runSession>> = new Map();
  const statistics = startStatistics(graph.statistics, description.statistics);
  const feeds = weightFeeds(parameters, weights);
  let projector: Promise<{ session: InferenceSession; graph: TrainingGraph }> | undefined;

  const openProjector = async (): Promise<{ session: InferenceSession; graph: TrainingGraph }> => {
    const forward = buildProjectionGraph(description, block);
    const session = await openSession(forward.builder.build(), threads, { provider, optimise });
    return { session, graph: forward };
  };

  const step = async (input: StepInput): ReturnType<TrainEngine['step']> => {
    giveBack(outputs.values());
    outputs = new Map();
    outputs = await runSession(stepper, { ...feeds, ...toFeeds(description, input) });
    foldStatistics(graph.statistics, (kind, i) => outputs.get(`${kind}_${i}`), statistics);
    return {
      loss: outputs.get('loss')?.[0] ?? Number.NaN,
      gradients: new Map(
        parameters.map(({ name }) => [name, outputs.get(`d_${name}`) ?? new Float32Array(0)]),
      ),
      embeddings: outputs.get('embeddings') ?? new Float32Array(0),
    };
  };

  const project = async (
    images: Float32Array,
    other: ReadonlyMap<string, Float32Array> = weights,
  ): Promise<Float32Array> => {
    projector ??= openProjector();
    const { session, graph: forward } = await projector;
    const inputs = weightFeeds(forward.builder.parameters, other);
    inputs['view1'] = wrapArray(images, imageShape({ ...model, batchImages }));
    const projections = (await runSession(session, inputs)).get('projections');
    if (projections === undefined) throw new Error('The projection gave no numbers.');
    return normaliseRowsInPlace(projections, forward.embeddingLength);
  };

  return {
    kind: `ONNX Runtime ${providerNames[provider]}, ${block > 1 ? `blocks of ${block} channels` : 'plain graph'}`,
    parameters,
    weights,
    statistics,
    step,
    project,
    close: async () => {
      await stepper.release();
      if (projector !== undefined) await (await projector).session.release();
    },
  };
}
