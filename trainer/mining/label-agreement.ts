import { createRandom, shuffle } from '../../shared/random.ts';
import type { Interval, LabelAgreement } from '../../shared/training/label-agreement.ts';

/** A pair of cases with how much alike it is. */
export type ScoredPair = { readonly a: number; readonly b: number; readonly relation: number };

export type AgreementOptions = {
  /** Share of the pairs that count as the most alike. */
  readonly topShare: number;
  /** Bootstrap samples of the cases, and as many shuffles of the labels. */
  readonly rounds: number;
  readonly seed: number;
};

type Figures = { readonly lift: number; readonly auc: number; readonly base: number };

/** Pairs in descending order of relation; `group` numbers those of one relation, from 0. */
type Ranked = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly group: Int32Array;
};

function rank(pairs: readonly ScoredPair[]): Ranked {
  const sorted = pairs.toSorted((a, b) => b.relation - a.relation);
  let group = -1;
  return {
    a: Int32Array.from(sorted, (pair) => pair.a),
    b: Int32Array.from(sorted, (pair) => pair.b),
    group: Int32Array.from(sorted, ({ relation }, i) => {
      if (relation !== sorted[i - 1]?.relation) group += 1;
      return group;
    }),
  };
}

/** Figures of ranked pairs, each weighing w_a w_b; equal relations have no order and count half. */
function measureFigures(
  { a, b, group }: Ranked,
  labels: Uint8Array,
  weights: Float64Array,
  topShare: number,
): Figures {
  const sameWeights = new Float64Array((group.at(-1) ?? -1) + 1);
  const otherWeights = new Float64Array(sameWeights.length);
  for (let i = 0; i < a.length; i += 1) {
    const [one, other, g] = [a[i] ?? 0, b[i] ?? 0, group[i] ?? 0];
    const weight = (weights[one] ?? 0) * (weights[other] ?? 0);
    const list = labels[one] === labels[other] ? sameWeights : otherWeights;
    list[g] = (list[g] ?? 0) + weight;
  }
  const sum = (list: Float64Array): number => list.reduce((all, weight) => all + weight, 0);
  const same = sum(sameWeights);
  const total = same + sum(otherWeights);
  const wanted = topShare * total;
  let [seen, topSame, sameAbove, won] = [0, 0, 0, 0];
  for (const [g, groupSame] of sameWeights.entries()) {
    const groupOther = otherWeights[g] ?? 0;
    const all = groupSame + groupOther;
    if (all > 0 && seen < wanted) topSame += groupSame * Math.min(1, (wanted - seen) / all);
    seen += all;
    won += groupOther * (sameAbove + groupSame / 2);
    sameAbove += groupSame;
  }
  const base = same / total;
  return { base, lift: topSame / wanted / base, auc: won / (same * (total - same)) };
}

function middleOf(values: readonly number[], value: number): Interval {
  const sorted = values.filter((each) => Number.isFinite(each)).toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { value, low: at(0.025), high: at(0.975) };
}

/**
 * Whether pairs that were looked at alike have the same label more often than chance: AUC and lift with
 * bootstrap intervals over the cases, beside the same figures for labels shuffled among the cases.
 * Undefined where all pairs agree or none does: then nothing can be said.
 */
export function measureLabelAgreement(
  pairs: readonly ScoredPair[],
  labels: readonly (boolean | number)[],
  { topShare, rounds, seed }: AgreementOptions,
): LabelAgreement | undefined {
  const ranked = rank(pairs);
  const flags = Uint8Array.from(labels, Number);
  const ones = new Float64Array(labels.length).fill(1);
  const { base, lift, auc } = measureFigures(ranked, flags, ones, topShare);
  if (!(base > 0 && base < 1)) return undefined;
  const random = createRandom(seed);
  const resampled = Array.from({ length: rounds }, () => {
    const weights = new Float64Array(labels.length);
    for (let i = 0; i < labels.length; i += 1) {
      const drawn = random.below(labels.length);
      weights[drawn] = (weights[drawn] ?? 0) + 1;
    }
    return measureFigures(ranked, flags, weights, topShare);
  });
  const control = Array.from({ length: rounds }, () =>
    measureFigures(ranked, Uint8Array.from(shuffle(labels, random), Number), ones, topShare),
  );
  const mean = (name: 'lift' | 'auc'): number =>
    control.reduce((sum, each) => sum + each[name], 0) / rounds;
  const list = (rows: readonly Figures[], name: 'lift' | 'auc'): number[] =>
    rows.map((each) => each[name]);
  return {
    pairs: pairs.length,
    base,
    lift: middleOf(list(resampled, 'lift'), lift),
    auc: middleOf(list(resampled, 'auc'), auc),
    controlLift: middleOf(list(control, 'lift'), mean('lift')),
    controlAuc: middleOf(list(control, 'auc'), mean('auc')),
    pValue: (1 + control.filter((each) => each.auc >= auc).length) / (1 + rounds),
  };
}
