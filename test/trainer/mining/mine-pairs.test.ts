import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import {
  listSnapshotImages,
  listUsableReadings,
  type SnapshotImage,
  type UsableReading,
} from '../../../shared/database/snapshot.ts';
import { pairKey } from '../../../shared/database/verdicts.ts';
import { findMeasure } from '../../../shared/gaze/similarity/station-measures.ts';
import { measureNames } from '../../../shared/training/run-configuration.ts';
import { chanceDefaults } from '../../../trainer/mining/chance-pairs.ts';
import { describeReading, type GazeCase } from '../../../shared/database/canonical-gaze.ts';
import { compareImages, minePairs } from '../../../trainer/mining/mine-pairs.ts';
import {
  openSmallStation,
  storeAlikeReadings,
  storeReading,
  walk,
} from '../../fixtures/small-station.ts';

const everything = { modality: null, includeSimulated: true };
const letIn = (): Promise<void> => Promise.resolve();

/** Cases opened by a measure, with the numbers of an image's cases. */
function openCases(measure: (typeof measureNames)[number], cases: readonly GazeCase[]) {
  const compared = findMeasure(measure).open();
  for (const { gaze } of cases) compared.add(findMeasure(measure).describe(gaze));
  const of = (imageId: number): number[] =>
    cases.flatMap((each, i) => (each.imageId === imageId ? [i] : []));
  return { compared, of };
}

/** Cases of a reading of which nothing is lost. */
function describe(
  database: ReadDatabase,
  reading: UsableReading,
  images: ReadonlyMap<number, SnapshotImage>,
): readonly GazeCase[] {
  return describeReading(database, reading, images).cases;
}

const checks = { nowMs: () => 0, onCheck: letIn };

test('mining gives what comparing every pair by hand gives, by every measure', async (t) => {
  const station = await openSmallStation({ images: 8 });
  t.after(() => station.close());
  storeAlikeReadings(station);
  const { database, imageIds, users } = station;
  // A second reading of one image: its relation is the mean over readings.
  storeReading(database, {
    imageId: 1,
    studyId: 1,
    userId: users.simulated,
    source: 'simulated',
    places: walk(999),
  });
  const images = new Map(
    listSnapshotImages(database, everything).map((image) => [image.imageId, image]),
  );
  const cases = listUsableReadings(database, everything).flatMap((reading) =>
    describe(database, reading, images),
  );
  assert.equal(cases.length, 9);
  const chance = { ...chanceDefaults, surrogates: 20 };
  for (const measure of measureNames) {
    const threshold = 0.5;
    const { compared, of } = openCases(measure, cases);
    const expected = imageIds.flatMap((a) =>
      imageIds
        .filter((b) => b > a)
        .flatMap((b) => {
          const found = compareImages(compared, of(a), of(b));
          return found !== undefined && found.relation > threshold
            ? [
                {
                  imageA: a,
                  imageB: b,
                  relation: found.relation,
                  similarity: found.similarity,
                  readingPairs: found.readingPairs,
                },
              ]
            : [];
        }),
    );
    const mined = await minePairs(
      findMeasure(measure),
      { fixed: threshold },
      cases,
      images,
      checks,
      chance,
    );
    assert.ok(expected.length > 0);
    assert.deepEqual(
      mined.pairs.map(({ imageA, imageB, relation, similarity, readingPairs }) => ({
        imageA,
        imageB,
        relation,
        similarity,
        readingPairs,
      })),
      expected,
    );
    assert.equal(mined.compared + mined.undefinedPairs, 28);
    assert.deepEqual(
      mined,
      await minePairs(findMeasure(measure), { fixed: threshold }, cases, images, checks, chance),
      'the same cases and seed give the same result',
    );
  }
  const { compared, of } = openCases('multimatch', cases);
  const mean = of(1).map((i) => compareImages(compared, [i], of(2))?.relation ?? Number.NaN);
  const both = compareImages(compared, of(1), of(2))?.relation ?? Number.NaN;
  assert.ok(Math.abs(both - ((mean[0] ?? 0) + (mean[1] ?? 0)) / 2) < 1e-12);
});

