import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileKernel } from '../../../../scripts/kernel/compile-kernel.ts';
import {
  type DifferenceHash,
  hashCosine,
} from '../../../../shared/gaze/similarity/difference-hash.ts';
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
import { packSequences } from '../../../../shared/gaze/similarity/packed-sequences.ts';
import { stationMeasures } from '../../../../shared/gaze/similarity/station-measures.ts';
import { createTima, stationTima } from '../../../../shared/gaze/similarity/tima.ts';
import { createRandom } from '../../../../shared/random.ts';
import { randomCases } from '../../../fixtures/chance-check.ts';

test('the stored kernel is what its source compiles to', async () => {
  assert.deepEqual(Buffer.from(await compileKernel()), Buffer.from(kernelBytes));
});

test('the kernel gives what the plain code gives, in pairs and in rows, for every measure and cases without an answer', () => {
  const { cases } = randomCases(24);
  for (const measure of stationMeasures) {
    const [fast, plain] = [measure.open(), measure.openPlainly()];
    // Nothing was looked at in two of them, the first among these.
    for (const [k, { gaze }] of cases.entries()) {
      const signature = k % 13 === 0 ? 'empty-map' : measure.describe(gaze);
      for (const compared of [fast, plain]) assert.equal(compared.add(signature), k);
    }
    for (const compared of [fast, plain]) {
      assert.equal(compared.size, 24);
      assert.equal(compared.reason(0), 'empty-map');
      assert.equal(compared.reason(1), undefined);
    }
    const row = new Float32Array(24);
    for (let i = 0; i <= 24; i += 1) {
      for (let j = 0; j <= 24; j += 1)
        assert.deepEqual(fast.compare(i, j), plain.compare(i, j), `${measure.name} ${i} ${j}`);
      for (const compared of [fast, plain]) {
        row.fill(-1);
        // The row ends behind the last case.
        compared.compareRow(i, 3, 25, row);
        for (let j = 3; j < 25; j += 1) {
          const expected = Math.fround(plain.compare(i, j)?.relation ?? Number.NaN);
          assert.ok(Object.is(row[j - 3], expected), `${measure.name} ${i} ${j}: ${row[j - 3]}`);
        }
        assert.equal(row[22], -1, 'nothing is written behind the row');
      }
    }
    // Cases that come later, as chance pairs do.
    const late = fast.add(
      measure.describe(cases[1]?.gaze ?? { points: [], fixations: [], sigmaPx: 1 }),
    );
    fast.compareRow(late, 1, 2, row);
    assert.ok(Math.abs((row[0] ?? 0) - 1) < 1e-6, measure.name);
  }
});

test('the order of two cases does not matter, to the last bit, where no two alignments are equally short', () => {
  const { cases } = randomCases(12);
  for (const measure of stationMeasures) {
    const compared = measure.open();
    for (const { gaze } of cases) compared.add(measure.describe(gaze));
    for (let i = 0; i < 12; i += 1)
      for (let j = 0; j < i; j += 1)
        assert.deepEqual(compared.compare(i, j), compared.compare(j, i), measure.name);
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
    const measure = createMultimatch(options);
    const packed = packScanpaths(new Kernel(), options);
    const signatures: MultimatchSignature[] = [];
    for (const grid of [1, 100, 400])
      for (const count of [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 31, 32, 33, 64, 201]) {
        const signature = measure.describe(scanpath(count, count + grid, grid));
        if (typeof signature === 'string') continue;
        signatures.push(signature);
        packed.add(signature);
      }
    assert.ok(signatures.length > 40);
    const row = new Float32Array(signatures.length);
    for (const [i, a] of signatures.entries()) {
      packed.compareRow(i, 0, signatures.length, row);
      for (const [j, b] of signatures.entries()) {
        const expected = measure.compare(a, b);
        assert.deepEqual(packed.compare(i, j), expected, `${a.count} x ${b.count} saccades`);
        assert.equal(row[j], Math.fround(expected.relation));
      }
    }
  }
});

test('the kernel’s TIMA equals the plain one bit for bit: all lengths, ties, empty maps, no number', () => {
  const measure = createTima(stationTima);
  const packed = packSequences(new Kernel(), stationTima);
  const random = createRandom(3);
  const sequences = Array.from({ length: 60 }, (_, k) =>
    Array.from({ length: k % 14 }, () => ({
      mu: k < 30 ? random.below(3) : 1e5 * random.next(),
      hu: k < 30 ? ([0, 1, 2][random.below(4)] ?? Number.NaN) : random.next(),
    })),
  );
  for (const sequence of sequences) packed.add(sequence);
  const row = new Float32Array(60);
  for (const [i, a] of sequences.entries()) {
    packed.compareRow(i, 0, 60, row);
    for (const [j, b] of sequences.entries()) {
      const expected = measure.compare(a, b);
      assert.deepEqual(packed.compare(i, j), expected, `${a.length} x ${b.length} maps`);
      assert.equal(row[j], Math.fround(expected.relation));
    }
  }
});

test('scanpaths beyond 2 GiB of the kernel’s memory are compared as those below', (t) => {
  const measure = createMultimatch(stationMultimatch);
  const kernel = new Kernel();
  const packed = packScanpaths(kernel, stationMultimatch);
  const signatures = [40, 50, 60].map((count) => measure.describe(scanpath(count, count, 1)));
  const [a, b, c] = signatures;
  assert.ok(typeof a === 'object' && typeof b === 'object' && typeof c === 'object');
  packed.add(a);
  try {
    // Nothing is written there, so that hardly any of it is used.
    kernel.take(2 ** 31);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    t.skip('this machine gives no 2 GiB of addresses');
    return;
  }
  packed.add(b);
  packed.add(c);
  assert.deepEqual(packed.compare(0, 1), measure.compare(a, b));
  assert.deepEqual(packed.compare(1, 2), measure.compare(b, c));
  const row = new Float32Array(3);
  packed.compareRow(1, 0, 3, row);
  assert.deepEqual(
    row,
    Float32Array.from([a, b, c], (other) => measure.compare(b, other).relation),
  );
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

/** The hash whose bits from `from` to below `to` are set. */
function hashOf(from: number, to: number): DifferenceHash {
  let [low, high] = [0, 0];
  for (let bit = from; bit < to; bit += 1)
    if (bit < 32) low |= 1 << bit;
    else high |= 1 << (bit - 32);
  return { low, high, ones: to - from };
}

test('a row of hashes equals the cosine for every number of bits that two hashes and both can have', () => {
  let checked = 0;
  for (let ones = 1; ones <= 64; ones += 1) {
    const packed = packHashes(new Kernel());
    const own = hashOf(0, ones);
    packed.add(own);
    const others: DifferenceHash[] = [];
    for (let other = 1; other <= 64; other += 1)
      for (let both = Math.max(0, ones + other - 64); both <= Math.min(ones, other); both += 1)
        others.push(hashOf(ones - both, ones - both + other));
    for (const other of others) packed.add(other);
    packed.add(undefined);
    const row = new Float32Array(others.length + 1);
    packed.compareRow(0, 1, others.length + 2, row);
    for (const [k, other] of others.entries()) {
      assert.equal(row[k], Math.fround(hashCosine(own, other)));
      assert.equal(packed.compare(0, k + 1).relation, hashCosine(own, other));
    }
    assert.ok(Number.isNaN(row.at(-1)));
    checked += others.length;
  }
  // Ways to part 64 places into set in both, in one, in the other, in none, without those of an empty hash.
  assert.equal(checked, (67 * 66 * 65) / 6 - 129);
});
