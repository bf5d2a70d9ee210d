import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainPair } from '../../../../electron/app/training/explain-pair.ts';
import { describeReading } from '../../../../shared/database/canonical-gaze.ts';
import { findRecordingId } from '../../../../shared/database/gaze.ts';
import { findImage } from '../../../../shared/database/images.ts';
import { insertPairs } from '../../../../shared/database/pairs.ts';
import { insertMined, insertRun, insertRunReadings } from '../../../../shared/database/runs.ts';
import { noLandmarks } from '../../../../shared/gaze/landmarks.ts';
import { combineSteps } from '../../../../shared/gaze/similarity/explain-multimatch.ts';
import { stationMultimatch } from '../../../../shared/gaze/similarity/multimatch.ts';
import { findMeasure } from '../../../../shared/gaze/similarity/station-measures.ts';
import { StationError } from '../../../../shared/station-error.ts';
import { openSmallStation, storeReading, walk } from '../../../fixtures/small-station.ts';

const bins = (at: number): number[] => Array.from({ length: 200 }, (_, i) => (i === at ? 1 : 0));

test('an explanation gives back the stored similarity and tells how each number stands to chance', async (t) => {
  const station = await openSmallStation({ images: 2 });
  t.after(() => station.close());
  const { database, imageIds, users } = station;
  database.exec(`UPDATE image SET laterality = 'R' WHERE id = 2`);
  const readings = imageIds.map((imageId, i) =>
    storeReading(database, {
      imageId,
      studyId: i + 1,
      userId: users.simulated,
      source: 'simulated',
      places: walk(i + 1, 12),
      restMs: 200 + 100 * i,
    }),
  );
  const measure = findMeasure('multimatch');
  const compared = measure.open();
  for (const [i, readingId] of readings.entries()) {
    const image = findImage(database, imageIds[i] ?? 0);
    assert.ok(image !== undefined);
    const recordingId = findRecordingId(database, readingId) ?? 0;
    const { cases } = describeReading(
      database,
      { readingId, recordingId },
      new Map([[image.imageId, { ...image, landmarks: noLandmarks }]]),
    );
    const gaze = cases[0]?.gaze;
    assert.ok(gaze !== undefined);
    compared.add(measure.describe(gaze));
  }
  const stored = compared.compare(0, 1);
  assert.ok(stored !== undefined);
  const runId = insertRun(database, {
    configuration: '{}',
    userId: users.agreed,
    createdAtMs: 0,
    appVersion: 'test',
  });
  insertRunReadings(database, runId, readings);
  insertPairs(database, runId, 'multimatch', [
    {
      imageA: 1,
      imageB: 2,
      similarity: [...stored.parts],
      relation: stored.relation,
      pValue: 0.01,
      qValue: 0.02,
      readingA: readings[0] ?? 0,
      readingB: readings[1] ?? 0,
      readingPairs: 1,
    },
  ]);
  insertMined(database, runId, 0.1, {
    measure: 'multimatch',
    images: 2,
    compared: 1,
    found: 1,
    undefinedPairs: 0,
    agreement: null,
    groups: [
      {
        group: 'OP',
        threshold: 0.1,
        falsePositiveRate: 0,
        compared: 1,
        found: 1,
        falseDiscoveryRate: 0,
        chancePairs: 1,
        chanceCounts: bins(0),
        chancePartCounts: [bins(0), bins(199)],
        pairCounts: bins(0),
      },
    ],
  });
  const explain = (imageA: number, imageB: number) =>
    explainPair(database, { runId, measure: 'multimatch', imageA, imageB });
  const found = explain(1, 2);
  assert.ok(found.alignment !== null);
  const combined = combineSteps(found.alignment.steps, stationMultimatch);
  for (const [k, { value }] of found.similarity.entries())
    assert.ok(Math.abs(value - (combined[k] ?? 0)) < 1e-12);
  assert.deepEqual(
    [found.relation.percentile, ...found.similarity.map(({ percentile }) => percentile)],
    [1, 1, 0, null, null, null],
  );
  assert.deepEqual(
    [found.kind, found.chancePairs, found.pValue, found.qValue, found.readingPairs],
    ['OP', 1, 0.01, 0.02, 1],
  );
  assert.deepEqual([found.a.readingId, found.b.readingId], readings);
  const turned = explain(2, 1);
  assert.deepEqual([turned.a, turned.b], [found.b, found.a]);
  assert.throws(
    () => explain(1, 9),
    (error) => error instanceof StationError && error.code === 'not-found',
  );
});
