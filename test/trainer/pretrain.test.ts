import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StationError } from '../../shared/station-error.ts';
import { demonstrationConfiguration } from '../../shared/training/run-configuration.ts';
import { writeCheckpoint } from '../../trainer/checkpoint.ts';
import { pretrain } from '../../trainer/pretrain.ts';
import { makeFolder, prepareNoise } from '../fixtures/prepared-images.ts';
import { makeRunContext } from '../fixtures/run-context.ts';

test('a run that goes on with fewer images than it began with says what to do and keeps its checkpoint', async (t) => {
  const folder = makeFolder(t);
  const configuration = { ...demonstrationConfiguration, imageSide: 32, batchImages: 2 };
  const cache = await prepareNoise(folder, 4, {
    recipe: configuration.recipe,
    height: 32,
    width: 32,
  });
  const nothing = new Map<string, Float32Array>();
  await writeCheckpoint(folder, {
    step: 2,
    images: 5,
    weights: nothing,
    statistics: nothing,
    optimizer: nothing,
    accumulated: nothing,
    method: nothing,
    queueIds: [],
    alikeSteps: 0,
  });
  const never = (): Promise<never> => Promise.reject(new Error('No engine is needed to see this.'));
  // Were it waited for, the test fails instead of hanging.
  const choosing = never();
  choosing.catch(() => undefined);
  await assert.rejects(
    pretrain(makeRunContext(folder, configuration, { resume: true }), cache, () => false, true, {
      choosing,
      compiled: never,
      abandon: never,
    }),
    (error) =>
      error instanceof StationError &&
      error.code === 'run-images-lost' &&
      error.details['before'] === 5 &&
      error.details['now'] === 4,
  );
});
