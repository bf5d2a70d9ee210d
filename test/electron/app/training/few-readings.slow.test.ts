import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasEnded } from '../../../../shared/training/run-states.ts';
import { runToEnd } from '../../../fixtures/run-to-end.ts';
import { openSmallStation, smallConfiguration } from '../../../fixtures/small-station.ts';

test('too little to mine is said with numbers', async (t) => {
  const station = await openSmallStation();
  t.after(() => station.close());
  const detail = await runToEnd(station);
  assert.equal(detail.state, 'failed');
  assert.deepEqual(detail.error, { code: 'too-few-readings', details: { found: 0, needed: 2 } });
  assert.ok(station.events.some(({ row }) => hasEnded(row.state)));
});

test('a run without gaze needs no readings, and its mining alone still does', async (t) => {
  const station = await openSmallStation();
  t.after(() => station.close());
  const withoutGaze = { ...smallConfiguration, useGaze: false, epochs: 1 };
  const detail = await runToEnd(station, withoutGaze);
  assert.equal(detail.state, 'done', JSON.stringify(detail.error));
  assert.notEqual(detail.encoder, null);
  assert.deepEqual(detail.mined, []);
  const mining = await runToEnd(station, { ...withoutGaze, mineOnly: true });
  assert.equal(mining.error?.code, 'too-few-readings');
});
