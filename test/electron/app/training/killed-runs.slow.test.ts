import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killRuns } from '../../../fixtures/killed-runs.ts';

/** All 20 of the benchmark where somebody asks for them; a few otherwise. */
const kills = Number(process.env['FOVEA_KILLS'] ?? 3);

test('a run killed at random moments and taken up again ends with the weights of an unbroken one', async () => {
  const killed = await killRuns(kills, 4);
  assert.equal(killed.length, kills);
  assert.ok(killed.some(({ struck }) => struck));
  for (const each of killed) assert.ok(each.sameWeights, JSON.stringify(each));
  // An epoch has two steps: after the third there is a checkpoint.
  for (const each of killed.filter(({ struck, step }) => struck && step > 2))
    assert.ok(each.wentOn, JSON.stringify(each));
});
