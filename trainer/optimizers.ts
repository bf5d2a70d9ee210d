/** Changes weights in place by their gradients; its state is plain arrays. */
export interface Optimizer {
  readonly name: string;
  step(
    weights: ReadonlyMap<string, Float32Array>,
    gradients: ReadonlyMap<string, Float32Array>,
    learningRate: number,
  ): void;
  /** Arrays to be stored in a checkpoint, by name; the optimiser goes on changing them. */
  readonly state: ReadonlyMap<string, Float32Array>;
}

/**
 * SGD with momentum as torch has it: g + decay w; buffer = momentum buffer + g (the first buffer is g);
 * w -= lr buffer. `state` of an earlier run continues it.
 */
export function createSgd(
  options: { readonly momentum: number; readonly weightDecay: number },
  state: ReadonlyMap<string, Float32Array> = new Map(),
): Optimizer {
  const { momentum, weightDecay } = options;
  const buffers = new Map([...state].map(([name, values]) => [name, values.slice()]));
  return {
    name: 'sgd',
    state: buffers,
    step: (weights, gradients, learningRate) => {
      for (const [name, weight] of weights) {
        const gradient = gradients.get(name);
        if (gradient?.length !== weight.length)
          throw new Error(`The weight ${name} has no gradient of its size.`);
        const known = buffers.get(name);
        const buffer = known ?? new Float32Array(weight.length);
        if (known === undefined) buffers.set(name, buffer);
        const keep = known === undefined ? 0 : momentum;
        for (let i = 0; i < weight.length; i += 1) {
          const w = weight[i] ?? 0;
          const moved = keep * (buffer[i] ?? 0) + (gradient[i] ?? 0) + weightDecay * w;
          buffer[i] = moved;
          weight[i] = w - learningRate * moved;
        }
      }
    },
  };
}
