import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findPair,
  insertPairs,
  listPairChoices,
  pagePairs,
  type PairFilter,
} from '../../../shared/database/pairs.ts';
import { insertRun, insertRunReadings } from '../../../shared/database/runs.ts';
import { setVerdict } from '../../../shared/database/verdicts.ts';
import { openSmallStation, storeReading } from '../../fixtures/small-station.ts';

const any: PairFilter = { atLeast: 0, reader: null, modality: null, view: null, verdict: null };

test('pairs are filtered by reader, modality, view and verdict, and counted as they are listed', async (t) => {
  const station = await openSmallStation({ images: 4 });
  t.after(() => station.close());
  const { database, users, imageIds } = station;
  database.exec(
    `UPDATE study SET modality = 'MG' WHERE id > 2; UPDATE image SET view_position = 'CC' WHERE id > 2`,
  );
  const readings = imageIds.map((imageId, i) =>
    storeReading(database, {
      imageId,
      studyId: i + 1,
      userId: i === 0 ? users.agreed : users.simulated,
      source: 'simulated',
      places: [],
    }),
  );
  const runId = insertRun(database, {
    configuration: '{}',
    userId: users.agreed,
    createdAtMs: 0,
    appVersion: 'test',
  });
  insertRunReadings(database, runId, readings);
  const pair = (a: number, b: number, relation: number) => ({
    imageA: imageIds[a] ?? 0,
    imageB: imageIds[b] ?? 0,
    similarity: [0.1, 0.2, 0.3, 0.4, 0.5],
    relation,
    pValue: 0.01,
    qValue: 0.02,
    readingA: readings[a] ?? 0,
    readingB: readings[b] ?? 0,
    readingPairs: 1,
  });
  insertPairs(database, runId, 'multimatch', [pair(1, 0, 0.9), pair(2, 3, 0.8), pair(0, 2, 0.7)]);
  const list = (filter: Partial<PairFilter>): string[] => {
    const { total, pairs } = pagePairs(database, runId, 'multimatch', { ...any, ...filter }, 0, 10);
    assert.equal(total, pairs.length);
    return pairs.map(({ imageA, imageB }) => `${imageA}-${imageB}`);
  };
  assert.deepEqual(list({}), ['1-2', '3-4', '1-3']);
  assert.deepEqual(list({ atLeast: 0.75 }), ['1-2', '3-4']);
  assert.deepEqual(list({ reader: 'agreed' }), ['1-2', '1-3']);
  assert.deepEqual(list({ modality: 'MG' }), ['3-4']);
  assert.deepEqual(list({ view: 'CC', reader: 'agreed' }), []);
  setVerdict(database, { imageA: 2, imageB: 1 }, 'accepted', users.agreed, 5);
  setVerdict(database, { imageA: 1, imageB: 3 }, 'refused', users.agreed, 5);
  assert.deepEqual(list({ verdict: 'to-judge' }), ['3-4']);
  assert.deepEqual(list({ verdict: 'accepted' }), ['1-2']);
  assert.deepEqual(list({ verdict: 'refused', atLeast: 0.75 }), []);
  assert.deepEqual(list({ verdict: 'refused', reader: 'agreed' }), ['1-3']);
  assert.deepEqual(listPairChoices(database, runId), {
    readers: ['agreed', 'simulated'],
    modalities: ['MG', 'OP'],
    views: ['CC'],
  });
  const found = findPair(database, runId, 'multimatch', [2, 1]);
  assert.deepEqual(
    [found?.readingA, found?.readingB, found?.verdict],
    [readings[0], readings[1], 'accepted'],
  );
  assert.equal(findPair(database, runId, 'multimatch', [1, 4]), undefined);
});
