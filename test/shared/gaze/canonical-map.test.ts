import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CanonicalGaze } from '../../../shared/gaze/canonical.ts';
import {
  comparedSide,
  drawCanonicalMap,
  drawGreyMap,
  hashedSide,
  narrowestSigmaPx,
} from '../../../shared/gaze/canonical-map.ts';
import { detectFixationsByDispersion } from '../../../shared/gaze/fixations.ts';
import { dwellHeatmap } from '../../../shared/gaze/heatmap.ts';
import { differenceHash, hashBits } from '../../../shared/gaze/similarity/difference-hash.ts';
import { heatmapCosine } from '../../../shared/gaze/similarity/map-comparison.ts';
import { createRandom } from '../../../shared/random.ts';
import { type GoldenScanpath, goldenMissing, readGolden } from '../golden.ts';

type Looks = Pick<CanonicalGaze, 'fixations' | 'sigmaPx'>;

test('the dwell-weighted map is the sum of Gaussians that it is said to be', () => {
  const random = createRandom(4);
  const points = Array.from({ length: 9 }, () => ({
    x: random.next() * 50 - 5,
    y: random.next() * 40 - 5,
    weight: 100 + random.next() * 400,
  }));
  const sigma = 2.7;
  const map = dwellHeatmap(points, 40, 30, sigma);
  const direct = Array.from(map, (_, i) =>
    points.reduce(
      (sum, { x, y, weight }) =>
        sum +
        weight *
          Math.exp(-(((i % 40) - x) ** 2 + (Math.floor(i / 40) - y) ** 2) / (2 * sigma ** 2)),
      0,
    ),
  );
  const max = Math.max(...direct);
  // Beyond 3.5 sigma a look is cut off: exp(-6.1) of its height.
  for (const [i, value] of map.entries())
    assert.ok(Math.abs(value - (direct[i] ?? 0) / max) < 9 * 0.0022, String(i));
  assert.equal(Math.max(...map), 1);
});

test('a wider look makes a wider map, and none is narrower than the map can show', () => {
  const fixations = [{ x: 400, y: 400, duration: 200 }];
  const widthOf = (sigmaPx: number): number =>
    drawCanonicalMap({ fixations, sigmaPx }, 80).filter((value) => value > 0.6065).length;
  assert.ok(Math.abs(widthOf(40) / widthOf(80) - 0.25) < 0.05);
  assert.equal(widthOf(1), widthOf(narrowestSigmaPx));
  // Between four pixels of the map, so all four are brightest.
  const { data } = drawGreyMap({ fixations, sigmaPx: 30 });
  const middle = hashedSide / 2;
  for (const [row, column] of [
    [middle, middle],
    [middle - 1, middle],
    [middle, middle - 1],
  ] as const)
    assert.equal(data[row * hashedSide + column], 255);
});

test('without a fixation the map is empty', () => {
  assert.ok(drawGreyMap({ fixations: [], sigmaPx: 30 }).data.every((value) => value === 0));
});

describe('smaller maps on real scanpaths', { skip: goldenMissing }, () => {
  const { scanpaths } = goldenMissing
    ? { scanpaths: [] }
    : (readGolden('scanpaths.json') as { readonly scanpaths: readonly GoldenScanpath[] });
  const looksAt = (sigmaPx: number): Looks[] =>
    scanpaths.map(({ gaze }) => ({
      sigmaPx,
      fixations: detectFixationsByDispersion(
        gaze.map(([x, y], i) => ({ tMs: (i * 1000) / 60, x: x + 0.5, y: y + 0.5 })),
        { maxDispersion: 64, minDurationMs: 100, maxGapMs: 75 },
      ).map(({ x, y, durationMs }) => ({ x, y, duration: durationMs })),
    }));

  test('no cosine of 435 pairs changes by 0.01 with the side of the compared maps', () => {
    for (const sigmaPx of [1, 20, 30.2, 60, 160]) {
      const [small, large] = [comparedSide, 128].map((side) =>
        looksAt(sigmaPx).map((looks) => heatmapCosine.describe(drawCanonicalMap(looks, side))),
      );
      let [worst, pairs] = [0, 0];
      for (let i = 0; i < scanpaths.length; i += 1)
        for (let j = i + 1; j < scanpaths.length; j += 1) {
          const [a, b] = [small, large].map((all) => {
            const [one, other] = [all?.[i], all?.[j]];
            assert.ok(one instanceof Float32Array && other instanceof Float32Array);
            return heatmapCosine.compare(one, other).relation;
          });
          worst = Math.max(worst, Math.abs((a ?? 0) - (b ?? 1)));
          pairs += 1;
        }
      assert.equal(pairs, 435);
      assert.ok(worst < 0.01, `${sigmaPx}: ${worst}`);
    }
  });

  test('hardly a bit of the hash changes with the side of the hashed map', () => {
    let changed = 0;
    for (const looks of looksAt(30.2)) {
      const values = drawCanonicalMap(looks, 800);
      const full = { width: 800, height: 800, data: values.map((value) => value * 255) };
      const bits = hashBits(differenceHash({ ...full, data: Uint8Array.from(full.data) }));
      const small = hashBits(differenceHash(drawGreyMap(looks)));
      changed += bits.filter((bit, k) => bit !== small[k]).length;
    }
    assert.ok(changed <= 7, `${changed} of ${scanpaths.length * 64}`);
  });
});
