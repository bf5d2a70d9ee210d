import path from 'node:path';
import type { NamedImage } from '../../../shared/database/labels.ts';
import { StationError } from '../../../shared/station-error.ts';
import { decodeUtf8 } from '../../../shared/text/decode-utf8.ts';

/** Labels of a file by image. */
export type ReadLabels = {
  readonly labels: ReadonlyMap<number, string>;
  /** Lines that name no image, where those are skipped. */
  readonly skipped: number;
};

const nameColumns = ['image', 'file', 'sop_instance_uid', 'patient'] as const;
type NameColumn = (typeof nameColumns)[number];

/** The cells of one line; a cell in double quotes may hold the separator, and two quotes for one. */
function splitLine(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const sign = line[i] ?? '';
    if (quoted && sign === '"' && line[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (sign === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += sign;
  }
  return [...cells, cell.trim()];
}

type Row = { readonly line: number; readonly name: string; readonly label: string };

function readRows(text: string): { readonly by: NameColumn; readonly rows: readonly Row[] } {
  const lines = text.split(/\r\n|\n|\r/u);
  const head = lines[0] ?? '';
  const separator = [',', ';', '\t'].find((sign) => head.includes(sign)) ?? ',';
  const columns = splitLine(head, separator).map((name) => name.toLowerCase());
  const by = nameColumns.find((name) => columns.includes(name));
  const labelAt = columns.indexOf('label');
  if (by === undefined || labelAt < 0)
    throw new StationError('labels-without-columns', { found: columns.slice(0, 10).join(', ') });
  const nameAt = columns.indexOf(by);
  const rows = lines.flatMap((text_, i): Row[] => {
    if (i === 0 || text_.trim() === '') return [];
    const cells = splitLine(text_, separator);
    const [name = '', label = ''] = [cells[nameAt], cells[labelAt]];
    if (cells.length !== columns.length || name === '' || label === '')
      throw new StationError('labels-malformed-line', { line: i + 1 });
    return [{ line: i + 1, name, label }];
  });
  return { by, rows };
}

/** Ways in which a column may name an image. */
function namesOf(image: NamedImage, by: NameColumn): readonly (string | null)[] {
  const { sha256, originalName, sopInstanceUid, patient, patientKey } = image;
  const file = path.posix.basename(originalName.replaceAll('\\', '/'));
  switch (by) {
    case 'image':
      return [sha256, sopInstanceUid, file];
    case 'file':
      return [file];
    case 'sop_instance_uid':
      return [sopInstanceUid];
    case 'patient':
      // `id:<patient id>|<issuer>`: by the id alone, the whole key or the name that the worklist shows.
      return [patientKey, /^id:(?<id>[^|]*)\|/u.exec(patientKey)?.groups?.['id'] ?? null, patient];
    default:
      return by satisfies never;
  }
}

function indexNames(
  images: readonly NamedImage[],
  by: NameColumn,
): ReadonlyMap<string, readonly NamedImage[]> {
  const found = new Map<string, NamedImage[]>();
  for (const image of images)
    for (const name of new Set(namesOf(image, by))) {
      if (name === null || name === '') continue;
      const list = found.get(name);
      if (list === undefined) found.set(name, [image]);
      else list.push(image);
    }
  return found;
}

/**
 * Reads a CSV file of labels (UTF-8; comma, semicolon or tab; a header line) against the station's images; a
 * path counts by its last part. Throws StationError labels-wrong-encoding, -without-columns, -malformed-line,
 * -unknown-image, -ambiguous-image, -duplicate, -conflict, -one-class.
 */
export function readLabels(
  bytes: Uint8Array,
  images: readonly NamedImage[],
  skipUnknown: boolean,
): ReadLabels {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new StationError('labels-wrong-encoding');
  const { by, rows } = readRows(text);
  const named = indexNames(images, by);
  const labels = new Map<number, string>();
  const lineOf = new Map<number, number>();
  const unknown: number[] = [];
  for (const { line, name, label } of rows) {
    const short = by === 'patient' ? name : path.posix.basename(name.replaceAll('\\', '/'));
    const found = named.get(name) ?? named.get(short) ?? [];
    if (found.length === 0) unknown.push(line);
    const several =
      by === 'patient'
        ? new Set(found.map(({ patientKey }) => patientKey)).size > 1
        : found.length > 1;
    if (several) throw new StationError('labels-ambiguous-image', { line });
    for (const { imageId } of found) {
      const first = lineOf.get(imageId);
      if (first !== undefined) {
        const code = labels.get(imageId) === label ? 'labels-duplicate' : 'labels-conflict';
        throw new StationError(code, { first, line });
      }
      lineOf.set(imageId, line);
      labels.set(imageId, label);
    }
  }
  if (unknown.length > 0 && (!skipUnknown || labels.size === 0))
    throw new StationError('labels-unknown-image', {
      line: unknown[0] ?? 0,
      count: unknown.length,
    });
  const classes = new Set(labels.values());
  if (classes.size < 2)
    throw new StationError('labels-one-class', { class: [...classes][0] ?? '' });
  return { labels, skipped: unknown.length };
}
