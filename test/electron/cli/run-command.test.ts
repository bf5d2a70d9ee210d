import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configureRun, wordWarmup } from '../../../electron/cli/run-command.ts';
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

test('a published run that is shortened warms up in proportion, and says so; what is asked for holds', () => {
  const options = { preset: 'mammo-byol-mcgip-r50', epochs: '20' };
  const run = configure(options);
  assert.deepEqual([run.epochs, run.warmupEpochs], [20, 4]);
  assert.match(wordWarmup(options, run) ?? '', /^Warm-up: 4 of 20 epochs.*40 of 200/u);
  const asked = { ...options, warmup: '10' };
  assert.equal(configure(asked).warmupEpochs, 10);
  assert.equal(wordWarmup(asked, configure(asked)), undefined);
  assert.equal(wordWarmup({}, configure({})), undefined);
  assert.equal(wordWarmup({ epochs: '50' }, configure({ epochs: '50' })), undefined);
});

test('what does not fit together is refused with what to do', () => {
  assert.throws(
    () => configure({ epochs: '20', warmup: '20' }),
    /^Error: warmupEpochs: .*Take fewer warm-up epochs/u,
  );
  assert.throws(
    () => configure({ method: 'moco-v2', batch: '24' }),
    /^Error: queueLength: .*Take 48 or 72/u,
  );
  assert.equal(configure({ method: 'moco-v2', batch: '24', queue: '72' }).queueLength, 72);
});

test('a threshold that is given holds; else thresholds come from chance where the base says so', () => {
  assert.equal(configure({}).falsePositiveRate, demonstrationConfiguration.falsePositiveRate);
  assert.equal(configure({ 'multimatch-threshold': '0.8' }).falsePositiveRate, null);
});
