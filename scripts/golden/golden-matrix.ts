import type { GazeRelation } from '../../trainer/losses/gaze-relation.ts';
import { type Matrix, matrixOf } from '../../trainer/losses/matrix.ts';

/** A matrix as rows, as JSON has it. */
export type RowList = readonly (readonly number[])[];

/** The rows as a matrix; throws where they are not of one length. */
export function matrixFrom(rows: RowList): Matrix {
  const columns = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== columns))
    throw new Error('The rows of a matrix in the reference values differ in length.');
  return matrixOf(rows.length, columns, Float64Array.from(rows.flat()));
}

/** A relation whose images are named by their rows, for the published labels. */
export const relationFrom = (rows: RowList): GazeRelation => ({
  dataSetId: 'reference values',
  imageIds: rows.map((_, row) => row),
  values: matrixFrom(rows).values,
});
