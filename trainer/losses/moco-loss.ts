import {
  addMatrices,
  dot,
  type Matrix,
  matrixOf,
  multiply,
  multiplyTransposed,
  normaliseRows,
  normaliseRowsGradient,
  rowOf,
  scaleMatrix,
} from './matrix.ts';
import { type LossValue, softmaxLoss } from './softmax-loss.ts';

/** A batch of queries with its keys and the queue. */
export type MocoTerms = {
  /** Output of the query encoder, `[n, d]`, of any length. */
  readonly queries: Matrix;
  /** Keys of the same images, `[n, d]`, rows of length 1. */
  readonly keys: Matrix;
  /** Earlier keys, one a slot, `[k, d]`, rows of length 1. */
  readonly queue: Matrix;
  /** `[n, k]`: 1 where the slot's image is a positive of the row's. All 0: plain MoCo. */
  readonly positives: ArrayLike<number>;
  /** `[n, k]`: 1 where the slot takes no part for this row. */
  readonly masked?: ArrayLike<number>;
  readonly temperature: number;
};

/** With the scalar products q^.k^ and q^.queue, `[n, 1 + k]`, and the loss's gradient with respect to them. */
export type MocoLoss = LossValue & {
  readonly products: Matrix;
  readonly productGradient: Matrix;
};

/** `[n, 1 + m]`: a first column before the others. */
function prepend(first: ArrayLike<number>, rest: ArrayLike<number>, rows: number): Float64Array {
  const columns = rest.length / rows;
  const result = new Float64Array(rows * (columns + 1));
  for (let i = 0; i < rows; i += 1) {
    result[i * (columns + 1)] = first[i] ?? 0;
    for (let j = 0; j < columns; j += 1)
      result[i * (columns + 1) + 1 + j] = rest[i * columns + j] ?? 0;
  }
  return result;
}

/**
 * MoCo (He et al. 2020) with gaze positives (mcgip section 8): z = [q^.k^ | q^.queue] / T with the labels [1 | L],
 * normalised by all positives of the batch. `gradient` is with respect to the queries; keys and queue get none.
 */
export function mocoLoss(terms: MocoTerms): MocoLoss {
  const { queries, keys, queue, positives, temperature } = terms;
  const n = queries.rows;
  if (keys.rows !== n) throw new Error(`${n} queries came with ${keys.rows} keys.`);
  const masked = terms.masked ?? new Uint8Array(n * queue.rows);
  const unit = normaliseRows(queries);
  const own = Float64Array.from({ length: n }, (_, i) => dot(rowOf(unit, i), rowOf(keys, i)));
  const products = matrixOf(
    n,
    1 + queue.rows,
    prepend(own, multiplyTransposed(unit, queue).values, n),
  );
  const { loss, gradient } = softmaxLoss(
    scaleMatrix(products, 1 / temperature),
    prepend(new Float64Array(n).fill(1), positives, n),
    prepend(new Uint8Array(n), masked, n),
  );
  const productGradient = scaleMatrix(gradient, 1 / temperature);
  const toKeys = new Float64Array(n * keys.columns);
  const toQueue = new Float64Array(n * queue.rows);
  for (let i = 0; i < n; i += 1) {
    const row = rowOf(productGradient, i);
    toKeys.set(
      rowOf(keys, i).map((value) => value * (row[0] ?? 0)),
      i * keys.columns,
    );
    toQueue.set(row.subarray(1), i * queue.rows);
  }
  const toUnit = addMatrices(
    matrixOf(n, keys.columns, toKeys),
    multiply(matrixOf(n, queue.rows, toQueue), queue),
  );
  return { loss, gradient: normaliseRowsGradient(queries, toUnit), products, productGradient };
}
