import { createRandom } from '../../shared/random.ts';
import type { Figure } from '../../shared/training/evaluation-result.ts';
import { drawWeights, percentile } from '../evaluation/bootstrap.ts';
import { openMetrics } from '../evaluation/metrics.ts';
import type { ScoredCases } from '../evaluation/scored-cases.ts';
import type { ProbeName } from './probes.ts';
import { fewestSeeds } from './word-figures.ts';

/** One encoder's scores of the test images, in their order. */
export type JudgedArm = {
  readonly arm: string;
  readonly seed: number;
  readonly scores: Readonly<Record<ProbeName, readonly number[]>>;
};

/** The test images, in the order of the scores. */
export type TestImages = Omit<ScoredCases, 'scores'>;

/** What is measured of scores: area under the curve (chance 0.5), and recall, mean over the labels. */
export const figureNames = ['auc', 'balancedAccuracy'] as const;
export type FigureName = (typeof figureNames)[number];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const noInterval = { low: Number.NaN, high: Number.NaN } as const;

function intervalOf(value: number, draws: readonly number[]): Figure {
  if (draws.length === 0) return { value, ...noInterval };
  const sorted = draws.filter((draw) => Number.isFinite(draw)).toSorted((a, b) => a - b);
  return { value, low: percentile(sorted, 0.025), high: percentile(sorted, 0.975) };
}

/** One arm beside the baseline, over the seeds that both have. */
export type ComparedArm = {
  readonly arm: string;
  readonly seeds: readonly number[];
  readonly figures: Readonly<
    Record<
      ProbeName,
      Readonly<
        Record<
          FigureName,
          {
            readonly mean: Figure;
            /** Arm minus baseline: mean, and by seed. The baseline itself has none. */
            readonly difference: Figure | null;
            readonly differences: readonly number[];
          }
        >
      >
    >
  >;
};

/**
 * Means over seeds and differences from the baseline with 95 % percentile intervals. Each of `rounds` bootstrap
 * samples draws test patients with replacement and, with replacement again, seeds; arm and baseline have the same
 * patients and seeds in each sample. Seeds stand for weights at the start and for augmentation, not for new training
 * images or gaze. Of fewer than three seeds there is no interval: its ends are no numbers. An arm without a seed in
 * common with the baseline is left out.
 */
export function compareArms(
  judged: readonly JudgedArm[],
  baseline: string,
  test: TestImages,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): ComparedArm[] {
  const once = new Float64Array(test.labels.length).fill(1);
  const bySeed = (arm: string): Map<number, JudgedArm> =>
    new Map(judged.filter((each) => each.arm === arm).map((each) => [each.seed, each]));
  const base = bySeed(baseline);
  return [...new Set(judged.map(({ arm }) => arm))].flatMap((arm) => {
    const own = bySeed(arm);
    const seeds = [...own.keys()].filter((each) => base.has(each)).toSorted((a, b) => a - b);
    if (seeds.length === 0) return [];
    const figuresOf = (probe: ProbeName, name: FigureName) => {
      const open = (from: ReadonlyMap<number, JudgedArm>) =>
        seeds.map((each) => {
          const scores = Float64Array.from(from.get(each)?.scores[probe] ?? []);
          return openMetrics({ ...test, scores });
        });
      const [one, other] = [open(own), open(base)];
      const values = (of: typeof one, weights: Float64Array): number[] =>
        of.map((each) => each(weights)[name]);
      const [owned, based] = [values(one, once), values(other, once)];
      const differences = owned.map((value, k) => value - (based[k] ?? 0));
      const [means, changes]: [number[], number[]] = [[], []];
      // The same samples for every arm, probe and figure.
      const random = createRandom(seed);
      const drawings = seeds.length < fewestSeeds ? 0 : rounds;
      for (let round = 0; round < drawings; round += 1) {
        const weights = drawWeights(test.patients, random);
        const drawn = seeds.map(() => random.below(seeds.length));
        const [a, b] = [values(one, weights), values(other, weights)];
        means.push(mean(drawn.map((k) => a[k] ?? Number.NaN)));
        changes.push(mean(drawn.map((k) => (a[k] ?? Number.NaN) - (b[k] ?? Number.NaN))));
      }
      return {
        mean: intervalOf(mean(owned), means),
        difference: arm === baseline ? null : intervalOf(mean(differences), changes),
        differences: arm === baseline ? [] : differences,
      };
    };
    const figuresBy = (probe: ProbeName) => ({
      auc: figuresOf(probe, 'auc'),
      balancedAccuracy: figuresOf(probe, 'balancedAccuracy'),
    });
    const figures = { 'linear-probe': figuresBy('linear-probe'), 'k-nn': figuresBy('k-nn') };
    return [{ arm, seeds, figures }];
  });
}
