import type { StepDescription } from '../backend.ts';
import { mocoProjector } from '../models/heads.ts';
import stored from './golden-steps.json' with { type: 'json' };
import type { GradientSummary } from './gradient-summary.ts';

/** A seeded step with its loss and gradients in double precision. */
export type GoldenStep = {
  readonly seed: number;
  readonly description: StepDescription;
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

/** Steps that PyTorch computed in double precision (`scripts/make-golden-steps.py`), shipped with the trainer. */
export const goldenSteps: readonly GoldenStep[] = goldenSeeds.map((seed) => {
  const found = (stored as Partial<Record<string, Pick<GoldenStep, 'loss' | 'gradients'>>>)[
    `${seed}`
  ];
  if (found === undefined) throw new Error(`There is no stored step ${seed}.`);
  return { seed, description: goldenDescription, ...found };
});
