import {
  addMatrices,
  dot,
  type Matrix,
  matrixOf,
  multiply,
  multiplyTransposed,
  rowOf,
  scaleMatrix,
  transpose,
} from './matrix.ts';
import { type LossValue, softmaxLoss } from './softmax-loss.ts';

/** Added to the length that an embedding is divided by (mcgip section 8). */
const epsilon = 1e-10;

/**
 * SimCLR (Chen et al. 2020) with gaze positives (mcgip section 8). `embeddings` are those of view 1 above those of
 * view 2, `[2n, d]`, of any length; `positives` `[2n, 2n]`, diagonal 0. Every embedding is compared with all
 * others but itself. `gradient` is with respect to the embeddings.
 */
export function simclrLoss(
  embeddings: Matrix,
  positives: ArrayLike<number>,
  temperature: number,
): LossValue {
  const { rows, columns } = embeddings;
  const lengths = Float64Array.from({ length: rows }, (_, i) => {
    const row = rowOf(embeddings, i);
    return Math.sqrt(dot(row, row));
  });
  const unit = matrixOf(
    rows,
    columns,
    embeddings.values.map(
      (value, at) => value / ((lengths[Math.floor(at / columns)] ?? 0) + epsilon),
    ),
  );
  const itself = new Uint8Array(rows * rows);
  for (let i = 0; i < rows; i += 1) itself[i * rows + i] = 1;
  const logits = scaleMatrix(multiplyTransposed(unit, unit), 1 / temperature);
  const { loss, gradient } = softmaxLoss(logits, positives, itself);
  const both = addMatrices(gradient, transpose(gradient));
  const toUnit = scaleMatrix(multiply(both, unit), 1 / temperature);
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i += 1) {
    const [x, g] = [rowOf(embeddings, i), rowOf(toUnit, i)];
    const length = lengths[i] ?? 0;
    const divisor = length + epsilon;
    const along = length === 0 ? 0 : dot(x, g) / (length * divisor * divisor);
    for (let k = 0; k < columns; k += 1)
      values[i * columns + k] = (g[k] ?? 0) / divisor - (x[k] ?? 0) * along;
  }
  return { loss, gradient: matrixOf(rows, columns, values) };
}
