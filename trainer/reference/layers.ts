import {
  addMatrices,
  type Matrix,
  matrixOf,
  multiply,
  rowOf,
  transpose,
} from '../losses/matrix.ts';

/** Layers in their order. Arrays of a layer are named `<name>.weight`, `.bias`, `.running_mean`, `.running_var`. */
export type Layer =
  | { readonly kind: 'linear'; readonly name: string }
  | { readonly kind: 'batch-norm'; readonly name: string }
  | { readonly kind: 'relu' };

/** Arrays by name: weights and running statistics. */
export type Arrays = ReadonlyMap<string, Float64Array>;

/** What a layer or a network gave, and how a gradient goes back through it. */
export type Forward = {
  /** `[batch, out]` */
  readonly output: Matrix;
  /** From the gradient of the output to that of the input, and of each weight by name. */
  readonly backward: (gradient: Matrix) => { readonly input: Matrix; readonly weights: Arrays };
};

const epsilon = 1e-5;
/** Share of a batch in the running statistics. */
const statisticsMomentum = 0.1;

/** Sum over the batch, `[columns]`. */
function sumRows(x: Matrix): Float64Array {
  const sum = new Float64Array(x.columns);
  for (let i = 0; i < x.rows; i += 1)
    for (const [k, value] of rowOf(x, i).entries()) sum[k] = (sum[k] ?? 0) + value;
  return sum;
}

const mapValues = (
  { rows, columns, values }: Matrix,
  change: (value: number, column: number, at: number) => number,
): Matrix =>
  matrixOf(
    rows,
    columns,
    values.map((value, at) => change(value, at % columns, at)),
  );

/** x W^T + b: weight `[out, in]`, bias `[out]` or none. Throws where the weight does not fit. */
function linear(arrays: Arrays, name: string, x: Matrix): Forward {
  const values = arrays.get(`${name}.weight`);
  const bias = arrays.get(`${name}.bias`);
  const out = (values?.length ?? 0) / x.columns;
  if (values === undefined || !Number.isInteger(out) || (bias?.length ?? out) !== out)
    throw new Error(`The linear layer ${name} does not take ${x.columns} numbers.`);
  const weight = matrixOf(out, x.columns, values);
  const product = multiply(x, transpose(weight));
  const offset = matrixOf(1, out, bias);
  return {
    output: mapValues(product, (value, k) => value + (offset.values[k] ?? 0)),
    backward: (gradient) => ({
      input: multiply(gradient, weight),
      weights: new Map([
        [`${name}.weight`, multiply(transpose(gradient), x).values],
        ...(bias === undefined ? [] : [[`${name}.bias`, sumRows(gradient)] as const]),
      ]),
    }),
  };
}

/**
 * Batch norm in training (Ioffe and Szegedy 2015): normalised by the batch's mean and biased variance, then weight
 * and bias where there are any. The running mean and the running, unbiased variance are changed in place. Throws
 * for a batch of one, which has no variance.
 */