test('a threshold from chance takes exactly the pairs with so small a p-value; planted pairs stand out', async (t) => {
  const station = await openSmallStation({ images: 24 });
  t.after(() => station.close());
  storeAlikeReadings(station);
  const { database } = station;
  const images = new Map(
    listSnapshotImages(database, everything).map((image) => [image.imageId, image]),
  );
  const cases = listUsableReadings(database, everything).flatMap((reading) =>
    describe(database, reading, images),
  );
  const measure = findMeasure('multimatch');
  const all = await minePairs(measure, { fixed: -1 }, cases, images, checks, chanceDefaults);
  assert.equal(all.pairs.length, all.compared);
  for (const { pValue, qValue } of all.pairs) assert.ok(qValue >= pValue && qValue <= 1);
  const rate = 0.05;
  const few = await minePairs(
    measure,
    { falsePositiveRate: rate },
    cases,
    images,
    checks,
    chanceDefaults,
  );
  assert.deepEqual(
    few.pairs,
    all.pairs.filter(({ pValue }) => pValue <= rate),
  );
  const [group] = few.groups;
  assert.ok(group !== undefined && group.chancePairs > 3000);
  assert.ok(group.falsePositiveRate <= rate);
  assert.equal(group.found, few.pairs.length);
  assert.equal(
    group.pairCounts.reduce((sum, count) => sum + count, 0),
    all.compared,
  );
  // A pair that a person has refused is counted as before, but not kept.
  const [first] = few.pairs;
  assert.ok(first !== undefined);
  const vetoed = await minePairs(
    measure,
    { falsePositiveRate: rate },
    cases,
    images,
    checks,
    chanceDefaults,
    new Set([pairKey({ imageA: first.imageB, imageB: first.imageA })]),
  );
  assert.deepEqual(vetoed.pairs, few.pairs.slice(1));
  assert.equal(vetoed.compared, few.compared);
  const planted = few.pairs.filter(({ relation }) => relation > 0.99);
  assert.ok(planted.length > 0 && planted.every(({ pValue }) => pValue < 0.01));
});

test('only finished readings whose reader agrees to training are used', async (t) => {
  const station = await openSmallStation({ images: 4 });
  t.after(() => station.close());
  const { database, users } = station;
  const add = (i: number, userId: number, source: 'simulated' | 'webgazer'): number =>
    storeReading(database, { imageId: i, studyId: i, userId, source, places: walk(i) });
  const agreed = add(1, users.agreed, 'webgazer');
  add(2, users.withdrawn, 'webgazer');
  const simulated = add(3, users.simulated, 'simulated');
  const left = add(4, users.agreed, 'webgazer');
  database.prepare(`UPDATE reading SET state = 'left', assessment = NULL WHERE id = ?`).run(left);
  const ids = (includeSimulated: boolean): number[] =>
    listUsableReadings(database, { modality: null, includeSimulated }).map((r) => r.readingId);
  assert.deepEqual(ids(true), [agreed, simulated]);
  assert.deepEqual(ids(false), [agreed]);
});

test('gaze on a right breast is mirrored into the frame of the left one', async (t) => {
  const station = await openSmallStation({ images: 2 });
  t.after(() => station.close());
  const { database, users } = station;
  const places = walk(5);
  const mirrored = places.map(({ x, y }) => ({ x: 63 - x, y }));
  for (const [i, gaze] of [places, mirrored].entries())
    storeReading(database, {
      imageId: i + 1,
      studyId: i + 1,
      userId: users.simulated,
      source: 'simulated',
      places: gaze,
    });
  database.prepare(`UPDATE image SET laterality = 'R' WHERE id = 2`).run();
  const images = new Map(listSnapshotImages(database, everything).map((i) => [i.imageId, i]));
  const [left = [], right = []] = listUsableReadings(database, everything).map((reading) =>
    describe(database, reading, images),
  );
  const { compared } = openCases('multimatch', [...left, ...right]);
  const relation = compareImages(compared, [0], [1])?.relation ?? 0;
  assert.ok(relation > 0.999, `${relation}`);
});

test('the share of a reading that is lost is counted', async (t) => {
  const station = await openSmallStation({ images: 1 });
  t.after(() => station.close());
  const { database, users } = station;
  storeReading(database, {
    imageId: 1,
    studyId: 1,
    userId: users.simulated,
    source: 'simulated',
    places: walk(5),
  });
  const images = new Map(listSnapshotImages(database, everything).map((i) => [i.imageId, i]));
  const [reading] = listUsableReadings(database, everything);
  assert.ok(reading !== undefined);
  // Every fourth sample is lost.
  database
    .prepare('UPDATE gaze_sample SET valid = 0, x_dip = NULL, y_dip = NULL WHERE seq % 4 = 0')
    .run();
  const { lostShare, cases } = describeReading(database, reading, images);
  assert.ok(Math.abs(lostShare - 0.25) < 0.01 && cases.length === 1);
});
