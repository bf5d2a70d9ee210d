import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stationMeasures } from '../../../../shared/gaze/similarity/station-measures.ts';
import { randomCases } from '../../../fixtures/chance-check.ts';

test('a signature read back from its bytes, wherever they lie, compares as before, bit for bit', () => {
  const { cases } = randomCases(6);
  for (const measure of stationMeasures) {
    const [made, read] = [measure.open(), measure.open()];
    for (const { gaze } of cases) {
      const signature = measure.describe(gaze);
      made.add(signature);
      assert.ok(typeof signature !== 'string');
      // Bytes from a file or a database begin anywhere.
      const shifted = new Uint8Array(signature.length + 3).subarray(3);
      shifted.set(signature);
      read.add(shifted);
    }
    const row = new Float32Array(6);
    for (let i = 0; i < 6; i += 1) {
      read.compareRow(i, 0, 6, row);
      for (let j = 0; j < 6; j += 1) {
        assert.deepEqual(read.compare(i, j), made.compare(i, j));
        assert.equal(row[j], Math.fround(made.compare(i, j)?.relation ?? Number.NaN));
      }
    }
  }
});

test('damaged bytes are refused, never compared', () => {
  for (const measure of stationMeasures)
    for (const length of [0, 3, 20 + (measure.name === 'tima' ? 4 : 0)])
      if (!(measure.name.startsWith('heatmap') && length === 20))
        assert.throws(() => measure.open().add(new Uint8Array(length)), /damaged/u, measure.name);
});
