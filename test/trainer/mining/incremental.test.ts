import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { GazeCase } from '../../../shared/database/canonical-gaze.ts';
import {
  findMeasure,
  type StationMeasure,
} from '../../../shared/gaze/similarity/station-measures.ts';
import type { MiningOptions } from '../../../trainer/mining/mine-kind.ts';
import { minePairs } from '../../../trainer/mining/mine-pairs.ts';
import { RowPool } from '../../../trainer/mining/row-pool.ts';
import { randomCases } from '../../fixtures/chance-check.ts';
import { listed, miningOptions, signCases } from '../../fixtures/mining.ts';
import { temporaryFolder } from '../../fixtures/station-rows.ts';

const multimatch = findMeasure('multimatch');

/** The measure, counting the relations that rows ask for. */
function counting(measure: StationMeasure): {
  readonly measure: StationMeasure;
  readonly count: () => number;
} {
  let computed = 0;
  return {
    count: () => computed,
    measure: {
      ...measure,
      open: () => {
        const compared = measure.open();
        return {
          get size() {
            return compared.size;
          },
          add: (signature) => compared.add(signature),
          reason: (i) => compared.reason(i),
          compare: (i, j) => compared.compare(i, j),
          compareRow: (i, from, to, out) => {
            computed += to - from;
            compared.compareRow(i, from, to, out);
          },
        };
      },
    },
  };
}

const { cases, images } = randomCases(30);
const signed = signCases(multimatch, cases);

const mine = async (some: readonly GazeCase[], change: Partial<MiningOptions> = {}) => {
  const ids = new Set(some.map(({ readingId }) => readingId));
  return listed(
    await minePairs(
      signed.filter(({ readingId }) => ids.has(readingId)),
      images,
      miningOptions('multimatch', cases, { rule: { falsePositiveRate: 0.05 }, ...change }),
    ),
  );
};

const without = (...readingIds: readonly number[]): GazeCase[] =>
  cases.filter(({ readingId }) => !readingIds.includes(readingId));

test('a new reading is compared with all others and merged: bit for bit what mining everything gives', async (t) => {
  const store = { folder: temporaryFolder(t), prefix: 'all' };
  const steps: readonly (readonly [string, readonly GazeCase[], number])[] = [
    ['all but two', without(12, 29), (28 * 27) / 2],
    ['nothing new', without(12, 29), 0],
    ['one behind all others', without(12), 28],
    ['one between others', cases, 29],
    ['two gone', without(0, 20), 0],
    ['both back', cases, 28 + 29],
  ];
  for (const [what, some, computed] of steps) {
    const { measure, count } = counting(multimatch);
    assert.deepEqual(await mine(some, { store, measure }), await mine(some), what);
    assert.equal(count(), computed, `${what}: only what is missing is computed`);
  }
});

test('a signature that has changed is compared anew', async (t) => {
  const store = { folder: temporaryFolder(t), prefix: 'all' };
  await mine(cases, { store });
  const changed = signed.map((each, i) =>
    i === 7 ? { ...each, signature: signed[8]?.signature ?? each.signature } : each,
  );
  const { measure, count } = counting(multimatch);
  const options = miningOptions('multimatch', cases, { store, measure });
  const fresh = miningOptions('multimatch', cases);
  assert.deepEqual(
    listed(await minePairs(changed, images, options)),
    listed(await minePairs(changed, images, fresh)),
  );
  assert.equal(count(), 29);
});

test('stored relations that are damaged, cut short or foreign are not believed', async (t) => {
  const expected = await mine(cases);
  const damages: Readonly<Record<string, (data: string, header: string) => void>> = {
    'cut short': (data) => truncateSync(data, 100),
    'another header': (_, header) => writeFileSync(header, '{"format": 1}'),
    'no JSON': (_, header) => appendFileSync(header, 'x'),
    'all numbers changed': (data) => writeFileSync(data, readFileSync(data).fill(63)),
  };
  for (const [what, damage] of Object.entries(damages)) {
    const folder = temporaryFolder(t);
    const store = { folder, prefix: 'all' };
    await mine(cases, { store });
    const files = readdirSync(folder).map((file) => path.join(folder, file));
    assert.equal(files.length, 2);
    damage(
      files.find((file) => file.endsWith('.f32')) ?? '',
      files.find((file) => file.endsWith('.json')) ?? '',
    );
    const { measure, count } = counting(multimatch);
    assert.deepEqual(await mine(cases, { store, measure }), expected, what);
    assert.equal(count(), (30 * 29) / 2, `${what}: everything is computed`);
    const again = counting(multimatch);
    await mine(cases, { store, measure: again.measure });
    assert.equal(again.count(), 0, `${what}: and is kept again`);
    assert.equal(readdirSync(folder).length, 2, 'no file is left over');
  }
});

test('relations of another version of a measure are removed, those of other measures stay', async (t) => {
  const folder = temporaryFolder(t);
  const store = { folder, prefix: 'all' };
  await mine(cases, { store, measure: { ...multimatch, version: 'of old' } });
  writeFileSync(path.join(folder, 'all-tima-1-2.json'), '{}');
  const old = readdirSync(folder).filter((file) => file.startsWith('all-multimatch'));
  await mine(cases, { store });
  const now = readdirSync(folder);
  assert.equal(old.length, 2);
  assert.equal(now.length, 3);
  assert.ok(now.includes('all-tima-1-2.json') && !old.some((file) => now.includes(file)));
});

test('where relations cannot be kept, mining gives the same without', async (t) => {
  const folder = path.join(temporaryFolder(t), 'mining');
  writeFileSync(folder, 'a file in the place of the folder');
  assert.deepEqual(await mine(cases, { store: { folder, prefix: 'all' } }), await mine(cases));
});

test('mining cancelled at any point and taken up again gives the same, and computes less', async (t) => {
  const expected = await mine(cases);
  let least = Infinity;
  // The first 20 looks come while chance pairs are drawn, one each.
  for (let stopAt = 3; stopAt < 50; stopAt += 4) {
    const store = { folder: temporaryFolder(t), prefix: 'all' };
    let [looks, clockMs] = [0, 0];
    await assert.rejects(
      mine(cases, {
        store,
        // So that every step and row is followed by a look.
        nowMs: () => (clockMs += 60),
        onCheck: () =>
          (looks += 1) === stopAt ? Promise.reject(new Error('cancelled')) : Promise.resolve(),
      }),
      /cancelled/u,
    );
    const { measure, count } = counting(multimatch);
    assert.deepEqual(await mine(cases, { store, measure }), expected);
    least = Math.min(least, count());
  }
  assert.ok(least < (30 * 29) / 2, `${least}`);
});

test('threads give the same as one, bit for bit; a thread that dies ends mining with its error', async (t) => {
  const expected = await mine(cases);
  const pool = new RowPool(2, () => performance.now(), 1);
  t.after(() => pool.close());
  assert.deepEqual(await mine(cases, { pool }), expected);
  const fault = signed.map((each, i) =>
    i === 3 ? { ...each, signature: Uint8Array.of(1) } : each,
  );
  await assert.rejects(
    minePairs(fault, images, miningOptions('multimatch', cases, { pool })),
    /damaged/u,
  );
});
