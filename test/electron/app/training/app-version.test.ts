import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAppVersion, insertRun, updateRun } from '../../../../shared/database/runs.ts';
import { openSmallStation, smallConfiguration } from '../../../fixtures/small-station.ts';

test('a run that another version queued or began is told to be computed by the one that starts it', async (t) => {
  const station = await openSmallStation({
    images: 1,
    startTrainer: () => {
      throw new Error('no trainer');
    },
  });
  t.after(station.close);
  const { database, training, users } = station;
  const runId = insertRun(database, {
    configuration: JSON.stringify(smallConfiguration),
    userId: users.agreed,
    createdAtMs: 0,
    appVersion: '0.0.1',
  });
  updateRun(database, runId, { state: 'interrupted' });
  assert.equal(findAppVersion(database, runId), '0.0.1');
  await training.handlers['run.resume']({ runId });
  await training.idle();
  const found = findAppVersion(database, runId);
  assert.notEqual(found, '0.0.1');
  assert.match(found ?? '', /^\d+\.\d+\.\d+/u);
});
