import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listSnapshotImages, listUsableReadings } from '../../../shared/database/snapshot.ts';
import { describeReading } from '../../../trainer/mining/describe-gaze.ts';
import { compareImages, mayPair, minePairs } from '../../../trainer/mining/mine-pairs.ts';
import {
  openSmallStation,
  storeAlikeReadings,
  storeReading,
  walk,
} from '../../fixtures/small-station.ts';

const everything = { modality: null, includeSimulated: true };
const letIn = (): Promise<void> => Promise.resolve();

test('mining gives what comparing every pair by hand gives, by either measure', async (t) => {
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
  const signatures = listUsableReadings(database, everything).flatMap((reading) =>
    describeReading(database, reading, images),
  );
  assert.equal(signatures.length, 9);
  for (const measure of ['difference-hash', 'multimatch'] as const) {
    const threshold = 0.5;
    const expected = imageIds.flatMap((a) =>
      imageIds
        .filter((b) => b > a)
        .flatMap((b) => {
          const of = (id: number): typeof signatures => signatures.filter((s) => s.imageId === id);
          const found = compareImages(measure, of(a), of(b));
          return found !== undefined && found.relation > threshold
            ? [{ imageA: a, imageB: b, ...found }]
            : [];
        }),
    );
    const { pairs, compared, undefinedPairs } = await minePairs(
      measure,
      threshold,
      signatures,
      images,
      { nowMs: () => 0, onCheck: letIn },
    );
    assert.ok(expected.length > 0);
    assert.deepEqual(pairs, expected);
    assert.equal(compared + undefinedPairs, 28);
  }
  const one = signatures.filter((s) => s.imageId === 1);
  const two = signatures.filter((s) => s.imageId === 2);
  const mean = one.map((s) => compareImages('multimatch', [s], two)?.relation ?? Number.NaN);
  const both = compareImages('multimatch', one, two)?.relation ?? Number.NaN;
  assert.ok(Math.abs(both - ((mean[0] ?? 0) + (mean[1] ?? 0)) / 2) < 1e-12);
});

test('images of one patient, of two modalities and CC with MLO are never a pair', async (t) => {
  const station = await openSmallStation({ images: 2 });
  t.after(() => station.close());
  const [a, b] = listSnapshotImages(station.database, everything);
  assert.ok(a !== undefined && b !== undefined);
  assert.equal(mayPair(a, b), true);
  assert.equal(mayPair(a, { ...b, patientKey: a.patientKey }), false);
  assert.equal(mayPair(a, { ...b, modality: 'MG' }), false);
  const view = (viewPosition: string | null): typeof a => ({ ...a, viewPosition });
  assert.equal(mayPair({ ...view('CC'), patientKey: 'x' }, view('MLO')), false);
  assert.equal(mayPair({ ...view('CC'), patientKey: 'x' }, view('CC')), true);
  assert.equal(mayPair({ ...view(null), patientKey: 'x' }, view('CC')), true);
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
    describeReading(database, reading, images),
  );
  const relation = compareImages('multimatch', left, right)?.relation ?? 0;
  assert.ok(relation > 0.999, `${relation}`);
});
