import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GoldenStep } from '../../../trainer/engine/golden-steps.ts';

/** Steps in PyTorch's double precision, by the names of `makeCases`. */
export function readGoldenSteps(): Readonly<Record<string, Omit<GoldenStep, 'step'>>> {
  const file = path.join(import.meta.dirname, '../../golden/training-steps.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<
    Record<string, Omit<GoldenStep, 'step'>>
  >;
}
