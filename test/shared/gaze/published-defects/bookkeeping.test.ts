// Defects of the published code that concern which cases are compared and how often: ours does not have them.
// Numbers as in the list of defects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertReading } from '../../../../shared/database/readings.ts';
import { insertSignatures, iterateSignatures } from '../../../../shared/database/signatures.ts';
import { toCanvas } from '../../../../shared/gaze/heatmap.ts';
import { stationMeasures } from '../../../../shared/gaze/similarity/station-measures.ts';
import { randomCases } from '../../../fixtures/chance-check.ts';
import { addReader, addStudy, openIn, temporaryFolder } from '../../../fixtures/station-rows.ts';

// 25
test('a signature is found by its reading and image, not by its place in a list', (t) => {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database, 'Simulated reader', 1);
  const { studyId, imageIds } = addStudy(database, 'one', { images: 3 });
  const readings = imageIds.map((imageId, i) => {
    const readingId = insertReading(database, {
      studyId,
      userId,
      state: 'finished',
      startedAtMs: 1,
      endedAtMs: 2,
      assessment: 'normal',
      note: '',
    });
    const signature = Uint8Array.of(10 * i, i);
    return { readingId, lostShare: 0, signatures: [{ imageId, signature }] };
  });
  const listed = (measure: string): readonly (readonly [number, number, string])[] =>
    [...iterateSignatures(database, { measure, version: '1' })].map(
      ({ readingId, imageId, signature }) =>
        [readingId, imageId, typeof signature === 'string' ? signature : signature.join()] as const,
    );
  insertSignatures(database, { measure: 'forwards', version: '1' }, readings);
  insertSignatures(database, { measure: 'backwards', version: '1' }, readings.toReversed());
  assert.equal(listed('forwards').length, 3);
  assert.deepEqual(listed('backwards'), listed('forwards'));
  database.close();
});

// 29
test('a case is described once: the pairs are compared from signatures of a few bytes', () => {
  const { cases } = randomCases(4);
  for (const measure of stationMeasures) {
    let described = 0;
    const compared = measure.open();
    for (const { gaze } of cases) {
      const counted = new Proxy(gaze, {
        get: (target, name, receiver): unknown => {
          described += 1;
          return Reflect.get(target, name, receiver);
        },
      });
      const signature = measure.describe(counted);
      assert.ok(typeof signature === 'object' && signature.length < 20_000, measure.name);
      compared.add(signature.slice());
    }
    const looked = described;
    for (let i = 0; i < 4; i += 1) for (let j = 0; j < 4; j += 1) compared.compare(i, j);
    assert.equal(described, looked, `${measure.name} looks at gaze again`);
    assert.ok(looked >= 4);
  }
});

// 31
test('nothing depends on the number of cases or on the size of an image', () => {
  const { cases } = randomCases(3);
  for (const measure of stationMeasures) {
    const compared = measure.open();
    assert.equal(compared.size, 0);
    for (const [i, { gaze }] of cases.entries()) {
      assert.equal(compared.add(measure.describe(gaze)), i);
      assert.equal(compared.size, i + 1);
    }
    const relation = compared.compare(0, 2)?.relation ?? Number.NaN;
    assert.ok(relation >= 0 && relation <= 1, measure.name);
  }
  for (const [columns, rows] of [
    [40, 30],
    [3000, 4000],
  ] as const) {
    const corner = { x: columns - 1, y: rows - 1 };
    const { points, dropped } = toCanvas([corner, { x: columns, y: 0 }], columns, rows);
    assert.equal(dropped, 1);
    assert.deepEqual(points, [[Math.floor(800 - 400 / columns), Math.floor(800 - 400 / rows)]]);
  }
});
