import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type {
  CompiledStep,
  EngineDescription,
  EngineState,
  ParameterDescription,
  StepDescription,
  StepInput,
  ThreadedStep,
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

export type OnnxStepOptions = { readonly block?: number; readonly provider?: OnnxProvider };

/**
 * Compiles a training step, for the CPU where no provider is named. Without `block` (or 1) by standard operators only,
 * right on every processor; else with feature maps in blocks of so many channels, as `probeBlockedLayout` has found
 * them (CPU only).
 */
export async function compileOnnxStep(
  description: ThreadedStep,
  { block = 1, provider = 'cpu' }: OnnxStepOptions = {},
): Promise<CompiledStep> {
  const { model, threads } = description;
  const smallest = Math.min(model.imageHeight, model.imageWidth);
  const optimise =
    provider === 'cpu' ? 'training' : provider !== 'webgpu' || smallest >= safeWebgpuSide;
  const graph = buildTrainingGraph(description, block);
  for (const [i, { mean, variance }] of graph.statistics.entries()) {
    graph.builder.output(`mean_${i}`, mean);
    graph.builder.output(`var_${i}`, variance);
  }
  const open = ({ builder }: TrainingGraph): Promise<InferenceSession> =>
    openSession(builder.build(), threads, { provider, optimise });
  const stepper = await open(graph);
  const openProjector = async (): Promise<Projector> => {
    const forward = buildProjectionGraph(description, block);
    return { session: await open(forward), graph: forward };
  };
  const kind = `ONNX Runtime ${providerNames[provider]}, ${block > 1 ? `blocks of ${block} channels` : 'plain graph'}`;
  return {
    begin: async (state) =>
      beginOnnxEngine({ description, state, graph, stepper, openProjector, kind }),
    close: () => stepper.release(),
  };
}

/** `compileOnnxStep` with weights that are there already. */
export const buildOnnxEngine = async (
  description: EngineDescription,
  options?: OnnxStepOptions,
): Promise<TrainEngine> => (await compileOnnxStep(description, options)).begin(description);

type Projector = { readonly session: InferenceSession; readonly graph: TrainingGraph };

function beginOnnxEngine({
  description,
  state: { weights, statistics: measured },
  graph,
  stepper,
  openProjector,
  kind,
}: {
  readonly description: StepDescription;
  readonly state: EngineState;
  readonly graph: TrainingGraph;
  readonly stepper: InferenceSession;
  readonly openProjector: () => Promise<Projector>;
  readonly kind: string;
}): TrainEngine {
  const { model, batchImages } = description;
  const { parameters } = graph.builder;
  let outputs: Awaited<ReturnType<typeof runSession>> = new Map();
  const statistics = startStatistics(graph.statistics, measured);
  const feeds = weightFeeds(parameters, weights);
  let projector: Promise<Projector> | undefined;

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
    kind,
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
