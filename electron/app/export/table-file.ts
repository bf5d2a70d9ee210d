import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { csvLine } from './csv.ts';
import type { Table } from './table.ts';

/** A file that has been written whole. */
export type WrittenFile = {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** Characters gathered before they go to the disk. */
const chunkLength = 256 * 1024;

/** A CSV file being written row by row, never held whole. */
export class TableFile<Row> {
  readonly #table: Table<Row>;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #text: string;
  #bytes = 0;
  #rows = 0;

  private constructor(table: Table<Row>, handle: FileHandle) {
    this.#table = table;
    this.#handle = handle;
    this.#text = csvLine(table.columns.map(({ name }) => name));
  }

  /** Creates the table's file in a folder, with its header. */
  static async create<Row>(folder: string, table: Table<Row>): Promise<TableFile<Row>> {
    return new TableFile(table, await open(path.join(folder, table.file), 'wx'));
  }

  get rows(): number {
    return this.#rows;
  }

  /** Adds a row; resolves once there is room for the next. */
  async add(row: Row): Promise<void> {
    this.#text += csvLine(this.#table.columns.map(({ value }) => value(row)));
    this.#rows += 1;
    if (this.#text.length >= chunkLength) await this.#flush();
  }

  /** Writes what is left, syncs and closes. */
  async finish(): Promise<WrittenFile> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    return { name: this.#table.file, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Closes without finishing, after a failure. */
  async abandon(): Promise<void> {
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#text, 'utf8');
    this.#text = '';
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#handle.writeFile(bytes);
  }
}
