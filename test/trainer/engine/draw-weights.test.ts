import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { drawWeights } from '../../../trainer/engine/draw-weights.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import { describeParameters } from '../../../trainer/engine/onnx-engine.ts';
import { describeStep } from '../../../trainer/models/describe-model.ts';
import { smallConfiguration } from '../../fixtures/small-station.ts';

const step = describeStep({ ...smallConfiguration, method: 'simsiam' });

/** The hash of each weight: a difference of millions of numbers need not be printed. */
const hashes = (weights: ReadonlyMap<string, Float32Array>): Map<string, string> =>
  new Map(
    [...weights].map(([name, values]) => [
      name,
      createHash('sha256').update(values).digest('base64'),
    ]),
  );

test('weights drawn on a thread are those drawn here with the same seed', async () => {
  const here = hashes(initialWeights(describeParameters(step), createRandom(7)));
  assert.ok(here.size > 20);
  assert.deepEqual(hashes(await drawWeights(step, 7)), here);
  const other = hashes(await drawWeights(step, 8));
  assert.notEqual(other.get('conv1.weight'), here.get('conv1.weight'));
});

test('a thread that cannot draw rejects with its reason', async () => {
  const unknown = { ...step, model: { ...step.model, encoder: 'resnet-7' as 'resnet-18' } };
  await assert.rejects(drawWeights(unknown, 7), /reading 'widths'/u);
});
