import { predictClasses, type ScoredCases, scoresOf } from './scored-cases.ts';

/** Figures of one set of scored images; NaN where a class has no weight. */
export type Metrics = {
  /** Share of the images with the right class. */
  readonly accuracy: number;
  /** Mean over the classes of the share of their images with the right class. */
  readonly balancedAccuracy: number;
  /** Mann-Whitney with ties as half; of two classes that of the second, of more the mean of each against the rest. */
  readonly auc: number;
};

/** Cases in ascending order of score, with the number of the group of equal scores that each is in. */
type Ranked = { readonly order: Int32Array; readonly tie: Int32Array };

function rank(scores: Float64Array): Ranked {
  const order = Int32Array.from(scores.keys()).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b,
  );
  let group = -1;
  let before = Number.NaN;
  const tie = order.map((i) => {
    const score = scores[i] ?? 0;
    if (score !== before) group += 1;
    before = score;
    return group;
  });
  return { order, tie };
}

function weightedAuc(
  { order, tie }: Ranked,
  labels: Int32Array,
  one: number,
  weights: Float64Array,
): number {
  let [below, won, positives, negatives] = [0, 0, 0, 0];
  for (let from = 0; from < order.length;) {
    let [here, there, to] = [0, 0, from];
    for (; to < order.length && tie[to] === tie[from]; to += 1) {
      const i = order[to] ?? 0;
      if (labels[i] === one) here += weights[i] ?? 0;
      else there += weights[i] ?? 0;
    }
    won += here * (below + there / 2);
    below += there;
    positives += here;
    negatives += there;
    from = to;
  }
  return won / (positives * negatives);
}

/** Prepares the figures of scored images; the answer gives them for any weights of the images. */
export function openMetrics(cases: ScoredCases): (weights: Float64Array) => Metrics {
  const { classCount, labels } = cases;
  const predicted = predictClasses(cases);
  const judged = classCount === 2 ? [1] : Array.from({ length: classCount }, (_, c) => c);
  const ranks = judged.map((one) => ({ one, ranked: rank(scoresOf(cases, one)) }));
  return (weights) => {
    const right = new Float64Array(classCount);
    const all = new Float64Array(classCount);
    for (const [i, label] of labels.entries()) {
      const weight = weights[i] ?? 0;
      all[label] = (all[label] ?? 0) + weight;
      if (predicted[i] === label) right[label] = (right[label] ?? 0) + weight;
    }
    const sum = (list: Float64Array): number => list.reduce((total, each) => total + each, 0);
    const aucs = ranks.map(({ one, ranked }) => weightedAuc(ranked, labels, one, weights));
    return {
      accuracy: sum(right) / sum(all),
      balancedAccuracy: sum(right.map((each, c) => each / (all[c] ?? 0))) / classCount,
      auc: aucs.reduce((total, each) => total + each, 0) / aucs.length,
    };
  };
}

/** Figures of scored images, each counted once. */
export function measure(cases: ScoredCases): Metrics {
  return openMetrics(cases)(new Float64Array(cases.labels.length).fill(1));
}
