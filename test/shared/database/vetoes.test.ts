import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteVeto, insertVeto, listVetoes, pairKey } from '../../../shared/database/vetoes.ts';
import { openSmallStation } from '../../fixtures/small-station.ts';

test('a veto names two images in either order, stands once and can be taken back', async (t) => {
  const station = await openSmallStation({ images: 3 });
  t.after(() => station.close());
  const { database, users } = station;
  insertVeto(database, { imageA: 3, imageB: 1 }, users.agreed, 5);
  insertVeto(database, { imageA: 1, imageB: 3 }, users.simulated, 6);
  assert.deepEqual([...listVetoes(database)], ['1 3']);
  assert.equal(pairKey({ imageA: 3, imageB: 1 }), '1 3');
  assert.deepEqual(database.prepare('SELECT user_id, vetoed_at_ms FROM pair_veto').all(), [
    { user_id: users.agreed, vetoed_at_ms: 5 },
  ]);
  assert.throws(() => insertVeto(database, { imageA: 2, imageB: 2 }, users.agreed, 5), /CHECK/u);
  assert.throws(
    () => insertVeto(database, { imageA: 2, imageB: 99 }, users.agreed, 5),
    /FOREIGN KEY/u,
  );
  deleteVeto(database, { imageA: 3, imageB: 1 });
  assert.equal(listVetoes(database).size, 0);
});
