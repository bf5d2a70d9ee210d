// Writes the cases for scripts/make-golden-steps.py: node test/trainer/engine/write-cases.ts FOLDER [check]
// `check`: the steps of trainer/engine/golden-steps.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeParameters } from '../../../trainer/engine/onnx-engine.ts';
import { projectionLength } from '../../../trainer/engine/training-graph.ts';
import { makeCheckStep } from '../../../trainer/engine/check-step.ts';
import { goldenDescription, goldenSeeds } from '../../../trainer/engine/golden-steps.ts';
import { makeCases } from './cases.ts';

/** Rows and columns of an input that is no image. */
function shapeOf(kind: string, part: string, length: number, n: number, d: number): number[] {
  if (part === 'positives' && kind === 'simclr') return [2 * n, 2 * n];
  if (part === 'positives' || part === 'masked') return [n, length / n];
  return [length / d, d];
}

const folder = process.argv[2] ?? 'cases';
mkdirSync(folder, { recursive: true });
const checkCases = goldenSeeds.map((seed) => ({
  name: `${seed}`,
  ...makeCheckStep(seed, goldenDescription),
}));
const cases = process.argv[3] === 'check' ? checkCases : makeCases();
for (const { name, description, weights, input } of cases) {
  const { batchImages: n, model } = description;
  const parameters = describeParameters(description);
  const perImage = 3 * model.imageHeight * model.imageWidth;
  const { kind, ...given } = input;
  const inputs = Object.entries(given).map(([part, values]) => ({
    name: part,
    shape: part.startsWith('view')
      ? [n, 3, model.imageHeight, model.imageWidth]
      : shapeOf(kind, part, values.length, n, projectionLength(model)),
    values: Float32Array.from(values),
  }));
  if (inputs.some(({ name: part, values }) => part === 'view1' && values.length !== n * perImage))
    throw new Error(`${name} has views of another size.`);
  const arrays = [
    ...parameters.map((parameter) => ({
      ...parameter,
      values: weights.get(parameter.name) ?? new Float32Array(0),
    })),
    ...inputs,
  ];
  const bytes = arrays.map(({ values }) => Buffer.from(values.buffer));
  writeFileSync(path.join(folder, `${name}.bin`), Buffer.concat(bytes));
  writeFileSync(
    path.join(folder, `${name}.json`),
    JSON.stringify({
      ...description,
      weights: parameters.map((parameter) => parameter.name),
      arrays: arrays.map(({ name: array, shape }) => ({ name: array, shape })),
    }),
  );
}
