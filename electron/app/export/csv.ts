/** What a cell can hold; null is an empty cell. */
export type CsvCell = string | number | boolean | null;

/** Text that a spreadsheet would take for a formula, or that begins like the sign that guards it. */
const dangerous = /^[=+\-@\t\r']/u;

/**
 * One cell after RFC 4180: quoted where it holds a comma, a quote or a line break. Text that begins with
 * = + - @ (or tab, carriage return, apostrophe) gets an apostrophe in front, so that no spreadsheet
 * computes it; a reader takes one leading apostrophe off. Numbers have a point as decimal mark; flags are
 * 1 and 0. Throws for a number that is not finite.
 */
export function csvCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('A number of an export must be finite.');
    return String(value);
  }
  const guarded = dangerous.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** One row with its line end. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
