import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encoderNames } from '../../../shared/training/run-configuration.ts';
import type { ModelDescription } from '../../../trainer/backend.ts';
import { buildTrainingGraph } from '../../../trainer/engine/training-graph.ts';
import { featureLength } from '../../../trainer/models/encoder.ts';
import { mocoProjector } from '../../../trainer/models/heads.ts';

function shapesOf(model: ModelDescription): Map<string, string> {
  const step = { model, loss: { kind: 'simclr', temperature: 0.5 }, batchImages: 2 } as const;
  const { parameters } = buildTrainingGraph(step).builder;
  return new Map(parameters.map(({ name, shape }) => [name, shape.join(' x ')]));
}

const blockName = /^(?<stage>layer\d|blocks)\.(?<block>\d+)\.(?<layer>.+)$/u;

for (const encoder of encoderNames)
  test(`two blocks of a stage have every shape that ${encoder} has`, () => {
    const model = {
      encoder,
      imageHeight: 64,
      imageWidth: 64,
      projector: mocoProjector(featureLength(encoder)),
    };
    const whole = shapesOf(model);
    const short = shapesOf({ ...model, mostBlocks: 2 });
    let leftOut = 0;
    for (const [name, shape] of whole) {
      const { stage, block = 0, layer } = blockName.exec(name)?.groups ?? {};
      if (Number(block) >= 2) leftOut += 1;
      const alike = Number(block) < 2 ? name : `${stage}.1.${layer}`;
      assert.equal(short.get(alike), shape, name);
    }
    assert.equal(short.size, whole.size - leftOut);
    const deep = ['resnet-34', 'resnet-50', 'resnet-101', 'vit-s'].includes(encoder);
    assert.equal(leftOut > 0, deep);
  });
