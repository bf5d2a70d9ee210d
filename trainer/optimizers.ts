import type { RunConfiguration } from '../shared/training/run-configuration.ts';
import type { ParameterDescription } from './backend.ts';
import { copyOf, type RealArray, zerosLike } from './real-array.ts';

/** Of every weight, or by its name. */
export type LearningRate = number | ((weight: string) => number);

const rateOf = (rate: LearningRate, name: string): number =>
  typeof rate === 'number' ? rate : rate(name);

/** Changes weights in place by their gradients; its state is plain arrays. In either precision. */
export interface Optimizer<Values extends RealArray = Float32Array> {
  readonly name: string;
  step(
    weights: ReadonlyMap<string, Values>,
    gradients: ReadonlyMap<string, Values>,
    learningRate: LearningRate,
  ): void;
  /** Arrays to be stored in a checkpoint, by name; the optimiser goes on changing them. */
  readonly state: ReadonlyMap<string, Values>;
}

/** An earlier run's arrays are copied, so that they stay as they were. */
const copyState = <Values extends RealArray>(
  state: ReadonlyMap<string, Values>,
): Map<string, Values> => new Map([...state].map(([name, values]) => [name, copyOf(values)]));

/** The gradient of a weight; throws where there is none of its size. */
function gradientOf(
  gradients: ReadonlyMap<string, RealArray>,
  name: string,
  weight: RealArray,
): RealArray {
  const gradient = gradients.get(name);
  if (gradient?.length !== weight.length)
    throw new Error(`The weight ${name} has no gradient of its size.`);
  return gradient;
}

/** The array of this name; zeros like `values` the first time. */
function bufferOf<Values extends RealArray>(
  state: Map<string, Values>,
  name: string,
  values: Values,
  length?: number,
): RealArray {
  const buffer = state.get(name) ?? zerosLike(values, length);
  state.set(name, buffer);
  return buffer;
}

// Loops over values are functions of their own: V8 compiles such a function as a whole, while a loop inside a step is
// replaced on the stack and left again for each weight, which takes more than twice as long.

type SgdRates = {
  readonly momentum: number;
  readonly weightDecay: number;
  readonly learningRate: number;
};

function sgdLoop(
  weight: RealArray,
  gradient: RealArray,
  buffer: RealArray,
  { momentum, weightDecay, learningRate }: SgdRates,
): void {
  for (let i = 0; i < weight.length; i += 1) {
    const w = weight[i] ?? 0;
    const moved = momentum * (buffer[i] ?? 0) + (gradient[i] ?? 0) + weightDecay * w;
    buffer[i] = moved;
    weight[i] = w - learningRate * moved;
  }
}

/**
 * SGD with momentum as torch has it: g + decay w; buffer = momentum buffer + g (the first buffer is g);
 * w -= lr buffer. `state` of an earlier run continues it.
 */
export function createSgd<Values extends RealArray = Float32Array>(
  options: { readonly momentum: number; readonly weightDecay: number },
  state: ReadonlyMap<string, Values> = new Map(),
): Optimizer<Values> {
  const { momentum, weightDecay } = options;
  const buffers = copyState(state);
  return {
    name: 'sgd',
    state: buffers,
    step: (weights, gradients, learningRate) => {
      for (const [name, values] of weights) {
        const gradient = gradientOf(gradients, name, values);
        const buffer = bufferOf(buffers, name, values);
        const rates = { momentum, weightDecay, learningRate: rateOf(learningRate, name) };
        sgdLoop(values, gradient, buffer, rates);
      }
    },
  };
}

export type AdamwOptions = {
  /** Decay rates of the gradient's mean and of its square's. */
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
};

type AdamwRates = {
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Part of a weight that stays. */
  readonly kept: number;
  /** Learning rate with the first moment's correction. */
  readonly rate: number;
  /** Root of the second moment's correction. */
  readonly spread: number;
};

function adamwLoop(
  weight: RealArray,
  gradient: RealArray,
  first: RealArray,
  second: RealArray,
  { betas: [beta1, beta2], epsilon, kept, rate, spread }: AdamwRates,
): void {
  for (let i = 0; i < weight.length; i += 1) {
    const g = gradient[i] ?? 0;
    const m = beta1 * (first[i] ?? 0) + (1 - beta1) * g;
    const v = beta2 * (second[i] ?? 0) + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    weight[i] = (weight[i] ?? 0) * kept - (rate * m) / (Math.sqrt(v) / spread + epsilon);
  }
}

/**
 * AdamW (Loshchilov and Hutter 2019), bias-corrected: w -= lr decay w, then w -= lr m^ / (sqrt(v^) + epsilon).
 * `state` of an earlier run continues it: `first.<weight>`, `second.<weight>`, and `steps`.
 */
