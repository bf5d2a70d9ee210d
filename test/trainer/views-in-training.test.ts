import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { createRandom } from '../../shared/random.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { makeBatches } from '../../trainer/data/batches.ts';
import { prepareCache } from '../../trainer/data/prepare-cache.ts';
import { initialWeights } from '../../trainer/engine/initial-weights.ts';
import { ViewLoader } from '../../trainer/data/view-loader.ts';
import { buildOnnxEngine, describeParameters } from '../../trainer/engine/onnx-engine.ts';
import { describeStep } from '../../trainer/models/describe-model.ts';
import { trainEncoder } from '../../trainer/training-loop.ts';
import { makeFolder, writeImages } from '../fixtures/prepared-images.ts';

const configuration: RunConfiguration = {
  ...demonstrationConfiguration,
  recipe: 'mammo-16-bit',
  imageSide: 32,
  imageWidth: 64,
  batchImages: 2,
  epochs: 1,
  warmupEpochs: 0,
};

test('weights are the same, bit for bit, whether views are made before a step or beside it', async (t) => {
  const folder = makeFolder(t);
  const { cache } = await prepareCache({
    images: writeImages(path.join(folder, 'files'), 6),
    root: path.join(folder, 'prepared'),
    format: { recipe: configuration.recipe, height: 32, width: 64 },
  });
  const train = async (
    loaderThreads: number,
    firstEpoch = 0,
  ): Promise<ReadonlyMap<string, Float32Array>> => {
    const described = describeStep(configuration);
    const weights = initialWeights(describeParameters(described), createRandom(1));
    const engine = await buildOnnxEngine({ ...described, threads: 1, weights });
    const loader = new ViewLoader(cache, loaderThreads);
    try {
      const losses: number[] = [];
      await trainEncoder({
        configuration,
        engine,
        images: cache.images.length,
        batches: makeBatches(loader, { ...configuration, firstEpoch }),
        alike: () => false,
        beforeStep: async () => undefined,
        onStep: ({ loss }) => losses.push(loss),
        onEpoch: async () => undefined,
      });
      assert.equal(new Set(losses).size, 3);
      return weights;
    } finally {
      await loader.close();
      await engine.close();
    }
  };
  assert.deepEqual(await train(1), await train(0));
  // Batches that end early are no end of the training.
  await assert.rejects(train(0, 1), /Batches for 0 of 3 steps/u);
});
