import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listRefused, pairKey, setVerdict } from '../../../shared/database/verdicts.ts';
import { openSmallStation } from '../../fixtures/small-station.ts';

test('a verdict names two images in either order, the newest counts, and it can be taken back', async (t) => {
  const station = await openSmallStation({ images: 3 });
  t.after(() => station.close());
  const { database, users } = station;
  setVerdict(database, { imageA: 3, imageB: 1 }, 'refused', users.agreed, 5);
  setVerdict(database, { imageA: 2, imageB: 3 }, 'accepted', users.agreed, 5);
  assert.deepEqual([...listRefused(database)], ['1 3']);
  assert.equal(pairKey({ imageA: 3, imageB: 1 }), '1 3');
  setVerdict(database, { imageA: 1, imageB: 3 }, 'accepted', users.simulated, 6);
  assert.deepEqual([...listRefused(database)], []);
  assert.deepEqual(
    database.prepare('SELECT user_id, judged_at_ms FROM pair_verdict WHERE image_a = 1').all(),
    [{ user_id: users.simulated, judged_at_ms: 6 }],
  );
  assert.throws(
    () => setVerdict(database, { imageA: 2, imageB: 2 }, 'refused', users.agreed, 5),
    /CHECK/u,
  );
  assert.throws(
    () => setVerdict(database, { imageA: 2, imageB: 99 }, 'refused', users.agreed, 5),
    /FOREIGN KEY/u,
  );
  setVerdict(database, { imageA: 3, imageB: 2 }, null, users.agreed, 7);
  assert.equal(database.prepare('SELECT count(*) FROM pair_verdict').pluck().get(), 1);
});
