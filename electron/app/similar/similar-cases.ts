import { findRecordingId } from '../../../shared/database/gaze.ts';
import { findImage, findStudyOfImage } from '../../../shared/database/images.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { listMined, listRuns } from '../../../shared/database/runs.ts';
import { describeReader, prepareSignatures } from '../../../shared/database/similar.ts';
import type { SnapshotImage } from '../../../shared/database/snapshot.ts';
import { percentileOf } from '../../../shared/gaze/similarity/explain-chance.ts';
import type { EncodedSignature } from '../../../shared/gaze/similarity/compared-cases.ts';
import {
  findMeasure,
  type StationMeasure,
} from '../../../shared/gaze/similarity/station-measures.ts';
import { kindOf } from '../../../shared/imaging/pair-rules.ts';
import type { SearchStage, SimilarCase, SimilarCases } from '../../../shared/ipc/case-answers.ts';
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

/** More candidates than these are narrowed down to so many before a measure with large signatures compares them. */
export const nearestCompared = 2000;

type Query = ParsedInput<'reading.similar'>;
type Asked = Query & { readonly image: SnapshotImage; readonly readerId: number };
type Found = { readonly readingId: number; readonly imageId: number; readonly relation: number };
type Searched = Pick<SimilarCases, 'candidates' | 'compared' | 'stage'> & {
  readonly found: readonly Found[];
};

/** Finds readings of other images that were looked at like one, over indexes that it keeps in memory. */
class SimilarSearch {
  readonly #database: WriteDatabase;
  readonly #library: Library;
  readonly #indexes = new Map<MeasureName, CaseIndex>();

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
    const none = {
      cases: [],
      candidates: 0,
      compared: 0,
      stage: 'all',
      chanceRunId: null,
    } as const;
    if (signature === undefined || typeof signature === 'string')
      return { ...answer, ...none, reason: signature ?? 'empty-map' };
    const asked = { ...query, image, readerId: reader.userId };
    const { found, ...counts } = await this.#compare(measure, asked, signature);
    const chance = this.#chanceOf(measure.name, kindOf(image));
    return {
      ...answer,
      ...counts,
      reason: null,
      chanceRunId: chance?.runId ?? null,
      cases: found.flatMap((each) => this.#toCase(each, chance?.counts ?? []) ?? []),
    };
  }

  async #indexOf(name: MeasureName): Promise<CaseIndex> {
    const index =
      this.#indexes.get(name) ??
      new CaseIndex(this.#database, findMeasure(name), demonstrationConfiguration.maxLostShare);
    this.#indexes.set(name, index);
    await index.refresh();
    return index;
  }

  /** Describes readings that the measure does not know yet; answers how many it still does not. */
  async #describe(measure: StationMeasure): Promise<number> {
    const index = await this.#indexOf(measure.name);
    const { usable, images } = this.#library;
    const missing = [...usable.values()].filter(({ readingId }) => !index.readings.has(readingId));
    if (missing.length === 0) return 0;
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
  #candidatesIn(index: CaseIndex, { image, readingId, readerId, sameReader }: Asked): number[] {
    const { kinds, patients, readers } = this.#library.factsOf(index);
    const [kind, patient] = [this.#library.kindOf(image), this.#library.patientOf(image)];
    const found: number[] = [];
    for (let i = 0; i < kinds.length; i += 1)
      if (
        kinds[i] === kind &&
        patients[i] !== patient &&
        index.readingIds[i] !== readingId &&
        (!sameReader || readers[i] === readerId)
      )
        found.push(i);
    return found;
  }

  async #compare(
    measure: StationMeasure,
    asked: Asked,
    signature: EncodedSignature,
  ): Promise<Searched> {
    const index = await this.#indexOf(measure.name);
    const all = this.#candidatesIn(index, asked);
    const counts = { candidates: all.length, compared: all.length };
    if (index.kept.kind === 'signatures') {
      const near = this.#nearestIn(index, asked, signature, all, asked.limit);
      return { ...counts, stage: 'all', found: toFound(index, near) };
    }
    if (all.length <= nearestCompared)
      return {
        ...counts,
        stage: 'all',
        ...this.#compareStored(measure, asked, signature, index, all),
      };
    const { near, stage, by } = await this.#narrow(asked);
    return {
      candidates: all.length,
      stage,
      ...this.#compareStored(measure, asked, signature, by, near),
    };
  }

  /** The cases nearest by heat map, or by hash where fewer maps are stored. */
  async #narrow(
    asked: Asked,
  ): Promise<{ readonly near: number[]; readonly stage: SearchStage; readonly by: CaseIndex }> {
    const maps = await this.#indexOf('heatmap-cosine');
    const hashes = await this.#indexOf('difference-hash');
    const [ofMaps, ofHashes] = [maps, hashes].map((index) => this.#candidatesIn(index, asked));
    const byMaps = (ofMaps?.length ?? 0) >= (ofHashes?.length ?? 0);
    const [by, candidates] = byMaps ? [maps, ofMaps ?? []] : [hashes, ofHashes ?? []];
    const signature = this.#signatureOf(by.measure, asked.readingId, asked.image) ?? 'empty-map';
    const near = this.#nearestIn(by, asked, signature, candidates, nearestCompared);
    return {
      near: near.map((each) => each.case),
      stage: byMaps ? 'nearest-by-heat-map' : 'nearest-by-hash',
      by,
    };
  }

  /** Those of the candidates that are most alike by what an index keeps in memory. */
  #nearestIn(
    index: CaseIndex,
    { readingId, imageId }: Asked,
    signature: EncodedSignature,
    candidates: readonly number[],
    count: number,
  ): readonly Near[] {
    const { kept } = index;
    const own = index.find(readingId, imageId) ?? index.addUnlisted(readingId, imageId, signature);
    const scores = new Float32Array(candidates.length);
    if (kept.kind === 'signatures') {
      const row = new Float32Array(index.size);
      kept.compared.compareRow(own, 0, index.size, row);
      for (const [place, number] of candidates.entries()) scores[place] = row[number] ?? Number.NaN;
    } else if (kept.kind === 'maps')
      for (const [place, number] of candidates.entries())
        scores[place] = kept.maps.cosine(own, number);
    return takeHighest(scores, candidates, count);
  }

  /** Compares cases of an index by signatures that are read from the database. */
  #compareStored(
    measure: StationMeasure,
    { limit }: Asked,
    signature: EncodedSignature,
    index: CaseIndex,
    cases: readonly number[],
  ): { readonly compared: number; readonly found: readonly Found[] } {
    const kind = { measure: measure.name, version: measure.version };
    const find = prepareSignatures(this.#database, kind);
    const opened = measure.open();
    opened.add(signature);
    const known: number[] = [];
    for (const number of cases) {
      const stored = find(index.readingIds[number] ?? 0, index.imageIds[number] ?? 0);
      if (stored === undefined || typeof stored === 'string') continue;
      opened.add(stored);
      known.push(number);
    }
    const row = new Float32Array(known.length);
    opened.compareRow(0, 1, opened.size, row);
    return { compared: known.length, found: toFound(index, takeHighest(row, known, limit)) };
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
