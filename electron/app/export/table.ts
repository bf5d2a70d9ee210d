import type { CsvCell } from './csv.ts';

/** One column: what dataset.json says of it and how a row fills it. */
export type Column<Row> = {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'text' | 'flag';
  /** Unit of a number; empty for text, flags and counts. */
  readonly unit: string;
  readonly description: string;
  readonly value: (row: Row) => CsvCell;
};

/** One file of an export. */
export type Table<Row> = {
  readonly file: string;
  readonly description: string;
  readonly columns: readonly Column<Row>[];
};

/** A column from its parts. */
export const column = <Row>(
  name: string,
  type: Column<Row>['type'],
  unit: string,
  description: string,
  value: (row: Row) => CsvCell,
): Column<Row> => ({ name, type, unit, description, value });
