import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { StationError } from '../../shared/station-error.ts';

/** Names under which a column may stand; compared in lower case, spaces and hyphens as underscores. */
export type ColumnNames<Key extends string> = Readonly<Record<Key, readonly string[]>>;

/** A row of a table; a column that the file lacks and an empty field are undefined. */
export type TableRow<Key extends string> = {
  /** From 1; the header is the first. */
  readonly line: number;
  readonly values: Readonly<Partial<Record<Key, string>>>;
};

/** A fault of a file that a person can mend, with the place: `gaze.csv, line 3`. */
export function badFile(file: string, line: number | undefined, problem: string): StationError {
  const place = line === undefined ? '' : `, line ${line}`;
  return new StationError('invalid-input', { field: `${path.basename(file)}${place}`, problem });
}

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
    .replace(/^\uFEFF/u, '')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/gu, '_');

/**
 * The rows of a CSV file with a header (comma, semicolon or tab; UTF-8; a field ends with its line), one after
 * another. Throws StationError file-missing, invalid-input where a required column is missing or stands twice,
 * or a line has another number of fields than the header.
 */
export async function* readTable<Key extends string>(
  file: string,
  names: ColumnNames<Key>,
  required: readonly NoInfer<Key>[],
): AsyncGenerator<TableRow<Key>, void> {
  const stream = createReadStream(file, 'utf8');
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  let separator = ',';
  let width = 0;
  let columns: (readonly [Key, number])[] | undefined;
  let line = 0;
  try {
    for await (const text of lines) {
      line += 1;
      if (text.trim() === '') continue;
      if (columns === undefined) {
        separator = findSeparator(text);
        const header = splitLine(text, separator).map(plain);
        width = header.length;
        columns = (Object.keys(names) as Key[]).flatMap((key) => {
          const places = header.flatMap((name, place) =>
            names[key].includes(name) ? [place] : [],
          );
          if (places.length > 1)
            throw badFile(file, line, `several columns could be "${key}": keep one of them`);
          if (places[0] === undefined && required.includes(key))
            throw badFile(file, line, `no column "${key}" (known names: ${names[key].join(', ')})`);
          return places[0] === undefined ? [] : [[key, places[0]] as const];
        });
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
      yield { line, values };
    }
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ENOENT')
      throw new StationError('file-missing', { file }, { cause: error });
    throw error;
  } finally {
    lines.close();
    stream.destroy();
  }
  if (columns === undefined) throw badFile(file, undefined, 'it is empty');
}

/** The number of a field. Throws StationError invalid-input where it is none. */
export function readNumber(file: string, line: number, column: string, value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw badFile(file, line, `${column} is "${value}", not a number`);
  return number;
}
