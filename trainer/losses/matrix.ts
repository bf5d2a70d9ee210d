/** Numbers in double precision, `[rows, columns]`, row by row. */
export type Matrix = {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
};

/** A matrix over these numbers (not copied), zeros where none are given; throws where their count is not rows x columns. */
export function matrixOf(
  rows: number,
  columns: number,
  values: Float64Array = new Float64Array(rows * columns),
): Matrix {
  if (values.length !== rows * columns)
    throw new Error(`${values.length} numbers are not a matrix of ${rows} x ${columns}.`);
  return { rows, columns, values };
}

/** A row of a matrix, as a view of its numbers. */
export const rowOf = ({ columns, values }: Matrix, row: number): Float64Array =>
  values.subarray(row * columns, (row + 1) * columns);

/** Scalar product; the second may be longer. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** The transpose, `[columns, rows]`. */
export function transpose({ rows, columns, values }: Matrix): Matrix {
  const result = new Float64Array(values.length);
  for (let i = 0; i < rows; i += 1)
    for (let j = 0; j < columns; j += 1) result[j * rows + i] = values[i * columns + j] ?? 0;
  return matrixOf(columns, rows, result);
}

/** a b^T: `[n, d]` and `[m, d]` give `[n, m]`. Throws where the lengths of their rows differ. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix {
  if (a.columns !== b.columns)
    throw new Error(`Rows of ${a.columns} and of ${b.columns} numbers have no scalar product.`);
  const result = new Float64Array(a.rows * b.rows);
  for (let i = 0; i < a.rows; i += 1)
    for (let j = 0; j < b.rows; j += 1) result[i * b.rows + j] = dot(rowOf(a, i), rowOf(b, j));
  return matrixOf(a.rows, b.rows, result);
}

/** a b: `[n, m]` and `[m, d]` give `[n, d]`. Throws where they do not fit. */
export const multiply = (a: Matrix, b: Matrix): Matrix => multiplyTransposed(a, transpose(b));

/** The sum of matrices of one shape; throws where the shapes differ. */
export function addMatrices(a: Matrix, b: Matrix): Matrix {
  if (a.rows !== b.rows || a.columns !== b.columns)
    throw new Error('Only matrices of one shape can be added.');
  return matrixOf(
    a.rows,
    a.columns,
    a.values.map((value, i) => value + (b.values[i] ?? 0)),
  );
}

/** Every number times a factor. */
export const scaleMatrix = ({ rows, columns, values }: Matrix, factor: number): Matrix =>
  matrixOf(
    rows,
    columns,
    values.map((value) => value * factor),
  );

/** Below this length a row is divided by this number instead. */
const shortestRow = 1e-12;

/** Rows of length 1: u / max(|u|, 1e-12) (mcgip, notation). */
export function normaliseRows(x: Matrix): Matrix {
  const values = new Float64Array(x.values.length);
  for (let i = 0; i < x.rows; i += 1) {
    const row = rowOf(x, i);
    const length = Math.max(Math.sqrt(dot(row, row)), shortestRow);
    for (let k = 0; k < x.columns; k += 1) values[i * x.columns + k] = (row[k] ?? 0) / length;
  }
  return matrixOf(x.rows, x.columns, values);
}

/** Gradient of `normaliseRows` at `x`: du = (g - u^ (u^.g)) / |u|; g / 1e-12 for a row shorter than that. */
export function normaliseRowsGradient(x: Matrix, gradient: Matrix): Matrix {
  const unit = normaliseRows(x);
  const values = new Float64Array(x.values.length);
  for (let i = 0; i < x.rows; i += 1) {
    const [row, u, g] = [rowOf(x, i), rowOf(unit, i), rowOf(gradient, i)];
    const length = Math.sqrt(dot(row, row));
    const along = length > shortestRow ? dot(u, g) : 0;
    for (let k = 0; k < x.columns; k += 1)
      values[i * x.columns + k] =
        ((g[k] ?? 0) - (u[k] ?? 0) * along) / Math.max(length, shortestRow);
  }
  return matrixOf(x.rows, x.columns, values);
}
