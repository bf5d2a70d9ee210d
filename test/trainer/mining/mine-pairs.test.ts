import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pairKey } from '../../../shared/database/verdicts.ts';
import { findMeasure } from '../../../shared/gaze/similarity/station-measures.ts';
import { mayPair } from '../../../shared/imaging/pair-rules.ts';
import { measureNames, readerPolicies } from '../../../shared/training/run-configuration.ts';
import { chanceDefaults } from '../../../trainer/mining/chance-pairs.ts';
import { minePairs } from '../../../trainer/mining/mine-pairs.ts';
import { standardiseReaders } from '../../../trainer/mining/reader-scale.ts';
import { randomCases } from '../../fixtures/chance-check.ts';
import { listed, miningOptions, signCases } from '../../fixtures/mining.ts';

/** 14 readings of 10 images by two readers; images 0 to 3 were read by both. */
function twoReaders() {
  const { cases, images } = randomCases(14);
  const read = cases.map((each, i) => ({ ...each, imageId: i % 10 }));
  return {
    cases: read,
    images,
    readerOf: ({ readingId }: { readonly readingId: number }) => 1 + (readingId % 2),
  };
}

test('mining gives what comparing every pair by hand gives, by every measure', async () => {
  const { cases, images, readerOf } = twoReaders();
  const threshold = 0.5;
  for (const name of measureNames) {
    const measure = findMeasure(name);
    const signed = signCases(measure, cases, readerOf);
    const compared = measure.open();
    for (const { signature } of signed) compared.add(signature);
    const relations = new Map<string, number[]>();
    for (const [i, a] of signed.entries())
      for (const [j, b] of signed.entries()) {
        const [imageA, imageB] = [images.get(a.imageId), images.get(b.imageId)];
        if (a.imageId >= b.imageId || a.readerId !== b.readerId) continue;
        if (imageA === undefined || imageB === undefined || !mayPair(imageA, imageB, false))
          continue;
        const found = compared.compare(i, j);
        const key = `${a.imageId} ${b.imageId}`;
        const list = relations.get(key) ?? [];
        relations.set(key, list);
        if (found !== undefined) list.push(found.relation);
      }
    const mean = (list: readonly number[]): number =>
      list.reduce((sum, relation) => sum + relation, 0) / list.length;
    const expected = [...relations].filter(([, list]) => list.length > 0 && mean(list) > threshold);
    const mined = listed(await minePairs(signed, images, miningOptions(name, cases)));
    assert.ok(expected.length > 0);
    assert.deepEqual(
      new Map(mined.pairs.map((pair) => [`${pair.imageA} ${pair.imageB}`, pair.readingPairs])),
      new Map(expected.map(([key, list]) => [key, list.length])),
    );
    for (const pair of mined.pairs) {
      const list = relations.get(`${pair.imageA} ${pair.imageB}`) ?? [];
      assert.ok(Math.abs(pair.relation - mean(list)) < 1e-6, name);
      const readers = [pair.readingA, pair.readingB].map((readingId) => readerOf({ readingId }));
      assert.equal(readers[0], readers[1], 'the readings named are of one reader');
    }
    assert.equal(mined.compared + mined.undefinedPairs, relations.size);
    assert.equal(mined.kept, mined.pairs.length);
    assert.deepEqual(
      listed(await minePairs(signed, images, miningOptions(name, cases))),
      mined,
      'the same cases and seed give the same result',
    );
  }
});

test('readers are compared with each other only where the policy says so', async () => {
  const { cases, images } = randomCases(8);
  const measure = findMeasure('multimatch');
  const signed = signCases(measure, cases, ({ readingId }) => readingId);
  for (const policy of readerPolicies) {
    const mined = await minePairs(signed, images, miningOptions('multimatch', cases, { policy }));
    assert.equal(mined.compared, policy === 'within' ? 0 : 28);
  }
});

