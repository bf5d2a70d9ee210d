import type {
  LossDescription,
  ParameterDescription,
  StepInput,
  StepResult,
  TrainEngine,
} from '../../trainer/backend.ts';
import { latentLoss } from '../../trainer/losses/latent-loss.ts';
import { type Matrix, matrixOf, normaliseRows, scaleMatrix } from '../../trainer/losses/matrix.ts';
import { mocoLoss } from '../../trainer/losses/moco-loss.ts';
import { simclrLoss } from '../../trainer/losses/simclr-loss.ts';
import type { RealArray } from '../../trainer/real-array.ts';
import {
  addGradients,
  type Arrays,
  type Forward,
  forward,
  type Layer,
} from '../../trainer/reference/layers.ts';

/** Encoder with projector, and the prediction head where the method has one; layers of the head begin with `predictor.`. */
export type TinyModel = {
  readonly encoder: readonly Layer[];
  readonly predictor: readonly Layer[];
};

type Singles = ReadonlyMap<string, Float32Array>;

export type TinyEngineOptions = {
  readonly model: TinyModel;
  readonly loss: LossDescription;
  readonly batchImages: number;
  /** Numbers that stand for an image. */
  readonly imageLength: number;
  /** Changed by the optimiser, as in every engine. */
  readonly weights: Singles;
  /** Copied; of every batch norm. */
  readonly statistics: Singles;
};

/** The same numbers in single precision. */
export const toSingle = (arrays: ReadonlyMap<string, RealArray>): Map<string, Float32Array> =>
  new Map([...arrays].map(([name, values]) => [name, Float32Array.from(values)]));

/** The same numbers in double precision. */
export const toDouble = (arrays: ReadonlyMap<string, RealArray>): Map<string, Float64Array> =>
  new Map([...arrays].map(([name, values]) => [name, Float64Array.from(values)]));

/** Names and shapes in the order of the layers: a linear weight is `[out, in]`, all others are vectors. */
function describeLayers(
  { encoder, predictor }: TinyModel,
  weights: Singles,
  imageLength: number,
): ParameterDescription[] {
  let columns = imageLength;
  return [...encoder, ...predictor].flatMap((layer) => {
    if (layer.kind === 'relu') return [];
    const weight = weights.get(`${layer.name}.weight`);
    const bias = weights.get(`${layer.name}.bias`);
    const out = layer.kind === 'linear' ? (weight?.length ?? 0) / columns : columns;
    const shape = layer.kind === 'linear' ? [out, columns] : [out];
    columns = out;
    return [
      ...(weight === undefined ? [] : [{ name: `${layer.name}.weight`, shape }]),
      ...(bias === undefined ? [] : [{ name: `${layer.name}.bias`, shape: [out] }]),
    ];
  });
}

type DoubleStep = {
  readonly loss: number;
  readonly gradients: Arrays;
  /** Projections of view 1, of any length. */
  readonly projection: Matrix;
};

type Views = readonly [Matrix, Matrix];

/** What a projection's predictor gives against the other view's target, `factor` times. */
function predictOther(
  [projected, predicted]: readonly [Forward, Forward],
  target: Matrix,
  positives: Float32Array,
  factor: number,
): Pick<DoubleStep, 'loss' | 'gradients'> {
  const { loss, gradient } = latentLoss(predicted.output, target, positives);
  const back = predicted.backward(scaleMatrix(gradient, factor));
  const gradients = addGradients(back.weights, projected.backward(back.input).weights);
  return { loss: factor * loss, gradients };
}

/** Latent prediction in both orders; without targets an encoder's own projections are. */
function stepLatent(
  { encoder, predictor }: TinyModel,
  arrays: Arrays,
  [view1, view2]: Views,
  targets: Views | undefined,
  positives: Float32Array,
  factor: number,
): DoubleStep {
  const pass = (view: Matrix): readonly [Forward, Forward] => {
    const projected = forward(encoder, arrays, view);
    return [projected, forward(predictor, arrays, projected.output)];
  };
  const [one, two] = [pass(view1), pass(view2)];
  const [target1, target2] = targets ?? [one[0].output, two[0].output];
  const first = predictOther(one, target2, positives, factor);
  const second = predictOther(two, target1, positives, factor);
  return {
    loss: first.loss + second.loss,
    gradients: addGradients(first.gradients, second.gradients),
    projection: one[0].output,
  };
}

