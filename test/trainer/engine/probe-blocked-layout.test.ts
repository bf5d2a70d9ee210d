import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkBlockedLayers,
  probeBlockedLayout,
} from '../../../trainer/engine/probe-blocked-layout.ts';

test('the probe finds a block size with which every blocked layer is right, or says why not', async (t) => {
  const verdict = await probeBlockedLayout();
  if ('refused' in verdict) {
    assert.match(verdict.refused, /do not run here|are not known/u);
    t.skip(`This processor has no blocked operators: ${verdict.refused}`);
    return;
  }
  assert.equal(await checkBlockedLayers(verdict.block), undefined);
});

test('wrong block sizes are refused, also where nothing fails but the numbers', async (t) => {
  const verdict = await probeBlockedLayout();
  if ('refused' in verdict) {
    t.skip('This processor has no blocked operators.');
    return;
  }
  const reasons = new Map<number, string>();
  for (const wrong of [4, 8, 16, 32])
    if (wrong !== verdict.block) reasons.set(wrong, (await checkBlockedLayers(wrong)) ?? 'right');
  const byNumbers = /^convolution 3 x 3.* off the standard operators$/u;
  for (const [wrong, reason] of reasons)
    assert.match(reason, new RegExp(`${byNumbers.source}|cannot be computed`, 'u'), String(wrong));
  // Blocks of twice the size give numbers without a word.
  assert.match(reasons.get(2 * verdict.block) ?? '', byNumbers);
});
