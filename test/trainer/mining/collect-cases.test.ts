import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFrames } from '../../../shared/database/landmarks.ts';
import { setLandmark } from '../../../shared/database/mark-landmark.ts';
import { insertSignatures } from '../../../shared/database/signatures.ts';
import { listSnapshotImages, listUsableReadings } from '../../../shared/database/snapshot.ts';
import { describeReading } from '../../../shared/database/canonical-gaze.ts';
import { findMeasure } from '../../../shared/gaze/similarity/station-measures.ts';
import { collectCases } from '../../../trainer/mining/collect-cases.ts';
import { RecordedGaze } from '../../../trainer/mining/recorded-gaze.ts';
import {
  openSmallStation,
  smallConfiguration,
  storeAlikeReadings,
  storeReading,
  walk,
} from '../../fixtures/small-station.ts';

const everything = { modality: null, includeSimulated: true };

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

test('gaze is read once: later runs take the stored signatures, and only new readings are described', async (t) => {
  const station = await openSmallStation({ images: 4 });
  t.after(() => station.close());
  const { database, training, users } = station;
  storeAlikeReadings(station);
  const collect = (told: number[]) =>
    collectCases({
      database,
      readings: listUsableReadings(database, everything),
      measures: ['multimatch', 'heatmap-cosine'],
      report: ({ readings }) => told.push(...readings.map(({ readingId }) => readingId)),
      onReading: () => Promise.resolve(),
    });
  const first: number[] = [];
  const before = await collect(first);
  assert.deepEqual(first, [1, 2, 3, 4, 1, 2, 3, 4], 'by each of two measures');
  // A run stores them; from then on the gaze itself is not needed.
  await training.handlers['run.start']({
    ...smallConfiguration,
    mineOnly: true,
    measures: ['heatmap-cosine'],
  });
  await training.idle();
  storeReading(database, {
    imageId: 1,
    studyId: 1,
    userId: users.simulated,
    source: 'simulated',
    places: walk(999),
  });
  database.prepare('DELETE FROM gaze_sample WHERE recording_id < 5').run();
  const told: number[] = [];
  const after = await collect(told);
  assert.deepEqual(told, [5, 5]);
  for (const measure of ['multimatch', 'heatmap-cosine'] as const) {
    const known = (after.cases.get(measure) ?? []).filter(({ readingId }) => readingId < 5);
    assert.deepEqual(
      known.map(({ signature, ...each }) => ({ ...each, signature: Buffer.from(signature) })),
      (before.cases.get(measure) ?? []).map(({ signature, ...each }) => ({
        ...each,
        signature: Buffer.from(signature),
      })),
    );
    assert.equal(after.cases.get(measure)?.length, 5);
  }
});

test('signatures of another version of a measure are not used', async (t) => {
  const station = await openSmallStation({ images: 1 });
  t.after(() => station.close());
  const { database } = station;
  storeAlikeReadings(station);
  insertSignatures(database, { measure: 'multimatch', version: 'of old' }, [
    { readingId: 1, lostShare: 0, signatures: [{ imageId: 1, signature: Uint8Array.of(1) }] },
  ]);
  const { cases } = await collectCases({
    database,
    readings: listUsableReadings(database, everything),
    measures: ['multimatch'],
    report: () => undefined,
    onReading: () => Promise.resolve(),
  });
  const [reading] = listUsableReadings(database, everything);
  const images = new Map(listSnapshotImages(database, everything).map((i) => [i.imageId, i]));
  assert.ok(reading !== undefined);
  const [own] = describeReading(database, reading, images).cases;
  assert.ok(own !== undefined);
  assert.deepEqual(
    cases.get('multimatch')?.map(({ signature }) => signature),
    [findMeasure('multimatch').describe(own.gaze)],
  );
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
  const { cases } = await collectCases({
    database,
    readings: listUsableReadings(database, everything),
    measures: ['multimatch'],
    report: () => undefined,
    onReading: () => Promise.resolve(),
  });
  const compared = findMeasure('multimatch').open();
  for (const { signature } of cases.get('multimatch') ?? []) compared.add(signature);
  const relation = compared.compare(0, 1)?.relation ?? 0;
  assert.ok(relation > 0.999, `${relation}`);
});

