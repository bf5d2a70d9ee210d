import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configureRun } from '../../../electron/cli/run-command.ts';
import { presets } from '../../../shared/training/presets.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../../shared/training/run-configuration.ts';

function configure(options: Parameters<typeof configureRun>[0]): RunConfiguration {
  const found = configureRun(options, false, demonstrationConfiguration.measureByModality);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

test('without options it is the demonstration’s run', () => {
  assert.deepEqual(configure({}), demonstrationConfiguration);
});

test('every published configuration can be asked for by its name', () => {
  for (const { name, encoder, relation } of presets) {
    const run = configure({ preset: name });
    assert.deepEqual(
      [run.presetName, run.encoder, run.useGaze],
      [name, encoder, relation !== null],
    );
  }
});

test('options change a published configuration; with another encoder it is not called by its name', () => {
  const run = configure({ preset: 'mammo-byol-mcgip-r50', epochs: '3', 'no-gaze': true });
  assert.deepEqual(
    [run.presetName, run.epochs, run.useGaze, run.modality],
    ['mammo-byol-mcgip-r50', 3, false, 'MG'],
  );
  assert.equal(
    configure({ preset: 'mammo-byol-mcgip-r50', encoder: 'resnet-18' }).presetName,
    null,
  );
});

test('a threshold that is given holds; else thresholds come from chance where the base says so', () => {
  assert.equal(configure({}).falsePositiveRate, demonstrationConfiguration.falsePositiveRate);
  assert.equal(configure({ 'multimatch-threshold': '0.8' }).falsePositiveRate, null);
});
