// Defects of the published code that concern TIMA: ours does not have them, and the published options give the
// published result where it differs. Numbers as in the list of defects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterGaze } from '../../../../shared/gaze/similarity/cluster-gaze.ts';
import { imageMoments, momentSide } from '../../../../shared/gaze/similarity/hu-moments.ts';
import {
  createTima,
  describeClusters,
  publishedTimaCore,
  publishedTimaDownstream,
  renderCluster,
  stationTima,
} from '../../../../shared/gaze/similarity/tima.ts';
import { resizeBilinear } from '../../../../shared/gaze/resize.ts';

type Gaze = readonly (readonly [number, number])[];

const clustersOf = (labels: readonly number[]): number =>
  new Set(labels.filter((label) => label >= 0)).size;

// 12
test('x is divided by the width and y by the height; as published they are exchanged', () => {
  // Two places 60 of 100 px apart in y, looked at in turn.
  const gaze: Gaze = Array.from({ length: 20 }, (_, i) => [50, i % 2 === 0 ? 20 : 80] as const);
  const options = { width: 1000, height: 100, neighbourDivisor: 10 };
  assert.equal(clustersOf(clusterGaze(gaze, options)), 2);
  const exchanged = clusterGaze(gaze, { ...options, exchangeDivisors: true });
  assert.equal(clustersOf(exchanged), 1);
  assert.equal(stationTima.clusters.exchangeDivisors, undefined);
  assert.equal(publishedTimaCore.clusters.exchangeDivisors, true);
});

// 13
test('clusters are compared in the order of time; as published 10 comes before 2', () => {
  // Twelve places, each looked at longer and over more of the canvas than the one before.
  const gaze: Gaze = Array.from({ length: 12 }, (_, place) =>
    Array.from(
      { length: 10 },
      (__, i) =>
        [
          80 + 210 * (place % 4) + Math.floor((i * place) / 4),
          80 + 300 * Math.floor(place / 4),
        ] as const,
    ),
  ).flat();
  const inTime = describeClusters(gaze, { ...publishedTimaDownstream, orderByName: false }).moments;
  const byName = describeClusters(gaze, publishedTimaDownstream).moments;
  assert.equal(inTime.length, 12);
  assert.equal(new Set(inTime.map(({ hu }) => hu)).size, 12);
  assert.deepEqual(
    byName,
    [0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9].map((label) => inTime[label]),
  );
  assert.equal(stationTima.orderByName, false);
});

// 14
test('gaze without a cluster has no similarity, with a reason; as published it is 0', () => {
  // Nine places far apart in turn: who comes back comes too late to be a neighbour.
  const scattered: Gaze = Array.from(
    { length: 20 },
    (_, i) => [80 + 320 * (i % 3), 80 + 320 * (Math.floor(i / 3) % 3)] as const,
  );
  for (const gaze of [scattered, []]) {
    assert.equal(createTima(stationTima).describe(gaze), 'no-cluster');
    const published = createTima(publishedTimaDownstream);
    const none = published.describe(gaze);
    assert.ok(typeof none === 'object' && none.length === 0);
    assert.equal(published.compare(none, none).relation, 0);
  }
});

// 15
test('maps lie on the canvas of the points; as published on 1920 x 1080', () => {
  const { clusters, canvasWidth, canvasHeight } = stationTima;
  assert.deepEqual([canvasWidth, canvasHeight], [clusters.width, clusters.height]);
  assert.deepEqual([publishedTimaCore.canvasWidth, publishedTimaCore.canvasHeight], [1920, 1080]);
  // On the larger canvas the same look covers less of it.
  const gaze: Gaze = Array.from({ length: 30 }, () => [400, 400] as const);
  const [ours] = describeClusters(gaze, stationTima).moments;
  const [published] = describeClusters(gaze, publishedTimaDownstream).moments;
  assert.ok(ours !== undefined && published !== undefined && ours.mu > 2 * published.mu);
});

// 15
test('points beside the canvas are left out of a cluster’s map, the others stay', () => {
  const usual: Gaze = [
    [100, 100],
    [130, 120],
  ];
  const map = renderCluster(usual, 800, 800);
  for (const beside of [
    [-5, 100],
    [100, -1],
    [801, 100],
  ] as const)
    assert.deepEqual(renderCluster([...usual, beside], 800, 800), map);
  const nothing = resizeBilinear(renderCluster([[-5, -5]], 800, 800), momentSide, momentSide);
  const { mu, hu } = imageMoments(nothing);
  assert.deepEqual([mu, hu], [0, Number.NaN]);
});

// 31
test('the canvas is a parameter', () => {
  const gaze: Gaze = Array.from({ length: 30 }, (_, i) => [500 + (i % 5), 900] as const);
  const tall = {
    ...stationTima,
    clusters: { ...stationTima.clusters, width: 600, height: 1000 },
    canvasWidth: 600,
    canvasHeight: 1000,
  };
  const measure = createTima(tall);
  const signature = measure.describe(gaze);
  assert.ok(typeof signature === 'object' && signature.length === 1);
  assert.equal(measure.compare(signature, signature).relation, 1);
});
