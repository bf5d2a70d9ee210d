// Writes the cases for scripts/make-golden-steps.py: node test/trainer/engine/write-cases.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeParameters } from '../../../trainer/engine/onnx-engine.ts';
import { makeCases } from './cases.ts';

const folder = process.argv[2] ?? 'cases';
mkdirSync(folder, { recursive: true });
for (const { name, description, weights, batch } of makeCases()) {
  const { batchImages: n, imageSide: side, queueLength: k } = description;
  const shapes: Readonly<Record<string, readonly number[]>> = {
    view1: [n, 3, side, side],
    view2: [n, 3, side, side],
    positives: description.method === 'simsiam' ? [n, n] : [n, k],
    keys: [n, 128],
    queue: [k, 128],
    emptySlots: [1, k],
  };
  const parameters = describeParameters(description);
  const inputs = Object.entries(batch).map(([input, values]) => ({
    name: input,
    shape: shapes[input] ?? [],
    values: Float32Array.from(values),
  }));
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
