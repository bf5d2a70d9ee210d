import type { RunConfiguration } from '../../shared/training/run-configuration.ts';

type Optimizer = RunConfiguration['optimizer'];

/** Numbers that only some optimisers have; each in [0, 1]. */
export const optimizerNumbers = ['momentum', 'beta1', 'beta2', 'eta', 'epsilon'] as const;
export type OptimizerNumber = (typeof optimizerNumbers)[number];

/** What each optimiser begins with when it is chosen (those of the published configurations). */
export const usualOptimizers: { readonly [Kind in Optimizer['kind']]: Optimizer } = {
  sgd: { kind: 'sgd', momentum: 0.9 },
  adamw: { kind: 'adamw', betas: [0.9, 0.95], epsilon: 1e-8 },
  lars: { kind: 'lars', momentum: 0.9, eta: 0.001, epsilon: 1e-8 },
};

/** The optimiser's numbers by name. */
export function optimizerValues(
  optimizer: Optimizer,
): Readonly<Partial<Record<OptimizerNumber, number>>> {
  switch (optimizer.kind) {
    case 'sgd':
      return { momentum: optimizer.momentum };
    case 'adamw': {
      const [beta1, beta2] = optimizer.betas;
      return { beta1, beta2, epsilon: optimizer.epsilon };
    }
    case 'lars': {
      const { momentum, eta, epsilon } = optimizer;
      return { momentum, eta, epsilon };
    }
    default:
      return optimizer satisfies never;
  }
}

/** The optimiser with one number replaced; one that it has not changes nothing. */
export function withOptimizerValue(
  optimizer: Optimizer,
  name: OptimizerNumber,
  value: number,
): Optimizer {
  if (optimizerValues(optimizer)[name] === undefined) return optimizer;
  if (optimizer.kind !== 'adamw') return { ...optimizer, [name]: value };
  const [beta1, beta2] = optimizer.betas;
  if (name === 'beta1') return { ...optimizer, betas: [value, beta2] };
  return name === 'beta2'
    ? { ...optimizer, betas: [beta1, value] }
    : { ...optimizer, epsilon: value };
}
