import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followPreset, listDepartures } from '../../../shared/training/follow-preset.ts';
import { findPreset, presets } from '../../../shared/training/presets.ts';
import {
  demonstrationConfiguration,
  runConfiguration,
} from '../../../shared/training/run-configuration.ts';
import { describeStep } from '../../../trainer/models/describe-model.ts';

for (const preset of presets)
  test(`a run that follows ${preset.name} can be started, with the preset’s own heads`, () => {
    const run = followPreset(preset, demonstrationConfiguration);
    assert.deepEqual(runConfiguration.parse(run), run);
    assert.deepEqual(describeStep(run).model.projector, preset.method.neck);
    assert.equal(run.useGaze, preset.relation !== null);
    if (preset.relation !== null) {
      assert.equal(run.thresholds[run.positivesFrom as 'tima'], preset.relation.threshold);
      assert.equal(run.falsePositiveRate, null);
    }
    assert.deepEqual(
      { ...run.optimizer, learningRate: run.learningRate, weightDecay: run.weightDecay },
      preset.optimizer,
    );
  });

test('what a preset leaves open stays as it was', () => {
  const preset = findPreset('mammo-moco-mcgip-r50');
  assert.ok(preset !== undefined);
  const base = { ...demonstrationConfiguration, seed: 9, includeSimulated: false };
  const run = followPreset(preset, base);
  assert.deepEqual([run.seed, run.includeSimulated, run.readerPolicy], [9, false, 'within']);
  assert.deepEqual([run.queueLength, run.keyMomentum, run.ownKeys], [1280, 0.999, 'positive']);
});

test('a published SimSiam keeps its predictor at the first learning rate where the paper did', () => {
  const follow = (name: string): boolean => {
    const preset = findPreset(name);
    assert.ok(preset !== undefined);
    return followPreset(preset, demonstrationConfiguration).fixedPredictorRate;
  };
  assert.deepEqual(
    [follow('mammo-simsiam-mcgip-r50'), follow('mammo-simsiam-mcgip-r101')],
    [true, false],
  );
});

test('what the station does otherwise than a published run is listed', () => {
  const of = (name: string): readonly string[] => {
    const preset = findPreset(name);
    assert.ok(preset !== undefined);
    return listDepartures(preset);
  };
  assert.deepEqual(of('mammo-byol-mcgip-r18'), ['whole-batches']);
  assert.deepEqual(of('dental-moco-mcgip-r50'), [
    'imagenet-weights',
    'image-size',
    'moment-weights',
  ]);
});
