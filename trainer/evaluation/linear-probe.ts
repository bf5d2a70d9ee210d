import { describeColumns, type LabelledFeatures } from './features.ts';
import { minimise, type Smooth } from './minimise.ts';

/** Strengths of the penalty to choose from, the strongest first. */
export const penaltyCandidates: readonly number[] = [100, 10, 1, 0.1, 0.01, 0.001, 0.0001];

/** A linear classifier over standardised features. */
export type LinearProbe = {
  readonly classCount: number;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** `[classes, length + 1]`, the bias last. */
  readonly weights: Float64Array;
};

type Standardised = Omit<LinearProbe, 'weights'> & { readonly rows: Float64Array };

function standardise(
  { features, length, classCount }: LabelledFeatures,
  { means, deviations }: Pick<LinearProbe, 'means' | 'deviations'>,
): Standardised {
  const rows = Float64Array.from(
    features,
    (value, i) => (value - (means[i % length] ?? 0)) / (deviations[i % length] ?? 1),
  );
  return { classCount, means, deviations, rows };
}

/** Softmax of the class scores of each row, `[rows, classes]`. */
function probabilities(
  rows: Float64Array,
  weights: Float64Array,
  classCount: number,
): Float64Array {
  const length = weights.length / classCount - 1;
  const result = new Float64Array((rows.length / length) * classCount);
  for (let i = 0; i * length < rows.length; i += 1) {
    let highest = -Infinity;
    for (let c = 0; c < classCount; c += 1) {
      const from = c * (length + 1);
      let sum = weights[from + length] ?? 0;
      for (let d = 0; d < length; d += 1)
        sum += (weights[from + d] ?? 0) * (rows[i * length + d] ?? 0);
      result[i * classCount + c] = sum;
      highest = Math.max(highest, sum);
    }
    const row = result.subarray(i * classCount, (i + 1) * classCount);
    for (const [c, each] of row.entries()) row[c] = Math.exp(each - highest);
    const total = row.reduce((sum, each) => sum + each, 0);
    for (const [c, each] of row.entries()) row[c] = each / total;
  }
  return result;
}

/** Mean cross-entropy + penalty / 2 times the squared weights; biases are free. */
function crossEntropy(
  { rows, classCount }: Standardised,
  labels: Int32Array,
  penalty: number,
): Smooth {
  const count = labels.length;
  const length = rows.length / count;
  return (weights, gradient) => {
    gradient.fill(0);
    const found = probabilities(rows, weights, classCount);
    let loss = 0;
    for (const [i, label] of labels.entries()) {
      loss -= Math.log(Math.max(found[i * classCount + label] ?? 0, Number.MIN_VALUE)) / count;
      for (let c = 0; c < classCount; c += 1) {
        const error = ((found[i * classCount + c] ?? 0) - Number(c === label)) / count;
        const from = c * (length + 1);
        for (let d = 0; d < length; d += 1)
          gradient[from + d] = (gradient[from + d] ?? 0) + error * (rows[i * length + d] ?? 0);
        gradient[from + length] = (gradient[from + length] ?? 0) + error;
      }
    }
    for (const [i, weight] of weights.entries()) {
      if (i % (length + 1) === length) continue;
      loss += (penalty / 2) * weight * weight;
      gradient[i] = (gradient[i] ?? 0) + penalty * weight;
    }
    return loss;
  };
}

/**
 * Multinomial logistic regression with an L2 penalty on features standardised by the known images' mean and
 * deviation, full batch, deterministic. In scikit-learn's words C = 1 / (images x penalty). `start` is another
 * probe on the same images from which to set out.
 */
export function fitProbe(
  known: LabelledFeatures,
  penalty: number,
  start?: LinearProbe,
): LinearProbe {
  const standardised = standardise(known, describeColumns(known));
  const { classCount, means, deviations } = standardised;
  const weights = minimise(
    crossEntropy(standardised, known.labels, penalty),
    start?.weights ?? new Float64Array(classCount * (known.length + 1)),
    { tolerance: 1e-7, mostIterations: 1000 },
  );
  return { classCount, means, deviations, weights };
}

/** Probabilities `[images, classes]` by a probe. */
export function applyProbe(probe: LinearProbe, asked: LabelledFeatures): Float64Array {
  return probabilities(standardise(asked, probe).rows, probe.weights, probe.classCount);
}
