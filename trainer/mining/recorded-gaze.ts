import { describeReading } from '../../shared/database/canonical-gaze.ts';
import { openDatabaseReadOnly, type ReadDatabase } from '../../shared/database/open.ts';
import type { SnapshotImage, UsableReading } from '../../shared/database/snapshot.ts';
import type { CanonicalGaze } from '../../shared/gaze/canonical.ts';
import type { MiningCase } from './mining-cases.ts';

/** Readings whose gaze stays in memory. */
const mostReadings = 64;

/** Gaze of readings, read from the database when it is asked for; `close` it. */
export class RecordedGaze {
  readonly #databasePath: string;
  readonly #readings: ReadonlyMap<number, UsableReading>;
  readonly #images: ReadonlyMap<number, SnapshotImage>;
  readonly #known = new Map<number, ReadonlyMap<number, CanonicalGaze>>();
  #database: ReadDatabase | undefined;

  constructor(
    databasePath: string,
    readings: readonly UsableReading[],
    images: ReadonlyMap<number, SnapshotImage>,
  ) {
    this.#databasePath = databasePath;
    this.#readings = new Map(readings.map((reading) => [reading.readingId, reading]));
    this.#images = images;
  }

  /** Gaze of a case; undefined where the reading is gone or was withdrawn. */
  find({ readingId, imageId }: MiningCase): CanonicalGaze | undefined {
    const known = this.#known.get(readingId);
    if (known !== undefined) return known.get(imageId);
    const reading = this.#readings.get(readingId);
    if (reading === undefined) return undefined;
    this.#database ??= openDatabaseReadOnly(this.#databasePath);
    const { cases } = describeReading(this.#database, reading, this.#images);
    const found = new Map(cases.map((each) => [each.imageId, each.gaze]));
    const oldest = this.#known.keys().next().value;
    if (this.#known.size >= mostReadings && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(readingId, found);
    return found.get(imageId);
  }

  close(): void {
    this.#database?.close();
  }
}
