import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Batch, ParameterDescription, TrainEngine } from '../../backend.ts';
import type { EngineDescription } from '../onnx-engine.ts';
import { buildTrainingGraph } from '../training-graph.ts';
import { openTensorflow, type OpenTensorflow, type TensorflowBackend } from './backends.ts';
import { projectImages, stepLoss } from './forward.ts';
import type { Measured, Pass } from './layers.ts';
import { foldMeasured } from './statistics.ts';

/** A training engine on TensorFlow.js. */
export interface TensorflowEngine extends TrainEngine {
  readonly parameters: readonly ParameterDescription[];
  /** Tensors that TensorFlow.js holds between two steps: none of ours. */
  heldTensors(): number;
}

type Weights = ReadonlyMap<string, Float32Array>;

/** Makes the engine's backend the one in use; another engine of this process may have chosen another. */
async function enter({ tf, backend }: OpenTensorflow): Promise<void> {
  while (tf.getBackend() !== backend)
    if (!(await tf.setBackend(backend)))
      throw new Error(`TensorFlow.js lost its backend ${backend}.`);
}

/** `[N, 3, side, side]` of the step's input as TensorFlow.js wants it: `[N, side, side, 3]`. */
const imageTensor = ({ tf }: OpenTensorflow, values: Float32Array, side: number): Tensor4D =>
  tf.transpose(tf.tensor4d(values, [values.length / (3 * side * side), 3, side, side]), [0, 2, 3, 1]);

function weightTensors(
  { tf }: OpenTensorflow,
  parameters: readonly ParameterDescription[],
  weights: Weights,
): Tensor[] {
  return parameters.map(({ name, shape }) => {
    const values = weights.get(name);
    const size = shape.reduce((product, each) => product * each, 1);
    if (values?.length !== size) throw new Error(`The weight ${name} must have ${size} values.`);
    return tf.tensor(values, [...shape]);
  });
}

function lookUp(
  parameters: readonly ParameterDescription[],
  tensors: readonly Tensor[],
): (name: string) => Tensor {
  const byName = new Map(parameters.map(({ name }, i) => [name, tensors[i]]));
  return (name: string): Tensor => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`The model has no weight ${name}.`);
    return found;
  };
}

const read = async (tensor: Tensor): Promise<Float32Array> =>
  Float32Array.from(await tensor.data<'float32'>());

/**
 * The same training step on TensorFlow.js: its own gradients, the names and layouts of every engine. Throws
 * StationError engine-unavailable where the backend cannot be had.
 */
export async function buildTensorflowEngine(
  description: EngineDescription,
  wanted: TensorflowBackend,
): Promise<TensorflowEngine> {
  const open = await openTensorflow(wanted);
  const { tf } = open;
  const { weights, imageSide } = description;
  const graph = buildTrainingGraph(description);
  const { parameters } = graph.builder;
  const statistics = new Map<string, Float32Array>();
  for (const { name, channels } of graph.statistics) {
    statistics.set(`${name}.running_mean`, new Float32Array(channels));
    statistics.set(`${name}.running_var`, new Float32Array(channels).fill(1));
  }
  for (const [name, values] of description.statistics ?? []) statistics.get(name)?.set(values);
  const gradients = new Map(
    parameters.map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((product, size) => product * size, 1)),
    ]),
  );
  await enter(open);
  tf.dispose(tf.tidy(() => weightTensors(open, parameters, weights)));

  const step = async (batch: Batch): ReturnType<TrainEngine['step']> => {
    await enter(open);
    const measured: Measured[] = [];
    const found = tf.tidy(() => {
      const views = [batch.view1, batch.view2].map((view) => imageTensor(open, view, imageSide));
      let embeddings: Tensor2D | undefined;
      const run = (...tensors: Tensor[]): Scalar => {
        const pass: Pass = { tf, measured, weight: lookUp(parameters, tensors) };
        const result = stepLoss(pass, description, views, batch);
        embeddings = tf.keep(tf.clone(result.embeddings));
        return result.loss;
      };
      const { value, grads } = tf.valueAndGrads(run)(weightTensors(open, parameters, weights));
      return { value, grads, embeddings: embeddings ?? tf.zeros([0, 0]) };
    });
    try {
      const [loss = Number.NaN] = await read(found.value);
      for (const [i, { name }] of parameters.entries()) {
        const gradient = found.grads[i];
        if (gradient !== undefined) gradients.get(name)?.set(await read(gradient));
      }
      const values = await Promise.all(
        measured.map(async (each) => ({
          ...each,
          mean: await read(each.mean),
          variance: await read(each.variance),
        })),
      );
      foldMeasured(values, statistics);
      return { loss, gradients, embeddings: await read(found.embeddings) };
    } finally {
      tf.dispose([found.value, ...found.grads, found.embeddings]);
      for (const { mean, variance } of measured) tf.dispose([mean, variance]);
    }
  };

  const project = async (images: Float32Array, other: Weights = weights): Promise<Float32Array> => {
    await enter(open);
    const measured: Measured[] = [];
    const projections = tf.tidy(() => {
      const weight = lookUp(parameters, weightTensors(open, parameters, other));
      return projectImages({ tf, measured, weight }, description, imageTensor(open, images, imageSide));
    });
    try {
      return await read(projections);
    } finally {
      tf.dispose(projections);
      for (const { mean, variance } of measured) tf.dispose([mean, variance]);
    }
  };

  return {
    kind: open.version,
    parameters,
    weights,
    statistics,
    step,
    project,
    heldTensors: () => tf.memory().numTensors,
    close: () => Promise.resolve(),
  };
}
