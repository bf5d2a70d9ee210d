import { createRandom, type Random } from '../../shared/random.ts';
import type { ProbeName, Scores } from './probes.ts';

/** One encoder's scores of the test images, in their order. */
export type JudgedArm = {
  readonly arm: string;
  readonly seed: number;
  readonly scores: Readonly<Record<ProbeName, Scores>>;
};

/** The test images: labels as places in the list of labels, and whose they are. */
export type TestImages = {
  readonly labels: readonly number[];
  readonly patients: readonly string[];
  readonly labelCount: number;
};

/** A figure with its 95 % percentile interval. */
export type Figure = { readonly value: number; readonly low: number; readonly high: number };

/** What is measured of scores: area under the curve (chance 0.5), and recall, mean over the labels. */
export const figureNames = ['auc', 'balancedAccuracy'] as const;
export type FigureName = (typeof figureNames)[number];

type Ordered = {
  /** Places of images by falling score of each label, and where a run of equal scores ends. */
  readonly byLabel: readonly {
    readonly order: readonly number[];
    readonly ends: readonly boolean[];
  }[];
  readonly chosen: readonly number[];
};

function order(scores: Scores, labelCount: number): Ordered {
  const byLabel = Array.from({ length: labelCount }, (_, label) => {
    const scoreOf = (i: number): number => scores[i]?.[label] ?? 0;
    const sorted = [...scores.keys()].toSorted((a, b) => scoreOf(b) - scoreOf(a));
    const ends = sorted.map((i, k) => {
      const next = sorted[k + 1];
      return next === undefined || scoreOf(next) !== scoreOf(i);
    });
    return { order: sorted, ends };
  });
  return { byLabel, chosen: scores.map((row) => row.indexOf(Math.max(...row))) };
}

/** Mean over the labels of the area under the curve of one against the rest; ties count half. */
function auc({ byLabel }: Ordered, { labels }: TestImages, weights: Float64Array): number {
  let [sum, counted] = [0, 0];
  for (const [label, { order: sorted, ends }] of byLabel.entries()) {
    let [above, inRun, others, othersInRun, area] = [0, 0, 0, 0, 0];
    for (const [k, i] of sorted.entries()) {
      const weight = weights[i] ?? 0;
      if (labels[i] === label) inRun += weight;
      else othersInRun += weight;
      if (ends[k] !== true) continue;
      area += othersInRun * (above + inRun / 2);
      above += inRun;
      others += othersInRun;
      inRun = 0;
      othersInRun = 0;
    }
    if (above === 0 || others === 0) continue;
    sum += area / (above * others);
    counted += 1;
  }
  return counted === 0 ? Number.NaN : sum / counted;
}

function balancedAccuracy(
  { chosen }: Ordered,
  { labels, labelCount }: TestImages,
  weights: Float64Array,
): number {
  const right = new Float64Array(labelCount);
  const all = new Float64Array(labelCount);
  for (const [i, label] of labels.entries()) {
    const weight = weights[i] ?? 0;
    all[label] = (all[label] ?? 0) + weight;
    if (chosen[i] === label) right[label] = (right[label] ?? 0) + weight;
  }
  let [sum, counted] = [0, 0];
  for (const [label, weight] of all.entries())
    if (weight > 0) {
      sum += (right[label] ?? 0) / weight;
      counted += 1;
    }
  return sum / counted;
}

const measure = { auc, balancedAccuracy } as const;

/** The figure of scores with every image counted once. */
export function measureScores(name: FigureName, scores: Scores, test: TestImages): number {
  const once = new Float64Array(test.labels.length).fill(1);
  return measure[name](order(scores, test.labelCount), test, once);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function intervalOf(value: number, draws: readonly number[]): Figure {
  const sorted = draws.filter((draw) => !Number.isNaN(draw)).toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { value, low: at(0.025), high: at(0.975) };
}

/** How often each test image is drawn when patients are drawn with replacement, all images of one together. */
function drawPatients(
  byPatient: readonly (readonly number[])[],
  images: number,
  random: Random,
): Float64Array {
  const weights = new Float64Array(images);
  for (let k = 0; k < byPatient.length; k += 1)
    for (const i of byPatient[random.below(byPatient.length)] ?? [])
      weights[i] = (weights[i] ?? 0) + 1;
  return weights;
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
 * images or gaze. An arm without a seed in common with the baseline is left out.
 */
export function compareArms(
  judged: readonly JudgedArm[],
  baseline: string,
  test: TestImages,
  { rounds, seed }: { readonly rounds: number; readonly seed: number },
): ComparedArm[] {
  const grouped = Object.values(
    Object.groupBy([...test.patients.keys()], (i) => test.patients[i] ?? ''),
  );
  const byPatient = grouped.map((images) => images ?? []);
  const once = new Float64Array(test.labels.length).fill(1);
  const bySeed = (arm: string): Map<number, JudgedArm> =>
    new Map(judged.filter((each) => each.arm === arm).map((each) => [each.seed, each]));
  const base = bySeed(baseline);
  return [...new Set(judged.map(({ arm }) => arm))].flatMap((arm) => {
    const own = bySeed(arm);
    const seeds = [...own.keys()].filter((each) => base.has(each)).toSorted((a, b) => a - b);
    if (seeds.length === 0) return [];
    const figuresOf = (probe: ProbeName, name: FigureName) => {
      const ordered = (from: Map<number, JudgedArm>): Ordered[] =>
        seeds.map((each) => order(from.get(each)?.scores[probe] ?? [], test.labelCount));
      const [one, other] = [ordered(own), ordered(base)];
      const values = (of: readonly Ordered[], weights: Float64Array): number[] =>
        of.map((each) => measure[name](each, test, weights));
      const [owned, based] = [values(one, once), values(other, once)];
      const differences = owned.map((value, k) => value - (based[k] ?? 0));
      const [means, changes]: [number[], number[]] = [[], []];
      // The same samples for every arm, probe and figure.
      const random = createRandom(seed);
      for (let round = 0; round < rounds; round += 1) {
        const weights = drawPatients(byPatient, test.labels.length, random);
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