test('gaze on marked eyes is compared on disc and fovea; a new mark makes the next run describe it anew', async (t) => {
  const station = await openSmallStation({ images: 2 });
  t.after(() => station.close());
  const { database, training, users } = station;
  // The second eye is the first one's mirror image, farther away and beside the middle.
  const second = ({ x, y }: { readonly x: number; readonly y: number }) => ({
    x: 60 - 0.6 * x,
    y: 0.6 * y + 9,
  });
  const places = walk(5).map(({ x, y }) => ({ x: 0.4 * x + 20, y: 0.4 * y + 18 }));
  for (const [i, gaze] of [places, places.map(second)].entries())
    storeReading(database, {
      imageId: i + 1,
      studyId: i + 1,
      userId: users.simulated,
      source: 'simulated',
      places: gaze,
    });
  const relation = async (told: string[] = []): Promise<number> => {
    const { cases } = await collectCases({
      database,
      readings: listUsableReadings(database, everything),
      measures: ['heatmap-cosine'],
      report: ({ readings }) => told.push(...readings.map(({ frames }) => frames)),
      onReading: () => Promise.resolve(),
    });
    const compared = findMeasure('heatmap-cosine').open();
    for (const { signature } of cases.get('heatmap-cosine') ?? []) compared.add(signature);
    return compared.compare(0, 1)?.relation ?? Number.NaN;
  };
  const store = async (): Promise<void> => {
    const measures = ['heatmap-cosine'] as const;
    const mineOnly = { ...smallConfiguration, mineOnly: true, measures: [...measures] };
    await training.handlers['run.start'](mineOnly);
    await training.idle();
  };
  const unmarked = await relation();
  assert.ok(unmarked < 0.5, `${unmarked}`);
  await store();
  const known: string[] = [];
  await relation(known);
  assert.deepEqual(known, [], 'both are stored');
  const [disc, fovea] = [
    { x: 20, y: 30 },
    { x: 40, y: 33 },
  ];
  for (const [i, turn] of [(place: typeof disc) => place, second].entries())
    for (const [kind, place] of [
      ['disc', disc],
      ['fovea', fovea],
    ] as const) {
      const by = { userId: users.agreed, markedAtMs: 1 };
      setLandmark(database, { imageId: i + 1, kind }, turn(place), by);
    }
  const anew: string[] = [];
  const aligned = await relation(anew);
  // Not wholly alike: a look is as wide on both pictures, so wider in the frame of the farther eye.
  assert.ok(aligned > 0.9, `${aligned}`);
  assert.deepEqual(anew, [findFrames(database, [1]), findFrames(database, [2])]);
  await store();
  const again: string[] = [];
  assert.equal(await relation(again), aligned);
  assert.deepEqual(again, [], 'described anew and stored');
});

test('the share of a reading that is lost is told; gaze that is gone is missing, not empty', async (t) => {
  const station = await openSmallStation({ images: 1 });
  t.after(() => station.close());
  const { database, folder } = station;
  storeAlikeReadings(station);
  // Every fourth sample is lost.
  database
    .prepare('UPDATE gaze_sample SET valid = 0, x_dip = NULL, y_dip = NULL WHERE seq % 4 = 0')
    .run();
  const readings = listUsableReadings(database, everything);
  const { lostShares, cases } = await collectCases({
    database,
    readings,
    measures: ['multimatch'],
    report: () => undefined,
    onReading: () => Promise.resolve(),
  });
  assert.ok(Math.abs((lostShares.get(1) ?? 0) - 0.25) < 0.01);
  const images = new Map(listSnapshotImages(database, everything).map((i) => [i.imageId, i]));
  const [own] = cases.get('multimatch') ?? [];
  assert.ok(own !== undefined);
  const gaze = new RecordedGaze(`${folder}/fovea.sqlite`, readings, images);
  t.after(() => gaze.close());
  assert.ok((gaze.find(own)?.points.length ?? 0) > 0);
  assert.equal(gaze.find({ ...own, imageId: 99 }), undefined);
  assert.equal(gaze.find({ ...own, readingId: 99 }), undefined);
});
