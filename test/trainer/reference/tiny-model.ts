import { createRandom, type Random } from '../../../shared/random.ts';
import type { Layer } from '../../../trainer/reference/layers.ts';

/** A linear encoder with a neck (linear, batch norm, ReLU, linear) under a prefix. */
export const tinyEncoder = (prefix: string): Layer[] => [
  { kind: 'linear', name: `${prefix}.0.f` },
  { kind: 'linear', name: `${prefix}.1.fc0` },
  { kind: 'batch-norm', name: `${prefix}.1.bn0` },
  { kind: 'relu' },
  { kind: 'linear', name: `${prefix}.1.fc1` },
];

/** A predictor of 3 numbers. */
export const tinyPredictor: readonly Layer[] = [
  { kind: 'linear', name: 'predictor.fc0' },
  { kind: 'batch-norm', name: 'predictor.bn0' },
  { kind: 'relu' },
  { kind: 'linear', name: 'predictor.fc1' },
];

function fill(arrays: Map<string, Float64Array>, name: string, size: number, random: Random): void {
  arrays.set(
    name,
    Float64Array.from({ length: size }, () => random.normal() / 2),
  );
}

function fillNorm(
  arrays: Map<string, Float64Array>,
  name: string,
  size: number,
  random: Random,
): void {
  fill(arrays, `${name}.weight`, size, random);
  fill(arrays, `${name}.bias`, size, random);
  arrays.set(`${name}.running_mean`, new Float64Array(size));
  arrays.set(`${name}.running_var`, new Float64Array(size).fill(1));
}

/** Random weights of encoders from 4 numbers to 3 under these prefixes, and of the predictor. */
export function tinyArrays(prefixes: readonly string[], seed: number): Map<string, Float64Array> {
  const random = createRandom(seed);
  const arrays = new Map<string, Float64Array>();
  for (const prefix of prefixes) {
    fill(arrays, `${prefix}.0.f.weight`, 20, random);
    fill(arrays, `${prefix}.0.f.bias`, 5, random);
    fill(arrays, `${prefix}.1.fc0.weight`, 30, random);
    fill(arrays, `${prefix}.1.fc0.bias`, 6, random);
    fillNorm(arrays, `${prefix}.1.bn0`, 6, random);
    fill(arrays, `${prefix}.1.fc1.weight`, 18, random);
  }
  fill(arrays, 'predictor.fc0.weight', 12, random);
  fill(arrays, 'predictor.fc0.bias', 4, random);
  fillNorm(arrays, 'predictor.bn0', 4, random);
  fill(arrays, 'predictor.fc1.weight', 12, random);
  return arrays;
}