function stepSimclr(
  one: Forward,
  two: Forward,
  positives: Float32Array,
  temperature: number,
): DoubleStep {
  const { rows, columns } = one.output;
  const both = matrixOf(
    2 * rows,
    columns,
    Float64Array.of(...one.output.values, ...two.output.values),
  );
  const { loss, gradient } = simclrLoss(both, positives, temperature);
  const ofView = (view: 0 | 1): Matrix =>
    matrixOf(
      rows,
      columns,
      gradient.values.slice(view * rows * columns, (view + 1) * rows * columns),
    );
  const gradients = addGradients(one.backward(ofView(0)).weights, two.backward(ofView(1)).weights);
  return { loss, gradients, projection: one.output };
}

/** One step in double precision; the running statistics among `arrays` have changed afterwards. */
function computeStep(options: TinyEngineOptions, arrays: Arrays, input: StepInput): DoubleStep {
  const { model, loss, batchImages: n, imageLength } = options;
  const rows = (values: Float32Array, count = n): Matrix =>
    matrixOf(count, values.length / count, Float64Array.from(values));
  const view1 = matrixOf(n, imageLength, Float64Array.from(input.view1));
  if (input.kind === 'moco' && loss.kind === 'moco') {
    const queries = forward(model.encoder, arrays, view1);
    const { temperature, queueLength } = loss;
    const { positives, masked } = input;
    const [keys, queue] = [rows(input.keys), rows(input.queue, queueLength)];
    const terms = { queries: queries.output, keys, queue, positives, masked, temperature };
    const found = mocoLoss(terms);
    return {
      loss: found.loss,
      gradients: queries.backward(found.gradient).weights,
      projection: queries.output,
    };
  }
  if (input.kind !== loss.kind || input.kind === 'moco' || input.kind === 'classes')
    throw new Error(`A step of ${loss.kind} was given the input of ${input.kind}.`);
  const views: Views = [view1, matrixOf(n, imageLength, Float64Array.from(input.view2))];
  const { positives } = input;
  if (input.kind === 'byol') {
    const targets: Views = [rows(input.target1), rows(input.target2)];
    return stepLatent(model, arrays, views, targets, positives, 2);
  }
  if (loss.kind !== 'simclr') return stepLatent(model, arrays, views, undefined, positives, 0.5);
  const one = forward(model.encoder, arrays, views[0]);
  const two = forward(model.encoder, arrays, views[1]);
  return stepSimclr(one, two, positives, loss.temperature);
}

/**
 * An engine over a model of a few numbers, for tests of what stands around an engine: it computes in double precision
 * from weights in single precision and rounds what it gives, so that a run differs from double precision by the
 * rounding of what the run keeps.
 */
export function createTinyEngine(options: TinyEngineOptions): TrainEngine {
  const { model, batchImages, imageLength, weights } = options;
  const statistics = toSingle(options.statistics);
  const withStatistics = (from: Singles): Map<string, Float64Array> =>
    toDouble(new Map([...from, ...statistics]));
  const step = (input: StepInput): StepResult => {
    const arrays = withStatistics(weights);
    const { loss, gradients, projection } = computeStep(options, arrays, input);
    for (const [name, values] of statistics) values.set(arrays.get(name) ?? []);
    return {
      loss: Math.fround(loss),
      gradients: toSingle(gradients),
      embeddings: Float32Array.from(normaliseRows(projection).values),
    };
  };
  return {
    kind: 'plain numbers',
    parameters: describeLayers(model, weights, imageLength),
    weights,
    statistics,
    step: (input) => Promise.resolve(step(input)),
    project: (images, from = weights) => {
      const view = matrixOf(batchImages, imageLength, Float64Array.from(images));
      const { output } = forward(model.encoder, withStatistics(from), view);
      return Promise.resolve(Float32Array.from(normaliseRows(output).values));
    },
    close: () => Promise.resolve(),
  };
}
