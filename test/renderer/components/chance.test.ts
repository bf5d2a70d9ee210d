import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discoveryFrom, sharesOf } from '../../../renderer/components/chance.ts';
import type { MinedGroup } from '../../../shared/trainer-protocol.ts';

const group = (pairCounts: number[], chanceCounts: number[]): MinedGroup => ({
  group: 'OP',
  threshold: 0,
  falsePositiveRate: 0,
  compared: pairCounts.reduce((sum, count) => sum + count, 0),
  found: 0,
  falseDiscoveryRate: null,
  chancePairs: chanceCounts.reduce((sum, count) => sum + count, 0),
  pairCounts,
  chanceCounts,
  chancePartCounts: [],
});

test('what chance alone would give is summed over the kinds of image', () => {
  const groups = [group([60, 20, 15, 5], [80, 10, 9, 0]), group([10, 0, 0, 10], [10, 9, 0, 0])];
  // 20 pairs of the upper half of the first kind, 10 of the second; (1 + 9) / 100 x 100 and 1 / 20 x 20.
  assert.deepEqual(discoveryFrom(groups, 0.5), { pairs: 30, byChance: 11 / 30 });
  assert.deepEqual(discoveryFrom(groups, 0), { pairs: 120, byChance: 1 });
  assert.deepEqual(discoveryFrom([group([1, 0], [1, 0])], 0.5), { pairs: 0, byChance: undefined });
  assert.deepEqual(discoveryFrom([], 0.5), { pairs: 0, byChance: undefined });
});

test('shares of pairs and of chance each sum to 1, whatever their numbers', () => {
  const { pairs, chance } = sharesOf([group([30, 10], [900, 100]), group([0, 60], [1, 1])]);
  assert.deepEqual(pairs, [0.3, 0.7]);
  const wanted = [0.9 * 0.4 + 0.5 * 0.6, 0.1 * 0.4 + 0.5 * 0.6];
  for (const [i, share] of chance.entries()) assert.ok(Math.abs(share - (wanted[i] ?? 0)) < 1e-12);
});
