import type { ExportReading } from '../../../shared/database/exports.ts';
import type { ExportResult } from '../../../shared/ipc/answers.ts';
import type { ParsedInput } from '../../../shared/ipc/contract.ts';
import type { Table } from './table.ts';

/** Version of the files' layout; raise it with every change of a column. */
export const schemaVersion = 2;

/** What was left out of the files to protect people. */
export const deIdentificationProfile =
  'No patient names, numbers, dates, UIDs, file names, notes or pixels. Studies, images and patients have numbers of this station; readers have pseudonyms. Who holds the station’s database can lead them back to people.';

/** Facts about one export. */
export type ExportFacts = {
  readonly createdAtMs: number;
  readonly appVersion: string;
  readonly selection: ParsedInput<'export.readings'>;
  readonly readings: readonly ExportReading[];
  readonly leftOut: ExportResult['leftOut'];
  /** Samples whose time is earlier than that of the sample before them. */
  readonly samplesOutOfOrder: number;
};

/** A table of the export and how many rows it has. */
export type CountedTable = { readonly table: Table<never>; readonly rows: number };

function countBy<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

const generator = (version: string) => ({ name: 'Fovea', version }) as const;

/** The content of dataset.json: what the files hold, column by column, and how to read them. */
export function describeDataset(facts: ExportFacts, tables: readonly CountedTable[]): object {
  const { readings, leftOut, selection } = facts;
  return {
    schemaVersion,
    title: 'Readings and gaze exported from Fovea',
    generator: generator(facts.appVersion),
    createdAt: new Date(facts.createdAtMs).toISOString(),
    use: 'Research use only. Not for diagnosis, not for judging readers.',
    containsSimulated: readings.some((r) => r.simulated === 1 || r.readerSimulated === 1),
    gazeSources: countBy(readings, ({ source }) => source ?? 'none'),
    deIdentification: deIdentificationProfile,
    selection,
    conventions: {
      text: 'UTF-8, RFC 4180, header, CRLF; an empty cell is a missing value. A text cell that would begin with = + - @ tab, carriage return or apostrophe has one apostrophe more in front: take it off.',
      screen:
        'DIP: device-independent pixels of the whole desktop, origin at the top left of the primary display, y down.',
      image:
        'Pixels of the stored image, x the column and y the row; pixel centres at integers, so a picture of N columns spans -0.5 to N - 0.5.',
      time: 'Microseconds of a monotonic clock from the start of each recording; clocks of different recordings are not related.',
      mapping:
        'A sample belongs to the last state of each pane with t_us at or before its own; u = (x_dip - content_x_dip) / zoom_factor - x_css, v likewise; the pane with 0 <= u < width_css and 0 <= v < height_css; then the affine map.',
      simulated:
        'Rows with simulated = 1 are not the gaze of a person: made by a program, by a mouse pointer, or a replay.',
    },
    counts: {
      readings: readings.length,
      samplesOutOfOrder: facts.samplesOutOfOrder,
      leftOut: countBy(leftOut, ({ reason }) => reason),
    },
    leftOut,
    files: tables.map(({ table, rows }) => ({
      name: table.file,
      description: table.description,
      rows,
      columns: table.columns.map(({ name, type, unit, description }) => ({
        name,
        type,
        unit,
        description,
      })),
    })),
  };
}

/** The content of manifest.json: what was written, from what and under which consents. */
export function describeManifest(facts: ExportFacts, files: ExportResult['files']): object {
  const consents = facts.readings
    .map(({ consentId }) => consentId)
    .filter((consentId) => consentId !== null);
  return {
    schemaVersion,
    generator: generator(facts.appVersion),
    createdAt: new Date(facts.createdAtMs).toISOString(),
    deIdentification: deIdentificationProfile,
    consentIds: [...new Set(consents)].toSorted((a, b) => a - b),
    selection: facts.selection,
    files,
  };
}
