import { type CheckStep, makeCheckStep } from '../../../trainer/engine/check-step.ts';
import { goldenDescription, goldenSeeds } from '../../../trainer/engine/golden-steps.ts';
import type { ModelDescription, StepDescription } from '../../../trainer/backend.ts';
import {
  byolHead,
  classifierHead,
  mocoProjector,
  simclrProjector,
  simsiamPredictor,
  simsiamProjector,
} from '../../../trainer/models/heads.ts';
import { featureLength } from '../../../trainer/models/resnet.ts';

/** A seeded step under its name in the golden file. */
export type EngineCase = CheckStep & { readonly name: string; readonly seed: number };

const makeCase = (name: string, seed: number, description: StepDescription): EngineCase => ({
  name: `${name}-${seed}`,
  seed,
  ...makeCheckStep(seed, description),
});

/** The steps that the trainer brings along for its check at the start of a run. */
export const makeGoldenCases = (): EngineCase[] =>
  goldenSeeds.map((seed) => ({
    name: `${seed}`,
    seed,
    ...makeCheckStep(seed, goldenDescription),
  }));

const modelOf = (
  encoder: ModelDescription['encoder'],
  imageHeight: number,
  heads: Pick<ModelDescription, 'projector' | 'predictor'>,
  imageWidth = imageHeight,
): ModelDescription => ({ encoder, imageHeight, imageWidth, ...heads });

/** Steps of the conformance suite, the cheapest first: every loss, several encoders, sizes and seeds. */
export function engineSteps(): ReadonlyMap<string, StepDescription> {
  const small = featureLength('resnet-10');
  const wide = featureLength('resnet-18');
  const simsiam = { projector: simsiamProjector(small), predictor: simsiamPredictor(small) };
  const byol = { projector: byolHead(small, 96, 64), predictor: byolHead(64, 96, 64) };
  const steps: readonly (readonly [string, StepDescription])[] = [
    [
      'classes-resnet-10-64',
      {
        model: modelOf('resnet-10', 64, { projector: classifierHead(small, 3) }),
        loss: { kind: 'classes' },
        batchImages: 4,
      },
    ],
    [
      'moco-resnet-10-32',
      {
        model: modelOf('resnet-10', 32, { projector: mocoProjector(small) }),
        loss: { kind: 'moco', temperature: 0.2, queueLength: 16 },
        batchImages: 4,
      },
    ],
    [
      'simsiam-resnet-10-64',
      { model: modelOf('resnet-10', 64, simsiam), loss: { kind: 'simsiam' }, batchImages: 4 },
    ],
    [
      'byol-resnet-10-64',
      { model: modelOf('resnet-10', 64, byol), loss: { kind: 'byol' }, batchImages: 4 },
    ],
    [
      'simclr-resnet-10-64x96',
      {
        model: modelOf('resnet-10', 64, { projector: simclrProjector(small) }, 96),
        loss: { kind: 'simclr', temperature: 0.2 },
        batchImages: 4,
      },
    ],
    [
      'moco-resnet-18-96',
      {
        model: modelOf('resnet-18', 96, { projector: mocoProjector(wide) }),
        loss: { kind: 'moco', temperature: 0.2, queueLength: 16 },
        batchImages: 4,
      },
    ],
  ];
  return new Map(steps);
}

/** Those steps for three seeds each. */
export const makeEngineCases = (): EngineCase[] =>
  [...engineSteps()].flatMap(([name, description]) =>
    [1, 2, 3].map((seed) => makeCase(name, seed, description)),
  );
