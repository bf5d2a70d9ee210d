// Writes the blocks for scripts/make-golden-blocks.py, some seeds of each: node test/trainer/engine/write-blocks.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeParameters } from '../../../trainer/engine/onnx-engine.ts';
import { imageShape } from '../../../trainer/engine/training-graph.ts';
import { everyCase, makeBlockStep, shapeOf } from './block-cases.ts';
import { makeWholeStep, wholeCases } from './whole-cases.ts';

type NamedArray = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | undefined;
};

/** Tried in this order; stems need more than one, since two places of a window may be equal. */
const seedsOf = (name: string): readonly number[] =>
  name.startsWith('stem') || name.startsWith('resnet') ? [1, 2, 3, 4, 5, 6] : [1, 2];

const folder = process.argv[2] ?? 'cases';
mkdirSync(folder, { recursive: true });

function write(name: string, description: object, weights: NamedArray[], inputs: NamedArray[]) {
  const arrays = [...weights, ...inputs];
  const bytes = arrays.map(({ values = new Float32Array(0) }) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  writeFileSync(path.join(folder, `${name}.bin`), Buffer.concat(bytes));
  const text = JSON.stringify({
    ...description,
    weights: weights.map((each) => each.name),
    arrays: arrays.map(({ name: array, shape }) => ({ name: array, shape })),
  });
  writeFileSync(path.join(folder, `${name}.json`), text);
}

for (const name of everyCase)
  for (const seed of seedsOf(name)) {
    const step = makeBlockStep(shapeOf(name), seed);
    const { kind, stride, batch, channels, height, columns } = step.shape;
    write(
      `${name}_${seed}`,
      { block: { kind, stride } },
      step.parameters.map((each) => ({ ...each, values: step.weights.get(each.name) })),
      [
        { name: 'input', shape: [batch, channels, height, columns], values: step.input },
        { name: 'target', shape: step.outputShape, values: step.target },
      ],
    );
  }
for (const name of wholeCases)
  for (const seed of seedsOf(name)) {
    const { description, weights, input } = makeWholeStep(name, seed);
    if (input.kind !== 'classes') throw new Error('A whole step is one over classes.');
    const { model, batchImages } = description;
    const images = imageShape({ ...model, batchImages });
    write(
      `${name}_${seed}`,
      description,
      describeParameters(description).map((each) => ({ ...each, values: weights.get(each.name) })),
      [
        { name: 'view1', shape: images, values: input.view1 },
        {
          name: 'targets',
          shape: [batchImages, input.targets.length / batchImages],
          values: input.targets,
        },
      ],
    );
  }
