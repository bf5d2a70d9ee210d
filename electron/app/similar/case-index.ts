import { setImmediate } from 'node:timers/promises';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { listDescribed, type StoredSignature } from '../../../shared/database/signatures.ts';
import { countChanges, pageSignatures, signatureStamp } from '../../../shared/database/similar.ts';
import type {
  ComparedCases,
  EncodedSignature,
} from '../../../shared/gaze/similarity/compared-cases.ts';
import type { StationMeasure } from '../../../shared/gaze/similarity/station-measures.ts';
import { SmallMaps } from './small-maps.ts';

/** Cases of one measure in memory at most: with 300 bytes a case about 300 MB. Later readings are not searched. */
export const mostCases = 1_000_000;

/** Milliseconds of loading after which the rest of the process has a turn. */
const turnMs = 15;

/**
 * What of the signatures stays in memory: all of a measure with small ones (hash, moments), heat maps reduced
 * to 16 x 16, or only which cases there are.
 */
export type Kept =
  | { readonly kind: 'signatures'; compared: ComparedCases }
  | { readonly kind: 'maps'; maps: SmallMaps }
  | { readonly kind: 'names' };

const rowsAPage = { signatures: 1000, maps: 50, names: 200 } as const;

/** Which readings' images have a signature by one measure, filled from the database and kept up to date. */
export class CaseIndex {
  readonly measure: StationMeasure;
  readonly #database: ReadDatabase;
  readonly #maxLostShare: number;
  kept: Kept;
  readingIds: number[] = [];
  imageIds: number[] = [];
  /** False: the measure cannot compare the case. */
  comparable: boolean[] = [];
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
    this.kept = this.#empty();
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
    for (const readingId of described.keys())
      if (this.size < mostCases) this.readings.add(readingId);
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

  #empty(): Kept {
    switch (this.measure.name) {
      case 'difference-hash':
      case 'hu-moments':
        return { kind: 'signatures', compared: this.measure.open() };
      case 'heatmap-cosine':
        return { kind: 'maps', maps: new SmallMaps() };
      default:
        return { kind: 'names' };
    }
  }

  #clear(): void {
    this.kept = this.#empty();
    this.readingIds = [];
    this.imageIds = [];
    this.comparable = [];
    this.readings = new Set();
    this.#numbers = new Map();
    this.#unlisted = new Map();
  }

  async #load(
    from: { readonly readingId: number; readonly imageId: number },
    described: ReadonlyMap<number, number>,
    lastReading: number,
  ): Promise<void> {
    const limit = rowsAPage[this.kept.kind];
    let after = from;
    let startedMs = performance.now();
    for (;;) {
      const page = pageSignatures(this.#database, this.#kind, after, limit);
      for (const stored of page) {
        if (stored.readingId > lastReading || this.size >= mostCases) return;
        const lostShare = described.get(stored.readingId) ?? Number.NaN;
        if (!(lostShare > this.#maxLostShare)) this.#add(stored);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < limit) return;
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
    this.comparable.push(typeof signature !== 'string');
    if (readingId !== 0) this.#numbers.set(`${readingId} ${imageId}`, number);
    if (this.kept.kind === 'signatures') this.kept.compared.add(signature);
    else if (this.kept.kind === 'maps')
      this.kept.maps.add(typeof signature === 'string' ? undefined : signature);
    return number;
  }
}
