import { setImmediate } from 'node:timers/promises';
import { findRecordingId } from '../../../shared/database/gaze.ts';
import { findImage, findStudyOfImage } from '../../../shared/database/images.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { listMined, listRuns } from '../../../shared/database/runs.ts';
import { describeReader, prepareSignatures } from '../../../shared/database/similar.ts';
import type { SnapshotImage, UsableReading } from '../../../shared/database/snapshot.ts';
import { percentileOf } from '../../../shared/gaze/similarity/explain-chance.ts';
import type { EncodedSignature } from '../../../shared/gaze/similarity/compared-cases.ts';
import {
  findMeasure,
  type StationMeasure,
} from '../../../shared/gaze/similarity/station-measures.ts';
import { kindOf } from '../../../shared/imaging/pair-rules.ts';
import type { SimilarCase, SimilarCases } from '../../../shared/ipc/case-answers.ts';
import type { ParsedInput } from '../../../shared/ipc/contract.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';
import {
  demonstrationConfiguration,
  type MeasureName,
  runConfiguration,
} from '../../../shared/training/run-configuration.ts';
import { CaseIndex } from './case-index.ts';
import { describeMissing, describeOne } from './describe-missing.ts';
import { Library } from './library.ts';
import { type Near, takeHighest } from './nearest.ts';

/** Indexes that stay in memory, those last asked for. */
const mostIndexes = 2;
/** Cases that are compared before the rest of the process may have a turn, and milliseconds until it has one. */
const stretch = 4096;
const turnMs = 15;

type Query = ParsedInput<'reading.similar'>;
type Asked = Query & { readonly image: SnapshotImage; readonly readerId: number };
type Found = { readonly readingId: number; readonly imageId: number; readonly relation: number };
type Searched = Pick<SimilarCases, 'candidates'> & {
  readonly found: readonly Found[];
};

/** Finds readings of other images that were looked at like one, over indexes that it keeps in memory. */
class SimilarSearch {
  readonly #database: WriteDatabase;
  readonly #library: Library;
  readonly #indexes = new Map<MeasureName, CaseIndex>();
  /** Indexes that held every reading, with what they and the library were then. */
  readonly #complete = new WeakMap<CaseIndex, string>();

  constructor(database: WriteDatabase) {
    this.#database = database;
    this.#library = new Library(database);
  }

