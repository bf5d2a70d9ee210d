import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type {
  Embedder,
  EmbedderDescription,
  EngineDescription,
  ParameterDescription,
  StepInput,
  StepResult,
  TrainEngine,
} from '../../backend.ts';
import { describeEncoder } from '../../models/encoder.ts';
import { foldStatistics, startStatistics } from '../running-statistics.ts';
import { buildTrainingGraph } from '../training-graph.ts';
import { openTensorflow, type OpenTensorflow, type TensorflowBackend } from './backends.ts';
import { embedImages, projectImages, stepLoss } from './forward.ts';
import { type Measured, normalise, type Pass } from './layers.ts';

/** A training engine on TensorFlow.js. */
export interface TensorflowEngine extends TrainEngine {
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
): Pick<Pass, 'weight' | 'has'> {
  const byName = new Map(parameters.map(({ name }, i) => [name, tensors[i]]));
  const weight = (name: string): Tensor => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`The model has no weight ${name}.`);
    return found;
  };
  return { weight, has: (name) => byName.has(name) };
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
  const { weights, model } = description;
  const graph = buildTrainingGraph(description);
  const { parameters } = graph.builder;
  const statistics = startStatistics(graph.statistics, description.statistics);
  const gradients = new Map(
    parameters.map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((product, size) => product * size, 1)),
    ]),
  );
  await enter(open);
  tf.dispose(tf.tidy(() => weightTensors(open, parameters, weights)));

  const step = async (input: StepInput): Promise<StepResult> => {
    await enter(open);
    const measured: Measured[] = [];
    const found = tf.tidy(() => {
      let embeddings: Tensor2D | undefined;
      const run = (...tensors: Tensor[]): Scalar => {
        const pass: Pass = { tf, measured, ...lookUp(parameters, tensors) };
        const result = stepLoss(pass, description, input);
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
        measured.map(async ({ mean, variance }) => ({
          mean: await read(mean),
          var: await read(variance),
        })),
      );
      // Both ways through the model meet the layers in the same order.
      foldStatistics(graph.statistics, (kind, i) => values[i]?.[kind], statistics);
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
      const pass = { tf, measured, ...lookUp(parameters, weightTensors(open, parameters, other)) };
      return normalise(tf, projectImages(pass, model, images));
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

/** The encoder in use on TensorFlow.js: batch norm by its running statistics, no heads. */
export async function buildTensorflowEmbedder(
  description: EmbedderDescription,
  wanted: TensorflowBackend,
): Promise<Embedder> {
  const open = await openTensorflow(wanted);
  const { tf } = open;
  const { encoder, imageHeight, imageWidth } = description;
  const described = describeEncoder(encoder, imageHeight, imageWidth);
  const parameters = [...described.parameters, ...described.statistics];
  const arrays = new Map([...description.weights, ...description.statistics]);
  const embed = async (images: Float32Array): Promise<Float32Array> => {
    await enter(open);
    const features = tf.tidy(() => {
      const { weight, has } = lookUp(parameters, weightTensors(open, parameters, arrays));
      return embedImages({ tf, measured: [], weight, has, running: weight }, description, images);
    });
    try {
      return await read(features);
    } finally {
      tf.dispose(features);
    }
  };
  return { embed, close: () => Promise.resolve() };
}
