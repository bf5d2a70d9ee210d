import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import { buildOnnxEngine, describeParameters } from '../../../trainer/engine/onnx-engine.ts';
import { fineTune, type TunedImage } from '../../../trainer/evaluation/fine-tune.ts';
import type { Judged } from '../../../trainer/evaluation/judge-features.ts';
import { measure } from '../../../trainer/evaluation/metrics.ts';
import type { SavedEncoder } from '../../../trainer/evaluation/saved-encoder.ts';
import { describeStep } from '../../../trainer/models/describe-model.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';

const side = 32;

/** A random encoder as a run would save it. */
async function makeEncoder(): Promise<SavedEncoder> {
  const described = describeStep({ ...demonstrationConfiguration, imageSide: side });
  const weights = initialWeights(describeParameters(described), createRandom(3));
  const engine = await buildOnnxEngine({ ...described, threads: 1, weights });
  await engine.close();
  return {
    sha256: '',
    encoder: 'resnet-10',
    imageSide: side,
    tensors: new Map(
      [...weights, ...engine.statistics].filter(
        ([name]) => !/^(?:projector|predictor)/u.test(name),
      ),
    ),
  };
}

/** Noise, to which class 1 has a bright half below. */
function makeImages(count: number, seed: number): TunedImage[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => ({
    label: i % 2,
    patient: i,
    planes: Float32Array.from(
      { length: 3 * side * side },
      (__, p) =>
        0.4 * random.next() + (i % 2 === 1 && p % (side * side) > (side * side) / 2 ? 0.5 : 0),
    ),
  }));
}

test('fine-tuning learns what is plain to see, opens the test part once and leaves the encoder alone', async () => {
  const saved = await makeEncoder();
  const before = new Map([...saved.tensors].map(([name, values]) => [name, values.slice()]));
  let opened = 0;
  const tune = (): Promise<Judged> =>
    fineTune(
      saved,
      {
        train: makeImages(24, 1),
        validation: makeImages(8, 2),
        test: () => {
          opened += 1;
          return Promise.resolve(makeImages(16, 5));
        },
      },
      { classCount: 2, epochs: 6, seed: 1, threads: 1, pause: () => Promise.resolve() },
    );
  const judged = await tune();
  assert.equal(opened, 1);
  assert.ok(
    measure(judged.scored).auc > 0.95,
    JSON.stringify([judged.chosen, measure(judged.scored)]),
  );
  assert.ok(judged.chosen.value >= 1 && judged.chosen.value <= 6);
  assert.deepEqual(saved.tensors, before);
  assert.deepEqual((await tune()).scored.scores, judged.scored.scores);
});
