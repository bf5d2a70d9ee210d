import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../write-file.ts';

const header = z.object({
  format: z.literal(1),
  /** Name of the file with the numbers. */
  file: z.string().regex(/^[\w.-]+$/u),
  /** One for each complete row: which case it is, and which signature it had. */
  keys: z.array(z.string()),
});
type Header = z.infer<typeof header>;

/** Bytes of the rows before `row`: row r holds r numbers in single precision. */
const offsetOf = (row: number): number => ((row * (row - 1)) / 2) * Float32Array.BYTES_PER_ELEMENT;

function readHeader(file: string): Header | undefined {
  try {
    return header.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Removes files whose names begin with `stem` but not with `current`: no run can use them any more. What cannot
 * be removed stays.
 */
export function removeOthers(folder: string, stem: string, current: string): void {
  try {
    for (const file of readdirSync(folder))
      if (file.startsWith(stem) && !file.startsWith(current))
        rmSync(path.join(folder, file), { force: true });
  } catch {
    // The folder is not there yet, or is not ours to change: whoever writes to it says so.
  }
}

/** Rows of relations that an earlier run has left behind; row r has those of case r with cases 0 .. r - 1. */
export class RelationFile {
  readonly keys: readonly string[];
  readonly #descriptor: number | undefined;

  /** Opens what is there; empty where there is nothing, or nothing that can be trusted. */
  constructor(folder: string, name: string) {
    const known = readHeader(path.join(folder, `${name}.json`));
    const data = known === undefined ? '' : path.join(folder, known.file);
    const whole =
      known !== undefined && existsSync(data) && statSync(data).size >= offsetOf(known.keys.length);
    this.keys = whole ? known.keys : [];
    this.#descriptor = whole ? openSync(data, 'r') : undefined;
  }

  /** Row r, from the beginning of `out`. */
  readRow(row: number, out: Float32Array): void {
    if (this.#descriptor === undefined || row >= this.keys.length)
      throw new Error(`Row ${row} is not stored.`);
    const bytes = new Uint8Array(out.buffer, out.byteOffset, row * out.BYTES_PER_ELEMENT);
    let done = 0;
    while (done < bytes.length) {
      const got = readSync(
        this.#descriptor,
        bytes,
        done,
        bytes.length - done,
        offsetOf(row) + done,
      );
      if (got === 0) throw new Error(`Row ${row} ends too early.`);
      done += got;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}

/**
 * Writes rows of relations in their order. What was complete at the last `checkpoint` outlives a crash: the
 * numbers are flushed first, then the header that names them takes the place of the one before.
 */
export class RelationWriter {
  readonly #folder: string;
  readonly #name: string;
  readonly #file: string;
  readonly #descriptor: number;
  readonly #keys: string[];

  /**
   * Goes on behind the first `kept.length` rows of what `name` holds where `append`, otherwise begins a new
   * file, which takes the old one's place at the first checkpoint.
   */
  constructor(folder: string, name: string, append: readonly string[] | undefined) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#name = name;
    const known = append === undefined ? undefined : readHeader(path.join(folder, `${name}.json`));
    this.#file = known?.file ?? `${name}.${randomUUID()}.f32`;
    this.#keys = known === undefined ? [] : [...(append ?? [])];
    this.#descriptor = openSync(path.join(folder, this.#file), known === undefined ? 'w' : 'r+');
    ftruncateSync(this.#descriptor, offsetOf(this.#keys.length));
  }

  /** Rows written so far, with those that were there. */
  get rowCount(): number {
    return this.#keys.length;
  }

  /** Adds the next row. */
  append(key: string, relations: Float32Array): void {
    const row = this.#keys.length;
    const bytes = new Uint8Array(relations.buffer, relations.byteOffset, row * 4);
    let done = 0;
    while (done < bytes.length)
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, offsetOf(row) + done);
    this.#keys.push(key);
  }

  /** Makes the rows so far outlive this process. */
  async checkpoint(): Promise<void> {
    fsyncSync(this.#descriptor);
    const content: Header = { format: 1, file: this.#file, keys: this.#keys };
    await writeWhole(path.join(this.#folder, `${this.#name}.json`), JSON.stringify(content));
  }

  /** Ends writing. Files that no header of this name points to any more go. */
  close(): void {
    closeSync(this.#descriptor);
    const named = readHeader(path.join(this.#folder, `${this.#name}.json`))?.file;
    for (const file of readdirSync(this.#folder))
      if (file.startsWith(`${this.#name}.`) && file.endsWith('.f32') && file !== named)
        rmSync(path.join(this.#folder, file), { force: true });
  }
}