export function createAdamw<Values extends RealArray = Float32Array>(
  options: AdamwOptions,
  state: ReadonlyMap<string, Values> = new Map(),
): Optimizer<Values> {
  const {
    betas: [beta1, beta2],
    epsilon,
    weightDecay,
  } = options;
  const moments = copyState(state);
  return {
    name: 'adamw',
    state: moments,
    step: (weights, gradients, learningRate) => {
      let steps = 0;
      for (const [name, values] of weights) {
        if (steps === 0) {
          const count = bufferOf(moments, 'steps', values, 1);
          steps = (count[0] ?? 0) + 1;
          count[0] = steps;
        }
        const gradient = gradientOf(gradients, name, values);
        const first = bufferOf(moments, `first.${name}`, values);
        const second = bufferOf(moments, `second.${name}`, values);
        const own = rateOf(learningRate, name);
        const rate = own / (1 - beta1 ** steps);
        const spread = Math.sqrt(1 - beta2 ** steps);
        adamwLoop(values, gradient, first, second, {
          betas: [beta1, beta2],
          epsilon,
          kept: 1 - own * weightDecay,
          rate,
          spread,
        });
      }
    },
  };
}

export type LarsOptions = {
  readonly momentum: number;
  readonly weightDecay: number;
  /** Trust coefficient. */
  readonly eta: number;
  readonly epsilon: number;
  /** Weights that neither decay nor have a rate of their own: biases, norms and tokens. */
  readonly isExcluded: (name: string) => boolean;
};

/** Parameters of a vision transformer that are no matrices. */
const tokenNames: ReadonlySet<string> = new Set(['cls_token', 'pos_embed']);

function squareSum(values: RealArray): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (values[i] ?? 0) ** 2;
  return sum;
}

type LarsRates = {
  readonly momentum: number;
  readonly decay: number;
  /** Learning rate times the weight's own. */
  readonly rate: number;
};

function larsLoop(
  weight: RealArray,
  gradient: RealArray,
  buffer: RealArray,
  { momentum, decay, rate }: LarsRates,
): void {
  for (let i = 0; i < weight.length; i += 1) {
    const w = weight[i] ?? 0;
    const moved = momentum * (buffer[i] ?? 0) + rate * ((gradient[i] ?? 0) + decay * w);
    buffer[i] = moved;
    weight[i] = w - moved;
  }
}

/**
 * LARS (You et al. 2017; mcgip section 8): local = eta |w| / (|g| + decay |w| + epsilon), 1 where a norm is 0;
 * buffer = momentum buffer + lr local (g + decay w); w -= buffer: the buffer holds the scaled step.
 * `state` of an earlier run continues it.
 */
export function createLars<Values extends RealArray = Float32Array>(
  options: LarsOptions,
  state: ReadonlyMap<string, Values> = new Map(),
): Optimizer<Values> {
  const { momentum, eta, epsilon, isExcluded } = options;
  const buffers = copyState(state);
  return {
    name: 'lars',
    state: buffers,
    step: (weights, gradients, learningRate) => {
      for (const [name, values] of weights) {
        const gradient = gradientOf(gradients, name, values);
        const buffer = bufferOf(buffers, name, values);
        const excluded = isExcluded(name);
        const decay = excluded ? 0 : options.weightDecay;
        const weightNorm = Math.sqrt(squareSum(values));
        const gradientNorm = Math.sqrt(squareSum(gradient));
        const local =
          excluded || weightNorm === 0 || gradientNorm === 0
            ? 1
            : (eta * weightNorm) / (gradientNorm + decay * weightNorm + epsilon);
        const rate = rateOf(learningRate, name) * local;
        larsLoop(values, gradient, buffer, { momentum, decay, rate });
      }
    },
  };
}

/**
 * A run's optimiser. LARS leaves out biases, norms, and a vision transformer's class token and positions
 * (`no_weight_decay` of timm), which begin so near zero that a rate by their own length would hold them there.
 */
export function createOptimizer(
  { optimizer, weightDecay }: Pick<RunConfiguration, 'optimizer' | 'weightDecay'>,
  parameters: readonly ParameterDescription[],
  state?: ReadonlyMap<string, Float32Array>,
): Optimizer {
  switch (optimizer.kind) {
    case 'sgd':
      return createSgd({ ...optimizer, weightDecay }, state);
    case 'adamw':
      return createAdamw({ ...optimizer, weightDecay }, state);
    case 'lars': {
      const apart = new Set(
        parameters
          .filter(({ name, shape }) => shape.length === 1 || tokenNames.has(name))
          .map(({ name }) => name),
      );
      const isExcluded = (name: string): boolean => apart.has(name);
      return createLars({ ...optimizer, weightDecay, isExcluded }, state);
    }
    default:
      return optimizer satisfies never;
  }
}
