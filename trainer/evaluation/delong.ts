/** Scores of images of two classes, of which class 1 is the positive one. */
export type TwoClasses = {
  readonly labels: Int32Array;
  /** Number of each image's patient, from 0. */
  readonly patients: Int32Array;
};

/** Placements: for each image the share of the other class that is on its right side; ties count half. */
function placements(scores: Float64Array, labels: Int32Array): Float64Array {
  const order = Int32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const counts = [0, 0];
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const [negatives = 0, positives = 0] = counts;
  const placed = new Float64Array(scores.length);
  const below = [0, 0];
  for (let from = 0; from < order.length;) {
    let to = from;
    const here = [0, 0];
    for (; to < order.length && scores[order[to] ?? 0] === scores[order[from] ?? 0]; to += 1) {
      const label = labels[order[to] ?? 0] ?? 0;
      here[label] = (here[label] ?? 0) + 1;
    }
    for (const i of order.subarray(from, to)) {
      const other = 1 - (labels[i] ?? 0);
      const lower = (below[other] ?? 0) + (here[other] ?? 0) / 2;
      placed[i] = labels[i] === 1 ? lower / negatives : (positives - lower) / positives;
    }
    below[0] = (below[0] ?? 0) + (here[0] ?? 0);
    below[1] = (below[1] ?? 0) + (here[1] ?? 0);
    from = to;
  }
  return placed;
}

/** Sums over a patient's images of one class of placement minus AUC. */
type PatientSums = { readonly positive: Float64Array; readonly negative: Float64Array };

type Counted = {
  readonly positives: number;
  readonly negatives: number;
  /** Patients, and patients with images of each class. */
  readonly patients: number;
  readonly withPositive: number;
  readonly withNegative: number;
};

function countPatients({ labels, patients }: TwoClasses): Counted {
  const of = (wanted: number): Set<number | undefined> =>
    new Set([...labels.keys()].filter((i) => labels[i] === wanted).map((i) => patients[i]));
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return {
    positives,
    negatives: labels.length - positives,
    patients: new Set(patients).size,
    withPositive: of(1).size,
    withNegative: of(0).size,
  };
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, each, i) => sum + each * (b[i] ?? 0), 0);

/** What DeLong's method gives for one or several classifiers on the same images. */
export type AucCovariance = {
  readonly aucs: readonly number[];
  /** Estimated covariance of the AUCs, `[classifier][classifier]`. */
  readonly covariance: readonly (readonly number[])[];
};

/**
 * AUCs and their covariance by placements (DeLong, DeLong and Clarke-Pearson 1988), summed by patient
 * (Obuchowski 1997, Biometrics 53:567) since images of one patient are not independent. With one image a
 * patient it is DeLong's own estimate.
 */
export function aucCovariance(cases: TwoClasses, scores: readonly Float64Array[]): AucCovariance {
  const { labels, patients } = cases;
  const counted = countPatients(cases);
  const { positives, negatives, withPositive, withNegative } = counted;
  const length = patients.reduce((most, each) => Math.max(most, each + 1), 0);
  const aucs: number[] = [];
  const sums = scores.map((own): PatientSums => {
    const placed = placements(own, labels);
    const auc = placed.reduce((sum, each, i) => sum + each * (labels[i] ?? 0), 0) / positives;
    aucs.push(auc);
    const positive = new Float64Array(length);
    const negative = new Float64Array(length);
    for (const [i, patient] of patients.entries()) {
      const list = labels[i] === 1 ? positive : negative;
      list[patient] = (list[patient] ?? 0) + (placed[i] ?? 0) - auc;
    }
    return { positive, negative };
  });
  const unbiased = (count: number): number => count / (count - 1);
  const covariance = sums.map((a) =>
    sums.map(
      (b) =>
        (unbiased(withPositive) * dot(a.positive, b.positive)) / positives ** 2 +
        (unbiased(withNegative) * dot(a.negative, b.negative)) / negatives ** 2 +
        (unbiased(counted.patients) * (dot(a.positive, b.negative) + dot(a.negative, b.positive))) /
          (positives * negatives),
    ),
  );
  return { aucs, covariance };
}

/**
 * Complementary error function, relative error below 1.2e-7 (Numerical Recipes, erfcc): enough for a p-value
 * that is shown with four digits.
 */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277,
  ];
  const series = terms.reduceRight((sum, each) => sum * t + each, 0);
  const value = t * Math.exp(-x * x + series);
  return x >= 0 ? value : 2 - value;
}

/** DeLong's two-sided test of the first AUC minus the second; undefined where the difference has no variance. */
export function compareAucs({
  aucs,
  covariance,
}: AucCovariance):
  { readonly standardError: number; readonly z: number; readonly pValue: number } | undefined {
  const [[aa = 0, ab = 0] = [], [, bb = 0] = []] = covariance;
  const variance = aa + bb - 2 * ab;
  if (!(variance > 1e-15)) return undefined;
  const standardError = Math.sqrt(variance);
  const z = ((aucs[0] ?? 0) - (aucs[1] ?? 0)) / standardError;
  return { standardError, z, pValue: erfc(Math.abs(z) / Math.SQRT2) };
}
