import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { decodeUtf8 } from '../../shared/text/decode-utf8.ts';
import { badFile, wordReadFault } from './file-faults.ts';

/** Names under which a column may stand; compared in lower case, spaces and hyphens as underscores. */
export type ColumnNames<Key extends string> = Readonly<Record<Key, readonly string[]>>;

/** A row of a table; a column that the file lacks and an empty field are undefined. */
export type TableRow<Key extends string> = {
  /** From 1; the header is the first. */
  readonly line: number;
  readonly values: Readonly<Partial<Record<Key, string>>>;
};

/** The fields of a line; a field in double quotes may hold separators, and "" for a quote. */
export function splitLine(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator).map((field) => field.trim());
  const fields: string[] = [];
  let [field, quoted] = ['', false];
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? '';
    if (character === '"') {
      if (quoted && text[i + 1] === '"') {
        field += '"';
        i += 1;
      } else quoted = !quoted;
    } else if (character === separator && !quoted) {
      fields.push(field.trim());
      field = '';
    } else field += character;
  }
  return [...fields, field.trim()];
}

const separators = [',', ';', '\t'] as const;

/** The separator that the header holds most of. */
function findSeparator(header: string): string {
  const counts = separators.map((separator) => header.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ',';
}

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/gu, '_');

/** Lines of a file and their numbers; empty ones are passed over. Throws StationError, also where one is not UTF-8. */
async function* readLines(file: string): AsyncGenerator<readonly [line: number, text: string]> {
  // As bytes: a line can then be named that is no UTF-8.
  const stream = createReadStream(file, 'latin1');
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  let line = 0;
  try {
    for await (const bytes of lines) {
      line += 1;
      const text = decodeUtf8(Buffer.from(bytes, 'latin1'));
      if (text === undefined)
        throw badFile(
          file,
          line,
          'it is not UTF-8 text; save the file as CSV with the encoding UTF-8',
        );
      if (text.trim() !== '') yield [line, text];
    }
  } catch (error) {
    throw wordReadFault(error, file);
  } finally {
    lines.close();
    stream.destroy();
  }
}

/** Where each known column stands in a header. Throws StationError invalid-input. */
function findColumns<Key extends string>(
  [file, line]: readonly [file: string, line: number],
  header: readonly string[],
  names: ColumnNames<Key>,
  required: readonly Key[],
): readonly (readonly [Key, number])[] {
  return (Object.keys(names) as Key[]).flatMap((key) => {
    const places = header.flatMap((name, place) => (names[key].includes(name) ? [place] : []));
    if (places.length > 1)
      throw badFile(file, line, `several columns could be "${key}": keep one of them`);
    if (places[0] === undefined && required.includes(key))
      throw badFile(file, line, `no column "${key}" (known names: ${names[key].join(', ')})`);
    return places[0] === undefined ? [] : [[key, places[0]] as const];
  });
}

/**
 * The rows of a CSV file with a header (comma, semicolon or tab; UTF-8; a field ends with its line), one after
 * another. Throws StationError file-missing, no-permission, invalid-input where it is a folder, not UTF-8 or without
 * rows, a required column is missing or stands twice, or a line has another number of fields than the header.
 */
export async function* readTable<Key extends string>(
  file: string,
  names: ColumnNames<Key>,
  required: readonly NoInfer<Key>[],
): AsyncGenerator<TableRow<Key>, void> {
  let separator = ',';
  let width = 0;
  let columns: (readonly [Key, number])[] | undefined;
  let rows = 0;
  for await (const [line, text] of readLines(file)) {
    if (columns === undefined) {
      separator = findSeparator(text);
      const header = splitLine(text, separator).map(plain);
      width = header.length;
      columns = [...findColumns([file, line], header, names, required)];
      continue;
    }
    const fields = splitLine(text, separator);
    if (fields.length !== width)
      throw badFile(file, line, `${fields.length} fields, the header has ${width}`);
    const values: Partial<Record<Key, string>> = {};
    for (const [key, place] of columns) {
      const value = fields[place];
      if (value !== undefined && value !== '') values[key] = value;
    }
    rows += 1;
    yield { line, values };
  }
  if (columns === undefined)
    throw badFile(file, undefined, 'it is empty: a line with the names of its columns is needed');
  if (rows === 0) throw badFile(file, undefined, 'it has a header and no row below it');
}

/** The number of a field. Throws StationError invalid-input where it is none. */
export function readNumber(file: string, line: number, column: string, value: string): number {
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  const hint = /^-?\d+,\d+$/u.test(value) ? ' (decimals have a point)' : '';
  throw badFile(file, line, `${column} is "${value}", not a number${hint}`);
}