function batchNorm(arrays: Arrays, name: string, x: Matrix): Forward {
  const { rows: n, columns } = x;
  const weight = arrays.get(`${name}.weight`) ?? new Float64Array(columns).fill(1);
  const bias = arrays.get(`${name}.bias`) ?? new Float64Array(columns);
  const runningMean = arrays.get(`${name}.running_mean`);
  const runningVariance = arrays.get(`${name}.running_var`);
  if ([weight, bias, runningMean, runningVariance].some((array) => array?.length !== columns))
    throw new Error(`The batch norm ${name} does not take ${columns} numbers.`);
  if (n < 2) throw new Error('Batch norm in training takes at least two rows.');
  const mean = sumRows(x).map((sum) => sum / n);
  const centred = mapValues(x, (value, k) => value - (mean[k] ?? 0));
  const variance = sumRows(mapValues(centred, (value) => value * value)).map((sum) => sum / n);
  const inverse = variance.map((value) => 1 / Math.sqrt(value + epsilon));
  for (let k = 0; k < columns; k += 1) {
    const unbiased = ((variance[k] ?? 0) * n) / (n - 1);
    if (runningMean !== undefined)
      runningMean[k] =
        (1 - statisticsMomentum) * (runningMean[k] ?? 0) + statisticsMomentum * (mean[k] ?? 0);
    if (runningVariance !== undefined)
      runningVariance[k] =
        (1 - statisticsMomentum) * (runningVariance[k] ?? 0) + statisticsMomentum * unbiased;
  }
  const unit = mapValues(centred, (value, k) => value * (inverse[k] ?? 0));
  return {
    output: mapValues(unit, (value, k) => value * (weight[k] ?? 0) + (bias[k] ?? 0)),
    backward: (gradient) => {
      const toBias = sumRows(gradient);
      const toWeight = sumRows(mapValues(gradient, (g, _, at) => g * (unit.values[at] ?? 0)));
      return {
        input: mapValues(
          gradient,
          (g, k, at) =>
            (weight[k] ?? 0) *
            (inverse[k] ?? 0) *
            (g - ((toBias[k] ?? 0) + (unit.values[at] ?? 0) * (toWeight[k] ?? 0)) / n),
        ),
        weights: arrays.has(`${name}.weight`)
          ? new Map([
              [`${name}.weight`, toWeight],
              [`${name}.bias`, toBias],
            ])
          : new Map(),
      };
    },
  };
}

function relu(x: Matrix): Forward {
  return {
    output: mapValues(x, (value) => Math.max(0, value)),
    backward: (gradient) => ({
      input: mapValues(gradient, (g, _, at) => ((x.values[at] ?? 0) > 0 ? g : 0)),
      weights: new Map(),
    }),
  };
}

function forwardLayer(layer: Layer, arrays: Arrays, x: Matrix): Forward {
  switch (layer.kind) {
    case 'linear':
      return linear(arrays, layer.name, x);
    case 'batch-norm':
      return batchNorm(arrays, layer.name, x);
    case 'relu':
      return relu(x);
    default:
      return layer satisfies never;
  }
}

/**
 * A network in training, x `[batch, in]`. Double precision, and rows of numbers in place of images: what the
 * engines in single precision, which compile whole encoders, are measured by.
 */
export function forward(layers: readonly Layer[], arrays: Arrays, x: Matrix): Forward {
  let output = x;
  const passed = layers.map((layer) => {
    const step = forwardLayer(layer, arrays, output);
    output = step.output;
    return step;
  });
  return {
    output,
    backward: (gradient) => {
      let input = gradient;
      const weights = new Map<string, Float64Array>();
      for (const step of passed.toReversed()) {
        const back = step.backward(input);
        input = back.input;
        for (const [name, values] of back.weights) weights.set(name, values);
      }
      return { input, weights };
    },
  };
}

/** The sum of gradients by name; a weight that one of them lacks is as it is in the others. */
export function addGradients(...all: readonly Arrays[]): Map<string, Float64Array> {
  const sum = new Map<string, Float64Array>();
  for (const gradients of all)
    for (const [name, values] of gradients) {
      const known = sum.get(name) ?? new Float64Array(values.length);
      sum.set(
        name,
        addMatrices(matrixOf(1, values.length, known), matrixOf(1, values.length, values)).values,
      );
    }
  return sum;
}

/** The weights of these layers among the arrays; running statistics are none. */
export function weightsOf(layers: readonly Layer[], arrays: Arrays): Map<string, Float64Array> {
  const weights = new Map<string, Float64Array>();
  for (const layer of layers) {
    if (layer.kind === 'relu') continue;
    for (const name of [`${layer.name}.weight`, `${layer.name}.bias`]) {
      const values = arrays.get(name);
      if (values !== undefined) weights.set(name, values);
    }
  }
  return weights;
}
