import { describeReading } from '../../shared/database/canonical-gaze.ts';
import type { ReadDatabase } from '../../shared/database/open.ts';
import {
  iterateSignatures,
  listDescribed,
  type SignedReading,
} from '../../shared/database/signatures.ts';
import {
  listSnapshotImages,
  type SnapshotImage,
  type UsableReading,
} from '../../shared/database/snapshot.ts';
import { nameFrames, noLandmarks } from '../../shared/gaze/landmarks.ts';
import { findMeasure, type StationMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import type { TrainerReport } from '../../shared/trainer-protocol.ts';
import type { MeasureName } from '../../shared/training/run-configuration.ts';
import type { MiningCase } from './mining-cases.ts';

/** At most so many readings' signatures in one report. */
const perReport = 100;

export type CollectOptions = {
  readonly database: ReadDatabase;
  readonly readings: readonly UsableReading[];
  readonly measures: readonly MeasureName[];
  /** Tells main signatures that were made anew. */
  readonly report: (report: Extract<TrainerReport, { readonly kind: 'signatures' }>) => void;
  /** Called after each reading with how many are done. */
  readonly onReading: (done: number) => Promise<void>;
};

export type CollectedCases = {
  /** By measure, in the order of readings and images: every case of the readings, on whatever image. */
  readonly cases: ReadonlyMap<MeasureName, readonly MiningCase[]>;
  /** Share of lost samples by reading; NaN without samples. */
  readonly lostShares: ReadonlyMap<number, number>;
};

const kindOf = ({ name, version }: StationMeasure) => ({ measure: name, version });

/** Signatures that were made in this run, by measure and reading, told to main as they come. */
class FreshSignatures {
  readonly #made = new Map<MeasureName, Map<number, SignedReading>>();
  readonly #untold = new Map<MeasureName, SignedReading[]>();
  readonly #report: CollectOptions['report'];

  constructor(report: CollectOptions['report']) {
    this.#report = report;
  }

  of(measure: MeasureName): ReadonlyMap<number, SignedReading> {
    return this.#made.get(measure) ?? new Map<number, SignedReading>();
  }

  add(measure: StationMeasure, reading: SignedReading): void {
    const made = this.#made.get(measure.name) ?? new Map<number, SignedReading>();
    this.#made.set(measure.name, made.set(reading.readingId, reading));
    const untold = this.#untold.get(measure.name) ?? [];
    untold.push(reading);
    this.#untold.set(measure.name, untold);
    if (untold.length >= perReport) this.tell(measure);
  }

  tell(measure: StationMeasure): void {
    const readings = this.#untold.get(measure.name) ?? [];
    this.#untold.delete(measure.name);
    if (readings.length === 0) return;
    this.#report({
      kind: 'signatures',
      ...kindOf(measure),
      measure: measure.name,
      readings: readings.map(({ readingId, lostShare, signatures, frames = '' }) => ({
        readingId,
        frames,
        lostShare: Number.isNaN(lostShare) ? null : lostShare,
        signatures: signatures.map(({ imageId, signature }) =>
          typeof signature === 'string'
            ? { imageId, reason: signature }
            : { imageId, bytes: Buffer.from(signature).toString('base64') },
        ),
      })),
    });
  }
}

/**
 * The cases of readings by each measure: from the signatures that are stored, and for readings that have none
 * by this version of a measure from their gaze, which is read once for all measures.
 */
export async function collectCases(options: CollectOptions): Promise<CollectedCases> {
  const { database, readings, report, onReading } = options;
  const measures = options.measures.map(findMeasure);
  const described = new Map(
    measures.map((measure) => [measure.name, listDescribed(database, kindOf(measure))]),
  );
  // What is stored of a reading must hold for every later run, whichever images that one takes.
  const everything = { modality: null, includeSimulated: true };
  let images: ReadonlyMap<number, SnapshotImage> | undefined;
  const fresh = new FreshSignatures(report);
  const lostShares = new Map<number, number>();
  for (const [done, reading] of readings.entries()) {
    const { readingId } = reading;
    const missing = measures.filter(({ name }) => described.get(name)?.has(readingId) !== true);
    const known = measures[0] === undefined ? undefined : described.get(measures[0].name);
    lostShares.set(readingId, known?.get(readingId) ?? Number.NaN);
    if (missing.length > 0) {
      images ??= new Map(
        listSnapshotImages(database, everything).map((image) => [image.imageId, image]),
      );
      const { lostShare, cases } = describeReading(database, reading, images);
      lostShares.set(readingId, lostShare);
      const frames = nameFrames(
        new Map(
          cases.map(({ imageId }) => [imageId, images?.get(imageId)?.landmarks ?? noLandmarks]),
        ),
      );
      for (const measure of missing)
        fresh.add(measure, {
          readingId,
          lostShare,
          frames,
          signatures: cases.map(({ imageId, gaze }) => ({
            imageId,
            signature: measure.describe(gaze),
          })),
        });
    }
    await onReading(done + 1);
  }
  const readerOf = new Map(readings.map(({ readingId, readerId }) => [readingId, readerId]));
  const cases = new Map<MeasureName, MiningCase[]>();
  for (const measure of measures) {
    fresh.tell(measure);
    const list: MiningCase[] = [];
    const made = fresh.of(measure.name);
    const add = (readingId: number, signature: SignedReading['signatures'][number]): void => {
      const readerId = readerOf.get(readingId);
      if (readerId !== undefined) list.push({ readingId, readerId, ...signature });
    };
    for (const { readingId, ...signature } of iterateSignatures(database, kindOf(measure)))
      if (!made.has(readingId)) add(readingId, signature);
    for (const { readingId, signatures } of made.values())
      for (const signature of signatures) add(readingId, signature);
    cases.set(
      measure.name,
      list.toSorted((a, b) => a.readingId - b.readingId || a.imageId - b.imageId),
    );
  }
  return { cases, lostShares };
}
