import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Batch, ParameterDescription, TrainEngine } from '../backend.ts';
import { sizeOf } from './graph-builder.ts';
import { openSession, wrapArray } from './onnx-session.ts';
import {
  buildProjectionGraph,
  buildTrainingGraph,
  type GraphDescription,
  type TrainingGraph,
} from './training-graph.ts';

/** Momentum of batch norm's running statistics, as torch's. */
const statisticsMomentum = 0.1;

/** Added to the logits of empty queue slots: far below any cosine, so that they take no part. */
const emptySlot = -1e4;

export type EngineDescription = GraphDescription & {
  readonly threads: number;
  /** Master copy, canonical names and layouts; the engine reads and never writes it. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Running statistics to go on from; new ones where absent. */
  readonly statistics?: ReadonlyMap<string, Float32Array>;
};

/** A training engine on ONNX Runtime, with the parameters of its model. */
export interface OnnxEngine extends TrainEngine {
  readonly parameters: readonly ParameterDescription[];
}

/** The parameters of a model, in the order of its graph. */
export function describeParameters(description: GraphDescription): readonly ParameterDescription[] {
  return buildTrainingGraph(description).builder.parameters;
}

const openGraph = ({ builder }: TrainingGraph, threads: number): Promise<InferenceSession> =>
  openSession(builder.build(), threads);

/** Arrays for every output, reused by each step. */
function prepareOutputs(graph: TrainingGraph): {
  readonly arrays: ReadonlyMap<string, Float32Array>;
  readonly fetches: Record<string, Tensor>;
} {
  const arrays = new Map<string, Float32Array>();
  const fetches: Record<string, Tensor> = {};
  for (const [name, shape] of graph.builder.outputs) {
    const values = new Float32Array(sizeOf(shape));
    arrays.set(name, values);
    fetches[name] = wrapArray(values, shape);
  }
  return { arrays, fetches };
}

function initialStatistics(graph: TrainingGraph): Map<string, Float32Array> {
  const found = new Map<string, Float32Array>();
  for (const { name, channels } of graph.statistics) {
    found.set(`${name}.running_mean`, new Float32Array(channels));
    found.set(`${name}.running_var`, new Float32Array(channels).fill(1));
  }
  return found;
}

/** run = 0.9 run + 0.1 batch, for each view in turn; the variance unbiased, as torch's. */
function foldStatistics(
  graph: TrainingGraph,
  arrays: ReadonlyMap<string, Float32Array>,
  running: ReadonlyMap<string, Float32Array>,
): void {
  for (const [i, { name, count }] of graph.statistics.entries()) {
    const unbias = count > 1 ? count / (count - 1) : 1;
    for (const [kind, factor] of [
      ['mean', 1],
      ['var', unbias],
    ] as const) {
      const target = running.get(`${name}.running_${kind}`);
      const measured = arrays.get(`${kind}_${i}`);
      if (target === undefined || measured === undefined) continue;
      for (let c = 0; c < target.length; c += 1)
        target[c] =
          (1 - statisticsMomentum) * (target[c] ?? 0) +
          statisticsMomentum * factor * (measured[c] ?? 0);
    }
  }
}

function weightFeeds(
  parameters: readonly ParameterDescription[],
  weights: ReadonlyMap<string, Float32Array>,
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const { name, shape } of parameters) {
    const values = weights.get(name);
    if (values?.length !== sizeOf(shape))
      throw new Error(`The weight ${name} must have ${sizeOf(shape)} values.`);
    feeds[name] = wrapArray(values, shape);
  }
  return feeds;
}

/** Compiles a training step for the CPU: standard operators only, right on every processor. */
export async function buildOnnxEngine(description: EngineDescription): Promise<OnnxEngine> {
  const { batchImages: n, imageSide: side, method, queueLength, threads, weights } = description;
  const graph = buildTrainingGraph(description);
  for (const [i, { mean, variance }] of graph.statistics.entries()) {
    graph.builder.output(`mean_${i}`, mean);
    graph.builder.output(`var_${i}`, variance);
  }
  const { parameters } = graph.builder;
  const stepper = await openGraph(graph, threads);
  const { arrays, fetches } = prepareOutputs(graph);
  const statistics = initialStatistics(graph);
  for (const [name, values] of description.statistics ?? []) statistics.get(name)?.set(values);
  const gradients = new Map(
    parameters.map(({ name }) => [name, arrays.get(`d_${name}`) ?? new Float32Array(0)]),
  );
  const feeds = weightFeeds(parameters, weights);
  const imageShape = [n, 3, side, side];
  let projector: Promise<{ session: InferenceSession; graph: TrainingGraph }> | undefined;

  const openProjector = async (): Promise<{ session: InferenceSession; graph: TrainingGraph }> => {
    const forward = buildProjectionGraph(description);
    return { session: await openGraph(forward, threads), graph: forward };
  };

  const step = async (batch: Batch): ReturnType<TrainEngine['step']> => {
    const inputs: Record<string, Tensor> = { ...feeds, view1: wrapArray(batch.view1, imageShape) };
    if (method === 'simsiam') {
      inputs['view2'] = wrapArray(batch.view2, imageShape);
      inputs['positives'] = wrapArray(batch.positives, [n, n]);
    } else {
      const { keys, queue, emptySlots } = batch;
      if (keys === undefined || queue === undefined || emptySlots === undefined)
        throw new Error('A MoCo step needs keys and a queue.');
      inputs['positives'] = wrapArray(batch.positives, [n, queueLength]);
      inputs['keys'] = wrapArray(keys, [n, graph.embeddingLength]);
      inputs['queue'] = wrapArray(queue, [queueLength, graph.embeddingLength]);
      const masked = Float32Array.from(emptySlots, (empty) => (empty === 1 ? emptySlot : 0));
      inputs['masked'] = wrapArray(masked, [1, queueLength]);
    }
    await stepper.run(inputs, fetches);
    foldStatistics(graph, arrays, statistics);
    return {
      loss: arrays.get('loss')?.[0] ?? Number.NaN,
      gradients,
      embeddings: arrays.get('embeddings') ?? new Float32Array(0),
    };
  };

  const project = async (
    images: Float32Array,
    other: ReadonlyMap<string, Float32Array> = weights,
  ): Promise<Float32Array> => {
    projector ??= openProjector();
    const { session, graph: forward } = await projector;
    const inputs = weightFeeds(forward.builder.parameters, other);
    inputs['view1'] = wrapArray(images, imageShape);
    const result = await session.run(inputs);
    const { data } = result['projections'] ?? {};
    if (!(data instanceof Float32Array)) throw new Error('The projection gave no numbers.');
    return data;
  };

  return {
    kind: `ONNX Runtime CPU, ${graph.builder.block > 1 ? `blocks of ${graph.builder.block} channels` : 'plain graph'}`,
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
