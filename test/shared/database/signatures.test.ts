import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deleteSignaturesOfImage,
  deleteSignaturesOfReader,
  insertSignatures,
  iterateSignatures,
  listDescribed,
} from '../../../shared/database/signatures.ts';
import { openSmallStation, storeReading, walk } from '../../fixtures/small-station.ts';

test('signatures are kept by reading, measure and version, and go with their reading', async (t) => {
  const station = await openSmallStation({ images: 2 });
  t.after(() => station.close());
  const { database, users } = station;
  const add = (imageId: number): number =>
    storeReading(database, {
      imageId,
      studyId: imageId,
      userId: users.simulated,
      source: 'simulated',
      places: walk(imageId),
    });
  const [first, second] = [add(1), add(2)];
  const kind = { measure: 'tima', version: '1' };
  const bytes = Uint8Array.of(1, 2, 3);
  insertSignatures(database, kind, [
    { readingId: first, lostShare: 0.25, signatures: [{ imageId: 1, signature: bytes }] },
    {
      readingId: second,
      lostShare: Number.NaN,
      signatures: [{ imageId: 2, signature: 'no-cluster' }],
    },
    { readingId: 999, lostShare: 0, signatures: [{ imageId: 1, signature: bytes }] },
  ]);
  const stored = [...iterateSignatures(database, kind)];
  assert.deepEqual(
    stored.map(({ readingId, imageId, signature }) => [
      readingId,
      imageId,
      typeof signature === 'string' ? signature : [...signature],
    ]),
    [
      [first, 1, [1, 2, 3]],
      [second, 2, 'no-cluster'],
    ],
    'a reading that is gone is left out',
  );
  assert.deepEqual(
    [...listDescribed(database, kind)],
    [
      [first, 0.25],
      [second, Number.NaN],
    ],
  );
  assert.equal(listDescribed(database, { ...kind, version: '2' }).size, 0);
  deleteSignaturesOfImage(database, 2);
  assert.deepEqual([...listDescribed(database, kind).keys()], [first]);
  const withdrawn = storeReading(database, {
    imageId: 1,
    studyId: 1,
    userId: users.withdrawn,
    source: 'simulated',
    places: walk(3),
  });
  insertSignatures(database, kind, [
    { readingId: withdrawn, lostShare: 0, signatures: [{ imageId: 1, signature: bytes }] },
  ]);
  assert.equal(listDescribed(database, kind).has(withdrawn), false, 'a reader who has withdrawn');
  deleteSignaturesOfReader(database, users.agreed);
  assert.equal(listDescribed(database, kind).size, 1, 'another reader’s stay');
  deleteSignaturesOfReader(database, users.simulated);
  assert.equal(listDescribed(database, kind).size, 0);
  insertSignatures(database, kind, [
    { readingId: first, lostShare: 0.25, signatures: [{ imageId: 1, signature: bytes }] },
  ]);
  database.prepare('DELETE FROM reading WHERE id = ?').run(first);
  assert.equal([...iterateSignatures(database, kind)].length, 0);
  assert.equal(listDescribed(database, kind).size, 0);
});
