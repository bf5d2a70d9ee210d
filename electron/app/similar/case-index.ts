import { setImmediate } from 'node:timers/promises';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { listDescribed, type StoredSignature } from '../../../shared/database/signatures.ts';
import { countChanges, pageSignatures, signatureStamp } from '../../../shared/database/similar.ts';
import type {
  ComparedCases,
  EncodedSignature,
} from '../../../shared/gaze/similarity/compared-cases.ts';
import type { StationMeasure } from '../../../shared/gaze/similarity/station-measures.ts';

/**
 * Bytes that the cases of one measure take at most: 400,000 scanpaths of some 15 saccades, or 120,000 heat maps.
 * Later readings are not searched.
 */
export const mostBytes = 512 * 1024 * 1024;
/** What a case takes beside its signature. */
const bytesBeside = 150;

/** Milliseconds of loading after which the rest of the process has a turn. */
const turnMs = 15;

const rowsAPage = 500;

/** Which readings' images have a signature by one measure, filled from the database and kept up to date. */
export class CaseIndex {
  readonly measure: StationMeasure;
  readonly #database: ReadDatabase;
  readonly #maxLostShare: number;
  compared: ComparedCases;
  #bytes = 0;
  readingIds: number[] = [];
  imageIds: number[] = [];
  /** Readings of which every case is here, also those without one. */
  readings = new Set<number>();
  #numbers = new Map<string, number>();
  #unlisted = new Map<string, number>();
  #stamp: ReturnType<typeof signatureStamp> | undefined;
  #changes = -1;
  /** Grows whenever cases were added or the list began anew. */
  version = 0;

  constructor(database: ReadDatabase, measure: StationMeasure, maxLostShare: number) {
    this.#database = database;
    this.#maxLostShare = maxLostShare;
    this.measure = measure;
    this.compared = measure.open();
  }

  get #isFull(): boolean {
    return this.#bytes >= mostBytes;
  }

  get size(): number {
    return this.readingIds.length;
  }

  /** Number of a case, or undefined. */
  find(readingId: number, imageId: number): number | undefined {
    return this.#numbers.get(`${readingId} ${imageId}`);
  }

  /** Takes in what was stored since; begins anew where something was forgotten. */
  async refresh(): Promise<void> {
    // Main alone writes, through this connection: without a write nothing has to be counted.
    const changes = countChanges(this.#database);
    if (changes === this.#changes) return;
    const stamp = signatureStamp(this.#database, this.#kind);
    this.#changes = changes;
    const before = this.#stamp;
    if (before?.described === stamp.described && before.forgotten === stamp.forgotten) return;
    const described = listDescribed(this.#database, this.#kind);
    if (before?.forgotten !== stamp.forgotten) {
      this.#clear();
      await this.#load({ readingId: 0, imageId: 0 }, described, Infinity);
    } else {
      // Readings are numbered in the order in which they were begun; older ones may be described later.
      for (const readingId of described.keys())
        if (!this.readings.has(readingId))
          await this.#load({ readingId, imageId: 0 }, described, readingId);
    }
    for (const readingId of described.keys()) if (!this.#isFull) this.readings.add(readingId);
    this.#stamp = stamp;
    this.version += 1;
  }

  /** Number of a case that is not stored: it is compared with the others, but nobody finds it. */
  addUnlisted(readingId: number, imageId: number, signature: EncodedSignature): number {
    const key = `${readingId} ${imageId}`;
    const number = this.#unlisted.get(key) ?? this.#add({ readingId: 0, imageId: 0, signature });
    this.#unlisted.set(key, number);
    return number;
  }

  get #kind(): { readonly measure: string; readonly version: string } {
    return { measure: this.measure.name, version: this.measure.version };
  }

  #clear(): void {
    this.compared = this.measure.open();
    this.#bytes = 0;
    this.readingIds = [];
    this.imageIds = [];
    this.readings = new Set();
    this.#numbers = new Map();
    this.#unlisted = new Map();
  }

  async #load(
    from: { readonly readingId: number; readonly imageId: number },
    described: ReadonlyMap<number, number>,
    lastReading: number,
  ): Promise<void> {
    let after = from;
    let startedMs = performance.now();
    for (;;) {
      const page = pageSignatures(this.#database, this.#kind, after, rowsAPage);
      for (const stored of page) {
        if (stored.readingId > lastReading || this.#isFull) return;
        const lostShare = described.get(stored.readingId) ?? Number.NaN;
        if (!(lostShare > this.#maxLostShare)) this.#add(stored);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < rowsAPage) return;
      after = last;
      if (performance.now() - startedMs > turnMs) {
        await setImmediate();
        startedMs = performance.now();
      }
    }
  }

  #add({ readingId, imageId, signature }: StoredSignature): number {
    const number = this.readingIds.push(readingId) - 1;
    this.imageIds.push(imageId);
    if (readingId !== 0) this.#numbers.set(`${readingId} ${imageId}`, number);
    this.compared.add(signature);
    this.#bytes += bytesBeside + (typeof signature === 'string' ? 0 : signature.length);
    return number;
  }
}
