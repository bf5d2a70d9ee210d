import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { type Preset, type PresetHead, twinWithoutGaze } from '../../../shared/training/preset.ts';
import { findPreset, presets } from '../../../shared/training/presets.ts';
import { GradientSum } from '../../../trainer/gradient-sum.ts';
import { dropPairs } from '../../../trainer/losses/gaze-relation.ts';
import {
  buildReferenceMethod,
  buildReferenceOptimizer,
  headLayers,
} from '../../../trainer/reference/preset-method.ts';
import { learningRateAt, targetMomentumAt } from '../../../trainer/schedules.ts';
import { randomMatrix } from '../losses/numeric-gradient.ts';

const shorten = (head: PresetHead): PresetHead => ({
  ...head,
  lengths: head.lengths.map((length) => Math.max(2, length / 128)),
});

/** The same preset with heads 128 times as short, so that it is quick in double precision. */
function shortened(preset: Preset): Preset {
  const { method } = preset;
  const neck = shorten(method.neck);
  if (!('predictor' in method)) return { ...preset, method: { ...method, neck } };
  return { ...preset, method: { ...method, neck, predictor: shorten(method.predictor) } };
}

/** Losses of so many steps of the optimiser on random features; every eighth image is alike. */
function train(given: Preset, steps: number): number[] {
  const preset = shortened(given);
  const random = createRandom(1);
  const method = buildReferenceMethod(preset, random);
  const optimizer = buildReferenceOptimizer(preset);
  const sum = new GradientSum<Float64Array>(preset.accumulation);
  const total = steps * preset.accumulation;
  const losses: number[] = [];
  const features = preset.method.neck.lengths[0] ?? 0;
  for (let step = 0; step < total; step += 1) {
    const alike = (a: number, b: number): boolean => preset.relation !== null && a % 8 === b % 8;
    const imageIds = Array.from(
      { length: preset.batchImages },
      (_, i) => 2 + ((step * preset.batchImages + i) % 50),
    );
    const batch = {
      imageIds,
      view1: randomMatrix(imageIds.length, features, random),
      view2: randomMatrix(imageIds.length, features, random),
    };
    const kept = dropPairs(alike, preset.dropProbability, random);
    const { loss, gradients } = method.step(batch, kept);
    losses.push(loss);
    const whole = sum.add(gradients);
    if (whole === undefined) continue;
    const { optimizer: rates, epochs, warmupEpochs } = preset;
    const schedule = { ...rates, epochs, warmupEpochs, stepsPerEpoch: 1 };
    optimizer.step(method.weights, whole, learningRateAt(step, schedule));
    if (preset.method.kind === 'byol')
      method.followTarget(targetMomentumAt(step, total, preset.method.baseMomentum));
  }
  for (const values of method.weights.values())
    assert.ok(values.every((value) => Number.isFinite(value)));
  return losses;
}

for (const preset of presets)
  test(`the preset ${preset.name} can be built and trains`, () => {
    const losses = train(preset, 2);
    assert.equal(losses.length, 2 * preset.accumulation);
    assert.ok(losses.every((loss) => Number.isFinite(loss)));
    if (preset.relation === null) return;
    assert.notDeepEqual(train(twinWithoutGaze(preset), 2), losses);
  });

test('a head has batch norm and ReLU where its preset says', () => {
  const kinds = (name: string): string[] => {
    const preset = findPreset(name);
    assert.ok(preset !== undefined);
    return headLayers('neck', preset.method.neck).map(({ kind }) => kind);
  };
  assert.deepEqual(kinds('mammo-moco-mcgip-r50'), ['linear', 'relu', 'linear']);
  assert.deepEqual(kinds('mammo-byol-mcgip-r50'), ['linear', 'batch-norm', 'relu', 'linear']);
  assert.deepEqual(kinds('mammo-simclr-mcgip-r50'), [
    'linear',
    'batch-norm',
    'relu',
    'linear',
    'batch-norm',
  ]);
});
