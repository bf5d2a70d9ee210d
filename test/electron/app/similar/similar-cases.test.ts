import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimilarCases } from '../../../../electron/app/similar/similar-cases.ts';
import { deleteSignaturesOfImage, listDescribed } from '../../../../shared/database/signatures.ts';
import { insertConsent } from '../../../../shared/database/users.ts';
import { findMeasure } from '../../../../shared/gaze/similarity/station-measures.ts';
import type { MeasureName } from '../../../../shared/training/run-configuration.ts';
import { StationError } from '../../../../shared/station-error.ts';
import {
  openSmallStation,
  type SmallStation,
  storeAlikeReadings,
  storeReading,
  walk,
} from '../../../fixtures/small-station.ts';

function search(station: SmallStation, asker: number = station.users.agreed) {
  const handlers = createSimilarCases(station.database, () => asker);
  return (readingId: number, measure: MeasureName = 'multimatch', sameReader = false) =>
    handlers['reading.similar']({ readingId, imageId: readingId, measure, limit: 3, sameReader });
}

for (const measure of ['multimatch', 'difference-hash', 'tima', 'heatmap-cosine'] as const)
  test(`the reading that looked alike comes first by ${measure}, with what it is`, async (t) => {
    const station = await openSmallStation({ images: 6 });
    t.after(() => station.close());
    storeAlikeReadings(station);
    const ask = search(station);
    for (const [readingId, twin] of [
      [1, 2],
      [4, 3],
    ] as const) {
      // Each answer describes what it has time for.
      let answer = await ask(readingId, measure);
      while (answer.notYetDescribed > 0) answer = await ask(readingId, measure);
      const { cases, candidates, stage, notYetDescribed, reason } = answer;
      assert.deepEqual([candidates, stage, notYetDescribed, reason], [5, 'all', 0, null]);
      assert.equal(cases.length, 3);
      assert.deepEqual([cases[0]?.readingId, cases[0]?.image.imageId], [twin, twin]);
      assert.ok((cases[0]?.relation ?? 0) > 0.999);
      assert.deepEqual(
        [cases[0]?.reader, cases[0]?.simulated, cases[0]?.assessment, cases[0]?.percentile],
        ['simulated', true, 'normal', null],
      );
      assert.ok((cases[0]?.relation ?? 0) >= (cases[1]?.relation ?? 0));
    }
    const { name, version } = findMeasure(measure);
    assert.equal(listDescribed(station.database, { measure: name, version }).size, 6);
  });

test('a reading that came, one that was described anew and one whose reader withdrew are noticed', async (t) => {
  const station = await openSmallStation({ images: 6 });
  t.after(() => station.close());
  const { database, users } = station;
  const add = (imageId: number, userId: number, seed: number): number =>
    storeReading(database, {
      imageId,
      studyId: imageId,
      userId,
      source: userId === users.simulated ? 'simulated' : 'webgazer',
      places: walk(seed),
      restMs: 300,
    });
  add(1, users.simulated, 1);
  add(2, users.simulated, 2);
  const ask = search(station);
  assert.equal((await ask(1)).candidates, 1);
  assert.equal(add(3, users.agreed, 1), 3);
  const second = await ask(1);
  assert.deepEqual([second.candidates, second.cases[0]?.readingId], [2, 3]);
  assert.equal((await ask(1, 'multimatch', true)).candidates, 1, 'only the same reader');

  deleteSignaturesOfImage(database, 3);
  database.exec('DELETE FROM viewport_state WHERE recording_id = 3');
  const third = await ask(1);
  assert.deepEqual([third.candidates, third.cases.map(({ readingId }) => readingId)], [1, [2]]);

  assert.equal(add(4, users.agreed, 1), 4);
  assert.equal((await ask(1)).cases[0]?.readingId, 4);
  insertConsent(database, {
    userId: users.agreed,
    textVersion: 1,
    record: true,
    train: false,
    export: true,
    decidedAtMs: 5,
  });
  assert.deepEqual(
    (await ask(1)).cases.map(({ readingId }) => readingId),
    [2],
  );
  assert.equal((await ask(4)).candidates, 2, 'one may ask by a reading of one’s own');
  await assert.rejects(
    async () => search(station, users.withdrawn)(4),
    (error) => error instanceof StationError && error.code === 'forbidden',
  );
});

test('images of one patient and of another view are no candidates, and too short gaze has a reason', async (t) => {
  const station = await openSmallStation({ images: 4 });
  t.after(() => station.close());
  const { database, users } = station;
  for (const imageId of [1, 2, 3, 4])
    storeReading(database, {
      imageId,
      studyId: imageId,
      userId: users.simulated,
      source: 'simulated',
      places: walk(1, imageId === 4 ? 1 : 9),
    });
  const ask = search(station);
  assert.equal((await ask(4)).reason, 'too-few-fixations');
  assert.deepEqual(
    (await ask(1)).cases.map(({ readingId }) => readingId),
    [2, 3],
  );
  database.exec(`UPDATE study SET patient_key = 'patient-0', imported_at_ms = 1 WHERE id = 2`);
  database.exec(
    `UPDATE image SET view_position = 'CC' WHERE id = 3; DELETE FROM image WHERE id = 9`,
  );
  const fresh = search(station);
  assert.equal((await fresh(1)).candidates, 0);
});
