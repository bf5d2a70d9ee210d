import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { decode } from 'fast-png';
import { dwellHeatmap, publishedHeatmap } from '../../../../shared/gaze/heatmap.ts';
import { resizeBilinear } from '../../../../shared/gaze/resize.ts';
import {
  type DifferenceHash,
  differenceHash,
  hashBits,
  hashCosine,
} from '../../../../shared/gaze/similarity/difference-hash.ts';
import { type GoldenScanpath, goldenMissing, goldenPath, readGolden } from '../../golden.ts';

type Item = {
  readonly lossless: { readonly img: readonly (readonly number[])[]; readonly bits: string };
};

describe('heat map and difference hash against the authors’ code', { skip: goldenMissing }, () => {
  test('30 maps of 800 x 800, their 32 x 32 and 9 x 8 images, bits and relations are identical', () => {
    const { scanpaths } = readGolden('scanpaths.json') as {
      readonly scanpaths: readonly GoldenScanpath[];
    };
    const golden = readGolden('dhash.json') as {
      readonly items: readonly Item[];
      readonly relation_lossless: readonly (readonly number[])[];
    };
    const moments = readGolden('heatmap_moment.json') as {
      readonly items: readonly { readonly img32_lossless: readonly (readonly number[])[] }[];
    };
    const hashes = scanpaths.map(({ id, gaze }, n) => {
      const map = publishedHeatmap(gaze, { asPublished: true });
      const png = decode(readFileSync(goldenPath(`heatmaps_png/${id}.png`)));
      assert.deepEqual(map.data, new Uint8Array(png.data), id);
      assert.deepEqual(
        [...resizeBilinear(map, 32, 32).data],
        moments.items[n]?.img32_lossless.flat(),
      );
      assert.deepEqual([...resizeBilinear(map, 9, 8).data], golden.items[n]?.lossless.img.flat());
      const hash = differenceHash(map);
      assert.equal(hashBits(hash).join(''), golden.items[n]?.lossless.bits);
      return hash;
    });
    for (const [i, row] of golden.relation_lossless.entries())
      for (const [k, expected] of row.entries()) {
        const [a, b] = [hashes[i], hashes[i + k]];
        assert.ok(a !== undefined && b !== undefined);
        assert.ok(Math.abs(hashCosine(a, b) - expected) < 1e-12);
      }
  });

  test('17 odd scanpaths, among them empty, negative and overflowing ones', () => {
    const golden = readGolden('edge_cases.json') as {
      readonly cases: Readonly<Record<string, readonly (readonly [number, number])[]>>;
      readonly heat: Readonly<Record<string, { readonly img32: readonly (readonly number[])[] }>>;
      readonly moment_dhash: readonly {
        readonly a: string;
        readonly b: string;
        readonly dhash: number;
      }[];
    };
    const hashes = new Map<string, DifferenceHash>();
    for (const [name, gaze] of Object.entries(golden.cases)) {
      const map = publishedHeatmap(gaze, { asPublished: true });
      assert.deepEqual(
        [...resizeBilinear(map, 32, 32).data],
        golden.heat[name]?.img32.flat(),
        name,
      );
      hashes.set(name, differenceHash(map));
    }
    for (const { a, b, dhash } of golden.moment_dhash) {
      const [one, other] = [hashes.get(a), hashes.get(b)];
      assert.ok(one !== undefined && other !== undefined);
      assert.ok(Math.abs(hashCosine(one, other) - dhash) < 1e-12, `${a} and ${b}`);
    }
  });
});

test('the dwell-weighted map peaks where the eye stayed longest', () => {
  const map = dwellHeatmap(
    [
      { x: 20, y: 30, weight: 100 },
      { x: 60, y: 10, weight: 300 },
    ],
    80,
    40,
    4,
  );
  assert.equal(map[10 * 80 + 60], 1);
  assert.ok(Math.abs((map[30 * 80 + 20] ?? 0) - 1 / 3) < 1e-3);
});
