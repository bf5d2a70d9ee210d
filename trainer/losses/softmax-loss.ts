import { dot, type Matrix, matrixOf, rowOf } from './matrix.ts';

/** What a loss gives: its value and its gradient with respect to its first argument. */
export type LossValue = { readonly loss: number; readonly gradient: Matrix };

/** The number of positives; throws where there is none, since every loss is divided by it. */
export function countPositives(labels: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i += 1) sum += labels[i] ?? 0;
  if (!(sum > 0)) throw new Error('A batch without a positive pair has no contrastive loss.');
  return sum;
}

/**
 * Cross-entropy with several positives a row (mcgip section 8), logits z, labels Y and mask `[n, m]`:
 * loss = -(1 / S) sum Y log softmax(z), dz = (rowsum(Y) softmax(z) - Y) / S, S = sum(Y), over all positives of the batch,
 * not by row. Where the mask is 1 the logit takes no part; throws where such a place is labelled positive.
 */
export function softmaxLoss(
  logits: Matrix,
  labels: ArrayLike<number>,
  masked: ArrayLike<number> = new Uint8Array(logits.values.length),
): LossValue {
  const { rows, columns } = logits;
  if (labels.length !== rows * columns || masked.length !== rows * columns)
    throw new Error(`Labels and mask of ${rows} x ${columns} logits must have their shape.`);
  const total = countPositives(labels);
  const gradient = new Float64Array(rows * columns);
  let loss = 0;
  for (let i = 0; i < rows; i += 1) {
    const z = rowOf(logits, i);
    const taken = Float64Array.from(z, (_, j) => (masked[i * columns + j] === 1 ? 0 : 1));
    const y = Float64Array.from(z, (_, j) => labels[i * columns + j] ?? 0);
    if (y.some((label, j) => label !== 0 && taken[j] === 0))
      throw new Error('A masked place is labelled positive.');
    let highest = -Infinity;
    for (const [j, value] of z.entries()) if (taken[j] === 1) highest = Math.max(highest, value);
    const weight = z.map((value, j) => (taken[j] === 1 ? Math.exp(value - highest) : 0));
    const sum = dot(weight, taken);
    const positives = dot(y, taken);
    for (let j = 0; j < columns; j += 1) {
      const label = y[j] ?? 0;
      if (label !== 0) loss -= label * ((z[j] ?? 0) - highest - Math.log(sum));
      gradient[i * columns + j] = ((positives * (weight[j] ?? 0)) / sum - label) / total;
    }
  }
  return { loss: loss / total, gradient: matrixOf(rows, columns, gradient) };
}
