import type { StepDescription } from '../backend.ts';
import { mocoProjector } from '../models/heads.ts';
import { type CheckStep, makeCheckStep } from './check-step.ts';
import stored from './golden-steps.json' with { type: 'json' };
import type { GradientSummary } from './gradient-summary.ts';

/** A step with its loss and gradients in double precision. */
export type GoldenStep = {
  readonly step: CheckStep;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, GradientSummary>>;
};

/** The step of the stored gradients: small, and with every kind of layer. */
export const goldenDescription: StepDescription = {
  model: {
    encoder: 'resnet-10',
    imageHeight: 32,
    imageWidth: 32,
    projector: mocoProjector(256),
  },
  loss: { kind: 'moco', temperature: 0.2, queueLength: 16 },
  batchImages: 4,
};

/** Names of the stored steps by seed. */
export const goldenSeeds = [1, 2, 3] as const;

const storedSteps: Readonly<Record<string, Omit<GoldenStep, 'step'>>> = stored;

/** Steps that PyTorch computed in double precision (`scripts/make-golden-steps.py`), shipped with the trainer. */
export function* goldenSteps(): Generator<GoldenStep> {
  for (const seed of goldenSeeds) {
    const found = storedSteps[`${seed}`];
    if (found === undefined) throw new Error(`There is no stored step ${seed}.`);
    yield { step: makeCheckStep(seed, goldenDescription), ...found };
  }
}
