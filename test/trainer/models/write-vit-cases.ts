// Writes the cases for scripts/make-golden-vit.py: node test/trainer/models/write-vit-cases.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { vits } from '../../../trainer/models/vit.ts';
import { makeVitCases } from './vit-cases.ts';

const folder = process.argv[2] ?? 'cases';
mkdirSync(folder, { recursive: true });
for (const { name, encoder, parameters, arrays } of makeVitCases()) {
  const bytes = arrays.map(({ values }) => Buffer.from(values.buffer));
  writeFileSync(path.join(folder, `${name}.bin`), Buffer.concat(bytes));
  writeFileSync(
    path.join(folder, `${name}.json`),
    JSON.stringify({
      heads: vits[encoder].heads,
      weights: parameters.map((each) => each.name),
      arrays: arrays.map(({ name: array, shape }) => ({ name: array, shape })),
    }),
  );
}
