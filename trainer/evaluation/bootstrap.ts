import { createRandom, type Random } from '../../shared/random.ts';
import type { Figure } from '../../shared/training/evaluation-result.ts';

/** How often the test patients are drawn anew, and by which seed. */
export type BootstrapOptions = { readonly rounds: number; readonly seed: number };

/** 2,000 rounds: the ends of a 95 % interval then lie on 50 values each. */
export const bootstrapDefaults: BootstrapOptions = { rounds: 2000, seed: 20_261_124 };

/**
 * Weights of the images in one bootstrap sample: how often their patient was drawn, as many patients with
 * replacement as there are. Images of one patient come and go together.
 */
export function drawWeights(patients: Int32Array, random: Random): Float64Array {
  const count = patients.reduce((most, each) => Math.max(most, each + 1), 0);
  const drawn = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const one = random.below(count);
    drawn[one] = (drawn[one] ?? 0) + 1;
  }
  return Float64Array.from(patients, (patient) => drawn[patient] ?? 0);
}

/** Percentile by linear interpolation between order statistics (type 7 of Hyndman and Fan); of sorted values. */
export function percentile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

/**
 * Figures with their 95 % percentile intervals over the same bootstrap samples of patients. A sample in which
 * a figure is not a number (a class was not drawn) is left out for all of them.
 */
export function bootstrap<Name extends string>(
  patients: Int32Array,
  figures: (weights: Float64Array) => Readonly<Record<Name, number>>,
  { rounds, seed }: BootstrapOptions,
): Readonly<Record<Name, Figure>> {
  const random = createRandom(seed);
  const value = figures(new Float64Array(patients.length).fill(1));
  const names = Object.keys(value) as Name[];
  const samples: Readonly<Record<Name, number>>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const sample = figures(drawWeights(patients, random));
    if (names.every((name) => Number.isFinite(sample[name]))) samples.push(sample);
  }
  const found = names.map((name): [Name, Figure] => {
    const sorted = samples.map((sample) => sample[name]).toSorted((a, b) => a - b);
    return [
      name,
      { value: value[name], low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) },
    ];
  });
  return Object.fromEntries(found) as Record<Name, Figure>;
}
