import type { ReadDatabase } from '../../../shared/database/open.ts';
import {
  listSnapshotImages,
  listUsableReadings,
  type SnapshotImage,
  type UsableReading,
} from '../../../shared/database/snapshot.ts';
import { countChanges, libraryStamp } from '../../../shared/database/similar.ts';
import { kindOf } from '../../../shared/imaging/pair-rules.ts';
import type { CaseIndex } from './case-index.ts';

const everything = { modality: null, includeSimulated: true } as const;

/** Kind, patient and reader of each case of an index as numbers; kind -1: the case is no candidate. */
export type CaseFacts = {
  readonly kinds: Int32Array;
  readonly patients: Int32Array;
  readonly readers: Int32Array;
};

/** Gives each text a number, the same text the same one. */
class Numbering {
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

/** Readings that may be used as mining would use them, and all images, read again when something changed. */
export class Library {
  readonly #database: ReadDatabase;
  readonly #kinds = new Numbering();
  readonly #patients = new Numbering();
  readonly #facts = new WeakMap<CaseIndex, { readonly key: string; readonly facts: CaseFacts }>();
  #changes = -1;
  #stamp = '';
  /** Grows whenever readings, images or consent have changed. */
  version = 0;
  usable: ReadonlyMap<number, UsableReading> = new Map();
  images: ReadonlyMap<number, SnapshotImage> = new Map();

  constructor(database: ReadDatabase) {
    this.#database = database;
  }

  refresh(): void {
    const changes = countChanges(this.#database);
    if (changes === this.#changes) return;
    this.#changes = changes;
    const stamp = libraryStamp(this.#database);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.version += 1;
    this.usable = new Map(
      listUsableReadings(this.#database, everything).map((each) => [each.readingId, each]),
    );
    this.images = new Map(
      listSnapshotImages(this.#database, everything).map((each) => [each.imageId, each]),
    );
  }

  kindOf(image: SnapshotImage): number {
    return this.#kinds.of(kindOf(image));
  }

  patientOf(image: SnapshotImage): number {
    return this.#patients.of(image.patientKey);
  }

  /** Facts of the cases of an index, made anew where either has changed. */
  factsOf(index: CaseIndex): CaseFacts {
    const key = `${this.version} ${index.version} ${index.size}`;
    const known = this.#facts.get(index);
    if (known?.key === key) return known.facts;
    const { size, readingIds, imageIds, compared } = index;
    const kinds = new Int32Array(size).fill(-1);
    const patients = new Int32Array(size);
    const readers = new Int32Array(size);
    for (let i = 0; i < size; i += 1) {
      const reading = this.usable.get(readingIds[i] ?? 0);
      const image = this.images.get(imageIds[i] ?? 0);
      if (reading === undefined || image === undefined || compared.reason(i) !== undefined)
        continue;
      kinds[i] = this.kindOf(image);
      patients[i] = this.patientOf(image);
      readers[i] = reading.readerId;
    }
    const facts = { kinds, patients, readers };
    this.#facts.set(index, { key, facts });
    return facts;
  }
}