test('across readers a relation counts by how it stands to the two readers’ own chance', () => {
  // Reader 1 looks at everything alike, reader 2 does not.
  const chance = Array.from({ length: 200 }, (_, i) => ({
    relation: i % 2 === 0 ? 0.85 + (i % 10) / 100 : 0.35 + (i % 9) / 100,
    readerA: 1 + (i % 2),
    readerB: 1 + (i % 2),
  }));
  const scale = standardiseReaders(chance);
  const meanOf = (reader: number): number => {
    const own = chance.filter(({ readerA }) => readerA === reader);
    return own.reduce((sum, { relation }) => sum + relation, 0) / own.length;
  };
  assert.ok(Math.abs(scale(meanOf(1), 1, 1) - scale(meanOf(2), 2, 2)) < 1e-12);
  assert.ok(scale(0.6, 2, 2) > scale(0.85, 1, 1), 'high for reader 2, low for reader 1');
  assert.equal(scale(0.6, 1, 2), scale(0.6, 2, 1));
  const few = standardiseReaders(chance.slice(0, 20));
  assert.equal(few(0.6, 1, 1), 0.6, 'too little chance says nothing');
});

test('a threshold from chance takes exactly the pairs with so small a p-value; planted pairs stand out', async () => {
  const { cases, images } = randomCases(24);
  // Images 0 and 1, 2 and 3, ... were looked at alike.
  const planted = cases.map((each, i) => ({ ...each, gaze: (cases[i - (i % 2)] ?? each).gaze }));
  const signed = signCases(findMeasure('multimatch'), planted);
  const mine = (change: object) =>
    minePairs(
      signed,
      images,
      miningOptions('multimatch', planted, { chance: chanceDefaults, ...change }),
    ).then(listed);
  const all = await mine({ rule: { fixed: -1 } });
  assert.equal(all.pairs.length, all.compared);
  for (const { pValue, qValue } of all.pairs) assert.ok(qValue >= pValue && qValue <= 1);
  const rate = 0.05;
  const few = await mine({ rule: { falsePositiveRate: rate } });
  assert.deepEqual(
    few.pairs,
    all.pairs.filter(({ pValue }) => pValue <= rate),
  );
  const [group] = few.groups;
  assert.ok(group !== undefined && group.chancePairs > 3000);
  assert.ok(group.falsePositiveRate <= rate);
  assert.equal(group.found, few.pairs.length);
  assert.equal(
    group.pairCounts.reduce((sum, count) => sum + count, 0),
    all.compared,
  );
  assert.deepEqual(few.chance, all.chance);
  assert.equal(few.chance['OP']?.length, group.chancePairs, 'the null is recorded');
  const [first] = few.pairs;
  assert.ok(first !== undefined);
  const refused = await mine({
    rule: { falsePositiveRate: rate },
    refused: new Set([pairKey({ imageA: first.imageB, imageB: first.imageA })]),
  });
  assert.deepEqual(refused.pairs, few.pairs.slice(1), 'a refused pair is counted, not kept');
  assert.equal(refused.compared, few.compared);
  const best = few.pairs.filter(({ relation }) => relation > 0.99);
  assert.ok(best.length > 0 && best.every(({ pValue }) => pValue < 0.01));
  // Of more pairs than may be kept the most alike are.
  const kept = await mine({ rule: { fixed: -1 }, mostPairs: 20 });
  const order = all.pairs.toSorted((a, b) => b.relation - a.relation).slice(0, 20);
  assert.deepEqual(
    kept.pairs.map(({ relation }) => relation).toSorted((a, b) => b - a),
    order.map(({ relation }) => relation),
  );
  assert.equal(kept.groups[0]?.found, all.compared, 'what was found is told in full');
});

test('images of one patient are a pair only where that is asked for', async () => {
  const { cases, images } = randomCases(4);
  const one = new Map([...images].map(([id, image]) => [id, { ...image, patientKey: 'same' }]));
  const signed = signCases(findMeasure('multimatch'), cases);
  const count = async (samePatient: boolean): Promise<number> =>
    (await minePairs(signed, one, miningOptions('multimatch', cases, { samePatient }))).compared;
  assert.equal(await count(false), 0);
  assert.equal(await count(true), 6);
});
