import assert from 'node:assert/strict';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { encode } from 'fast-png';
import { createRandom } from '../../../shared/random.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import { prepareCache } from '../../../trainer/data/prepare-cache.ts';
import type { ViewFormat } from '../../../trainer/data/image-cache.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import { buildOnnxEngine, describeParameters } from '../../../trainer/engine/onnx-engine.ts';
import {
  fineTune,
  type TunedImage,
  type TunedParts,
} from '../../../trainer/evaluation/fine-tune.ts';
import type { Judged } from '../../../trainer/evaluation/judge-features.ts';
import { measure } from '../../../trainer/evaluation/metrics.ts';
import type { SavedEncoder } from '../../../trainer/evaluation/saved-encoder.ts';
import { SealedTest } from '../../../trainer/evaluation/sealed-test.ts';
import { describeStep } from '../../../trainer/models/describe-model.ts';
import { makeFolder, writeImage } from '../../fixtures/prepared-images.ts';

const format: ViewFormat = { recipe: 'dental', height: 32, width: 64 };

/** A random encoder as a run would save it. */
async function makeEncoder(): Promise<SavedEncoder> {
  const { height, width } = format;
  const described = describeStep({
    ...demonstrationConfiguration,
    imageSide: height,
    imageWidth: width,
  });
  const weights = initialWeights(describeParameters(described), createRandom(3));
  const engine = await buildOnnxEngine({ ...described, threads: 1, weights });
  await engine.close();
  const tensors = [...weights, ...engine.statistics];
  return {
    sha256: '',
    encoder: 'resnet-10',
    imageHeight: height,
    imageWidth: width,
    recipe: format.recipe,
    tensors: new Map(tensors.filter(([name]) => !/^(?:projector|predictor)/u.test(name))),
  };
}

/** Images of noise, to which every other one, class 1, has a bright half below. */
async function makeParts(t: TestContext): Promise<TunedParts> {
  const folder = makeFolder(t);
  const random = createRandom(1);
  const [width, height] = [80, 40];
  const files = Array.from({ length: 48 }, (_, i) => {
    const data = Uint8Array.from(
      { length: width * height },
      (__, p) => random.below(100) + (i % 2 === 1 && p > (width * height) / 2 ? 120 : 0),
    );
    return writeImage(folder, i, 'png', encode({ width, height, channels: 1, depth: 8, data }));
  });
  const root = path.join(folder, 'prepared');
  const { cache } = await prepareCache({ images: files, root, format });
  const all = cache.images.map((image, i): TunedImage => ({ image, label: i % 2, patient: i }));
  return {
    cache,
    train: all.slice(0, 24),
    validation: all.slice(24, 32),
    test: new SealedTest(all.slice(32)),
  };
}

test('fine-tuning learns what is plain to see, opens the test part once and leaves the encoder alone', async (t) => {
  const saved = await makeEncoder();
  const before = new Map([...saved.tensors].map(([name, values]) => [name, values.slice()]));
  const parts = await makeParts(t);
  const told: number[] = [];
  const tune = (of: TunedParts): Promise<Judged> =>
    fineTune(saved, of, {
      classCount: 2,
      epochs: 4,
      seed: 1,
      threads: 1,
      build: buildOnnxEngine,
      beforeStep: (done) => {
        told.push(done);
        return Promise.resolve();
      },
    });
  const opened = parts.test.open();
  const judged = await tune({ ...parts, test: new SealedTest(opened) });
  const { auc } = measure(judged.scored);
  assert.ok(auc > 0.95, JSON.stringify([judged.chosen, auc]));
  assert.ok(judged.chosen.value >= 1 && judged.chosen.value <= 4);
  assert.deepEqual(judged.chosen.candidates, [1, 2, 3, 4]);
  assert.deepEqual(
    told,
    Array.from({ length: 12 }, (_, step) => 8 * step),
  );
  for (const [name, values] of before)
    assert.ok(
      values.every((value, i) => value === saved.tensors.get(name)?.[i]),
      name,
    );
  const again = await tune({ ...parts, test: new SealedTest(opened) });
  assert.deepEqual(again.scored.scores, judged.scored.scores);
  // The part that was opened above is closed to a fine-tuning.
  await assert.rejects(tune(parts), /opened once/u);
});
