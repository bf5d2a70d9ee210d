// Defects of the published code that concern heat maps, hash and moments: ours does not have them, and
// `asPublished: true` gives the published result where it differs. Numbers as in the list of defects.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalGaze } from '../../../../shared/gaze/canonical.ts';
import { publishedHeatmap, toCanvas } from '../../../../shared/gaze/heatmap.ts';
import { type GreyImage, resizeBilinear } from '../../../../shared/gaze/resize.ts';
import { createDifferenceHash } from '../../../../shared/gaze/similarity/difference-hash.ts';
import {
  createHuMoments,
  imageMoments,
  momentSimilarity,
  momentWeights,
} from '../../../../shared/gaze/similarity/hu-moments.ts';
import { findMeasure } from '../../../../shared/gaze/similarity/station-measures.ts';
import { type GoldenScanpath, goldenMissing, readGolden } from '../../golden.ts';

const grey = (side: number, value: (column: number, row: number) => number): GreyImage => ({
  width: side,
  height: side,
  data: Uint8Array.from({ length: side * side }, (_, i) => value(i % side, Math.floor(i / side))),
});

describe('heat maps', () => {
  // 7
  test('dwell counts; as published a place counts once, however long it was looked at', () => {
    const looks = (left: number, right: number): CanonicalGaze => ({
      points: [],
      fixations: [
        { x: 200, y: 300, duration: left },
        { x: 600, y: 500, duration: right },
      ],
      sigmaPx: 40,
    });
    for (const name of ['difference-hash', 'hu-moments', 'heatmap-cosine'] as const) {
      const measure = findMeasure(name);
      assert.notDeepEqual(
        measure.describe(looks(100, 900)),
        measure.describe(looks(500, 500)),
        name,
      );
      assert.deepEqual(measure.describe(looks(100, 900)), measure.describe(looks(200, 1800)), name);
    }
    const once = publishedHeatmap(
      [
        [200, 300],
        [600, 500],
      ],
      { asPublished: true },
    );
    const often = [...Array.from({ length: 50 }, () => [200, 300] as const), [600, 500] as const];
    assert.deepEqual(publishedHeatmap(often, { asPublished: true }), once);
  });

  // 8
  test('samples beside the image are dropped and counted; as published they wrap or pile up', () => {
    const { points, dropped } = toCanvas(
      [
        { x: -0.6, y: 5 },
        { x: 1000, y: 5 },
        { x: -0.5, y: -0.5 },
        { x: 99.4, y: 49.4 },
      ],
      100,
      50,
    );
    assert.equal(dropped, 2);
    assert.deepEqual(points, [
      [0, 0],
      [799, 798],
    ]);
    for (const [beside, place] of [
      [
        [-5, 10],
        [795, 10],
      ],
      [
        [900, 950],
        [799, 799],
      ],
    ] as const) {
      const ours = publishedHeatmap([beside], { asPublished: false });
      assert.ok(ours.data.every((value) => value === 0));
      const options = { asPublished: true };
      assert.deepEqual(publishedHeatmap([beside], options), publishedHeatmap([place], options));
    }
  });

  // 9
  test(
    'maps are measured as they were drawn, not as JPEG gives them back',
    { skip: goldenMissing },
    () => {
      const { scanpaths } = readGolden('scanpaths.json') as {
        readonly scanpaths: readonly GoldenScanpath[];
      };
      type Values = { readonly mu: number };
      const { items } = readGolden('heatmap_moment.json') as {
        readonly items: readonly {
          readonly id: string;
          readonly lossless: Values;
          readonly jpeg: Values;
        }[];
      };
      let changed = 0;
      for (const { id, lossless, jpeg } of items.slice(0, 8)) {
        const gaze = scanpaths.find((scanpath) => scanpath.id === id)?.gaze ?? [];
        const map = publishedHeatmap(gaze, { asPublished: true });
        const { mu } = imageMoments(resizeBilinear(map, 32, 32));
        assert.equal(mu, lossless.mu);
        changed += Number(mu !== jpeg.mu);
      }
      assert.ok(changed > 0, 'JPEG would have changed them');
    },
  );
});

describe('empty and even maps', () => {
  const empty = publishedHeatmap([], { asPublished: true });
  const even = grey(32, () => 90);
  const usual = publishedHeatmap([[200, 300]], { asPublished: true });

  // 10
  test('they have no hash, with a reason; as published it is 0 to itself', () => {
    const ours = createDifferenceHash({ asPublished: false });
    assert.equal(ours.describe(empty), 'empty-map');
    assert.equal(ours.describe(even), 'flat-map');
    const published = createDifferenceHash({ asPublished: true });
    for (const map of [empty, even]) {
      const hash = published.describe(map);
      assert.ok(typeof hash === 'object');
      assert.equal(published.compare(hash, hash).relation, 0);
    }
  });

  // 10
  test('an empty one has no moments; as published 0.5 or 0.2 to itself and 0 to others', () => {
    for (const [name, wanted] of [
      ['mammography', 0.5],
      ['dental', 0.2],
    ] as const) {
      const weights = momentWeights[name];
      assert.equal(createHuMoments({ weights, asPublished: false }).describe(empty), 'empty-map');
      const published = createHuMoments({ weights, asPublished: true });
      const [none, some] = [published.describe(empty), published.describe(usual)];
      assert.ok(typeof none === 'object' && typeof some === 'object');
      assert.ok(Math.abs(published.compare(none, none).relation - wanted) < 1e-12);
      assert.ok(Math.abs(published.compare(none, some).relation) < 1e-12);
    }
  });
});

describe('moments', () => {
  // 11
  test('sums do not overflow in eight bits', () => {
    const { mu, hu } = imageMoments(grey(32, () => 200));
    assert.equal(mu, 204_800);
    // An even square of side n: 2 (n^2 - 1) / 12 / M00 grey values.
    assert.ok(Math.abs(hu - (2 * (32 * 32 - 1)) / 12 / 204_800) < 1e-15);
    const white = imageMoments(grey(256, () => 255));
    assert.equal(white.mu, 255 * 256 * 256);
    const alike = momentSimilarity({ mu, hu }, { mu, hu }, momentWeights.dental).relation;
    assert.ok(Math.abs(alike - 1) < 1e-15);
  });
});
