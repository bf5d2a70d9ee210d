import { createRandom } from '../../../shared/random.ts';
import { type CheckStep, makeCheckStep } from '../../../trainer/engine/check-step.ts';
import { featureLength } from '../../../trainer/models/encoder.ts';
import { classifierHead } from '../../../trainer/models/heads.ts';
import { makeStemExact } from './block-cases.ts';

/** Names of the steps of a whole ResNet-50: image side and images. */
export const wholeCases = ['resnet-50-64-8', 'resnet-50-96-8'] as const;

/**
 * What the weights of each block's last batch norm are multiplied by. Recipes of ResNet-50 begin with 0 (Goyal et al.
 * 2017, 5.1); at 1 every block doubles the variance and rounding grows with it.
 */
const branchWeight = 0.2;

/**
 * A step of a whole encoder behind which there is one linear layer and no further ReLU. The seed's biases are shifted
 * by its golden block.
 */
export function makeWholeStep(name: string, seed: number): CheckStep {
  const [, side = '', images = ''] = /^resnet-50-(\d+)-(\d+)$/u.exec(name) ?? [];
  const encoder = 'resnet-50';
  const step = makeCheckStep(seed, {
    model: {
      encoder,
      imageHeight: Number(side),
      imageWidth: Number(side),
      projector: classifierHead(featureLength(encoder), 8),
    },
    loss: { kind: 'classes' },
    batchImages: Number(images),
  });
  const random = createRandom(seed);
  // One class an image, drawn, so that the loss pulls the images apart.
  const targets = new Float32Array(8 * Number(images));
  for (let row = 0; row < Number(images); row += 1) targets[8 * row + random.below(8)] = 1;
  for (const [weight, values] of step.weights)
    if (weight.endsWith('.bn3.weight'))
      for (const i of values.keys()) values[i] = branchWeight * (values[i] ?? 0);
  makeStemExact(step.input.view1, step.weights);
  return { ...step, input: { kind: 'classes', view1: step.input.view1, targets } };
}