  /** Throws StationError not-found, forbidden. */
  async search(query: Query, userId: number): Promise<SimilarCases> {
    const library = this.#library;
    library.refresh();
    const image = library.images.get(query.imageId);
    const reader = describeReader(this.#database, query.readingId);
    if (image === undefined) throw new StationError('not-found', { what: 'image' });
    if (reader === undefined) throw new StationError('not-found', { what: 'reading' });
    if (!library.usable.has(query.readingId) && reader.userId !== userId)
      throw new StationError('forbidden', { what: 'reading' });
    const measure = findMeasure(query.measure);
    const notYetDescribed = await this.#describe(measure);
    library.refresh();
    const signature = this.#signatureOf(measure, query.readingId, image);
    const answer = { measure: measure.name, notYetDescribed };
    const none = { cases: [], candidates: 0, chanceRunId: null } as const;
    if (signature === undefined || typeof signature === 'string')
      return { ...answer, ...none, reason: signature ?? 'empty-map' };
    const asked = { ...query, image, readerId: reader.userId };
    const { found, candidates } = await this.#compare(measure, asked, signature);
    const chance = this.#chanceOf(measure.name, kindOf(image));
    return {
      ...answer,
      candidates,
      reason: null,
      chanceRunId: chance?.runId ?? null,
      cases: found.flatMap((each) => this.#toCase(each, chance?.counts ?? []) ?? []),
    };
  }

  async #indexOf(name: MeasureName): Promise<CaseIndex> {
    const index =
      this.#indexes.get(name) ??
      new CaseIndex(this.#database, findMeasure(name), demonstrationConfiguration.maxLostShare);
    this.#indexes.delete(name);
    this.#indexes.set(name, index);
    const oldest = this.#indexes.keys().next().value;
    if (this.#indexes.size > mostIndexes && oldest !== undefined) this.#indexes.delete(oldest);
    await index.refresh();
    return index;
  }

  /** Describes readings that the measure does not know yet; answers how many it still does not. */
  async #describe(measure: StationMeasure): Promise<number> {
    const index = await this.#indexOf(measure.name);
    const { usable, images } = this.#library;
    const missing: UsableReading[] = [];
    // Nothing was missing, and neither list has changed since: nothing is.
    const state = `${this.#library.version} ${index.version}`;
    if (this.#complete.get(index) === state) return 0;
    for (const reading of usable.values())
      if (!index.readings.has(reading.readingId)) missing.push(reading);
    if (missing.length === 0) {
      this.#complete.set(index, state);
      return 0;
    }
    const left = await describeMissing(this.#database, measure, missing, images);
    await index.refresh();
    return left;
  }

  #signatureOf(
    measure: StationMeasure,
    readingId: number,
    image: SnapshotImage,
  ): EncodedSignature | undefined {
    const kind = { measure: measure.name, version: measure.version };
    const stored = prepareSignatures(this.#database, kind)(readingId, image.imageId);
    const recordingId = findRecordingId(this.#database, readingId);
    if (stored !== undefined || recordingId === undefined) return stored;
    return describeOne(this.#database, measure, { readingId, recordingId }, image);
  }

  /** Cases that may pair with the asked one. */
  #candidatesIn(index: CaseIndex, { image, readingId, readerId, sameReader }: Asked): Int32Array {
    const { kinds, patients, readers } = this.#library.factsOf(index);
    const [kind, patient] = [this.#library.kindOf(image), this.#library.patientOf(image)];
    const found = new Int32Array(kinds.length);
    let count = 0;
    for (let i = 0; i < kinds.length; i += 1)
      if (
        kinds[i] === kind &&
        patients[i] !== patient &&
        index.readingIds[i] !== readingId &&
        (!sameReader || readers[i] === readerId)
      )
        found[count++] = i;
    return found.subarray(0, count);
  }

  /** The candidates that are most alike. */
  async #compare(
    measure: StationMeasure,
    asked: Asked,
    signature: EncodedSignature,
  ): Promise<Searched> {
    const index = await this.#indexOf(measure.name);
    const candidates = this.#candidatesIn(index, asked);
    const { readingId, imageId, limit } = asked;
    const own = index.find(readingId, imageId) ?? index.addUnlisted(readingId, imageId, signature);
    const row = new Float32Array(index.size);
    let startedMs = performance.now();
    for (let from = 0; from < row.length; from += stretch) {
      const to = Math.min(row.length, from + stretch);
      index.compared.compareRow(own, from, to, row.subarray(from, to));
      if (performance.now() - startedMs < turnMs) continue;
      await setImmediate();
      startedMs = performance.now();
    }
    const scores = new Float32Array(candidates.length);
    for (let place = 0; place < scores.length; place += 1)
      scores[place] = row[candidates[place] ?? 0] ?? Number.NaN;
    return {
      candidates: candidates.length,
      found: toFound(index, takeHighest(scores, candidates, limit)),
    };
  }

  /** Counts of chance pairs of the newest finished run that has them for this kind of image. */
  #chanceOf(
    measure: MeasureName,
    kind: string,
  ): { readonly runId: number; readonly counts: readonly number[] } | undefined {
    for (const run of listRuns(this.#database)) {
      if (run.state !== 'done') continue;
      // Across readers a run standardises its relations: they are not those that are shown here.
      const { readerPolicy } = runConfiguration.parse(JSON.parse(run.configuration));
      if (readerPolicy !== 'within') continue;
      const group = listMined(this.#database, run.id)
        .find((each) => each.measure === measure)
        ?.groups.find((each) => each.group === kind);
      if (group !== undefined && group.chancePairs > 0)
        return { runId: run.id, counts: group.chanceCounts };
    }
    return undefined;
  }

  #toCase(
    { readingId, imageId, relation }: Found,
    chance: readonly number[],
  ): SimilarCase | undefined {
    const image = findImage(this.#database, imageId);
    const study = findStudyOfImage(this.#database, imageId);
    const reader = describeReader(this.#database, readingId);
    if (image === undefined || study === undefined || reader === undefined) return undefined;
    const { userId: _, simulated, ...said } = reader;
    return {
      readingId,
      image,
      ...study,
      ...said,
      simulated: simulated || image.simulated,
      relation,
      percentile: percentileOf(chance, relation) ?? null,
    };
  }
}

const toFound = (index: CaseIndex, near: readonly Near[]): readonly Found[] =>
  near.map(({ case: number, relation }) => ({
    readingId: index.readingIds[number] ?? 0,
    imageId: index.imageIds[number] ?? 0,
    relation,
  }));

/** Answers `reading.similar`, one request after the other. */
export function createSimilarCases(
  database: WriteDatabase,
  userId: () => number,
): SomeHandlers<'reading.similar'> {
  const search = new SimilarSearch(database);
  let last: Promise<unknown> = Promise.resolve();
  return {
    'reading.similar': (query) => {
      const answer = last.then(() => search.search(query, userId()));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}
