import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileKernel } from '../../../../scripts/kernel/compile-kernel.ts';
import { differenceHash, hashCosine } from '../../../../shared/gaze/similarity/difference-hash.ts';
import { Kernel } from '../../../../shared/gaze/similarity/kernel.ts';
import { kernelBytes } from '../../../../shared/gaze/similarity/kernel.generated.ts';
import {
  createMultimatch,
  type MultimatchSignature,
  publishedMultimatch,
  stationMultimatch,
} from '../../../../shared/gaze/similarity/multimatch.ts';
import { packHashes } from '../../../../shared/gaze/similarity/packed-hashes.ts';
import { packScanpaths } from '../../../../shared/gaze/similarity/packed-scanpaths.ts';
import { stationMeasures } from '../../../../shared/gaze/similarity/station-measures.ts';
import { createRandom } from '../../../../shared/random.ts';
import { randomCases } from '../../../fixtures/chance-check.ts';

test('the stored kernel is what its source compiles to', async () => {
  assert.deepEqual(Buffer.from(await compileKernel()), Buffer.from(kernelBytes));
});

test('a row holds what comparing each pair gives, for every measure, also for cases without an answer', () => {
  const { cases } = randomCases(40);
  for (const measure of stationMeasures) {
    const compared = measure.open();
    // Nothing was looked at in three of them, the first and the last among these.
    for (const [k, { gaze }] of cases.entries())
      compared.add(k % 13 === 0 ? 'empty-map' : measure.describe(gaze));
    const row = new Float32Array(compared.size);
    for (let i = 0; i < compared.size; i += 1) {
      row.fill(-1);
      compared.compareRow(i, 3, compared.size, row);
      for (let j = 3; j < compared.size; j += 1) {
        const expected = Math.fround(compared.compare(i, j)?.relation ?? Number.NaN);
        assert.ok(Object.is(row[j - 3], expected), `${measure.name} ${i} ${j}: ${row[j - 3]}`);
      }
      assert.equal(row[compared.size - 3], -1, 'nothing is written behind the row');
    }
    // Cases that come later, as chance pairs do.
    const late = compared.add(
      measure.describe((cases[1] ?? cases[0])?.gaze ?? { points: [], fixations: [], sigmaPx: 1 }),
    );
    compared.compareRow(late, 1, 2, row);
    assert.ok(Math.abs((row[0] ?? 0) - 1) < 1e-6, measure.name);
  }
});

/** Scanpaths of so many fixations; on a coarse grid, so that many ways are equally short. */
function scanpath(count: number, seed: number, grid: number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => ({
    x: grid * random.below(800 / grid),
    y: grid * random.below(800 / grid),
    duration: 100 * random.below(5),
  }));
}

test('the kernel’s MultiMatch equals the plain one bit for bit: all lengths, ties, equal points', () => {
  for (const options of [stationMultimatch, { ...publishedMultimatch, grouping: undefined }]) {
    const measure = createMultimatch({ ...options, asPublished: false });
    const kernel = new Kernel();
    const packed = packScanpaths(kernel, options);
    const signatures: MultimatchSignature[] = [];
    for (const grid of [1, 100, 400])
      for (const count of [3, 4, 5, 6, 7, 8, 16, 17, 31, 32, 33, 64, 201]) {
        const signature = measure.describe(scanpath(count, count + grid, grid));
        if (typeof signature === 'string') continue;
        signatures.push(signature);
        packed.add(signature);
      }
    assert.ok(signatures.length > 30);
    const row = new Float32Array(signatures.length);
    for (const [i, a] of signatures.entries()) {
      packed.compareRow(i, 0, signatures.length, row);
      assert.deepEqual(
        row,
        Float32Array.from(signatures, (b) => measure.compare(a, b).relation),
        `${i}`,
      );
    }
  }
});

test('the longest scanpaths that may be compared are, and the memory grows for them', () => {
  const measure = createMultimatch({ ...stationMultimatch, grouping: undefined });
  const long = measure.describe(scanpath(2001, 1, 1));
  const other = measure.describe(scanpath(1500, 2, 1));
  assert.ok(typeof long === 'object' && typeof other === 'object');
  const packed = packScanpaths(new Kernel(), stationMultimatch);
  for (const each of [long, other]) packed.add(each);
  const row = new Float32Array(1);
  packed.compareRow(0, 1, 2, row);
  assert.equal(row[0], Math.fround(measure.compare(long, other).relation));
  assert.equal(measure.describe(scanpath(2002, 1, 1)), 'too-many-fixations');
});

test('a row of hashes equals the cosine for every number of bits that two hashes and both can have', () => {
  const random = createRandom(8);
  const map = (ones: number) => {
    const order = Array.from({ length: 64 }, (_, k) => k).toSorted(() => random.next() - 0.5);
    const set = new Set(order.slice(0, ones));
    let [low, high] = [0, 0];
    for (const bit of set)
      if (bit < 32) low |= 1 << bit;
      else high |= 1 << (bit - 32);
    return { low, high, ones: set.size };
  };
  const hashes = Array.from({ length: 65 * 12 }, (_, k) => map(1 + (k % 64)));
  const packed = packHashes(new Kernel());
  for (const hash of hashes) packed.add(hash);
  packed.add(undefined);
  const row = new Float32Array(hashes.length + 1);
  for (const [i, a] of hashes.entries()) {
    packed.compareRow(i, 0, row.length, row);
    for (const [j, b] of hashes.entries()) assert.equal(row[j], Math.fround(hashCosine(a, b)));
    assert.ok(Number.isNaN(row.at(-1)));
  }
  assert.equal(
    differenceHash({ width: 9, height: 8, data: new Uint8Array(72) }).ones,
    0,
    'a flat map has no bit, and so no row',
  );
});
