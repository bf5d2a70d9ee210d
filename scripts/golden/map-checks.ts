import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decode } from 'fast-png';
import { publishedHeatmap } from '../../shared/gaze/heatmap.ts';
import { type GreyImage, resizeBilinear } from '../../shared/gaze/resize.ts';
import {
  differenceHash,
  hashBits,
  hashCosine,
} from '../../shared/gaze/similarity/difference-hash.ts';
import {
  imageMoments,
  momentSimilarity,
  momentWeights,
} from '../../shared/gaze/similarity/hu-moments.ts';
import {
  compareSequences,
  describeClusters,
  publishedTimaCore,
  publishedTimaDownstream,
} from '../../shared/gaze/similarity/tima.ts';
import {
  double,
  exact,
  type Gaze,
  type GoldenFolder,
  type GoldenResult,
  Tally,
} from './golden-folder.ts';

/** The published heat map. */
export const mapOf = (gaze: Gaze): GreyImage => publishedHeatmap(gaze, { asPublished: true });

/** A matrix by rows. */
export type Rows = readonly (readonly number[])[];

/** Heat maps, their 32 x 32 images, moments and both relations. */
export function checkMoments(golden: GoldenFolder): GoldenResult[] {
  const file = 'heatmap_moment.json';
  const data = golden.read(file) as {
    readonly items: readonly {
      readonly id: string;
      readonly img32_lossless: Rows;
      readonly lossless: { readonly mu: number; readonly hu: unknown };
    }[];
    readonly relation_mammo_lossless: Rows;
    readonly relation_dental_lossless: Rows;
  };
  const [images, relations] = [new Tally(), new Tally()];
  const all = golden.scanpaths();
  const moments = data.items.map(({ id, img32_lossless: expected, lossless }) => {
    const map = mapOf(all.find((scanpath) => scanpath.id === id)?.gaze ?? []);
    const png = path.join(golden.folder, 'heatmaps_png', `${id}.png`);
    if (existsSync(png)) images.addAll(map.data, [...decode(readFileSync(png)).data]);
    const small = resizeBilinear(map, 32, 32);
    images.addAll(small.data, expected.flat());
    const found = imageMoments(small);
    images.add(found.mu, lossless.mu);
    relations.add(found.hu, lossless.hu);
    return found;
  });
  for (const [rows, weights] of [
    [data.relation_mammo_lossless, momentWeights.mammography],
    [data.relation_dental_lossless, momentWeights.dental],
  ] as const)
    for (const [i, row] of rows.entries())
      for (const [k, expected] of row.entries()) {
        const [a, b] = [moments[i], moments[i + k]];
        const relation =
          a === undefined || b === undefined
            ? Number.NaN
            : momentSimilarity(a, b, weights).relation;
        relations.add(k === 0 ? 1 : relation, expected);
      }
  return [
    images.result('heat maps and 32 x 32 images', file, exact),
    relations.result('moments', file, double),
  ];
}

/** 9 x 8 images, bits and cosine relation. */
export function checkHash(golden: GoldenFolder): GoldenResult[] {
  const file = 'dhash.json';
  const data = golden.read(file) as {
    readonly items: readonly {
      readonly id: string;
      readonly lossless: { readonly img: Rows; readonly bits: string };
    }[];
    readonly relation_lossless: Rows;
  };
  const [bits, relations] = [new Tally(), new Tally()];
  const all = golden.scanpaths();
  const hashes = data.items.map(({ id, lossless }) => {
    const map = mapOf(all.find((scanpath) => scanpath.id === id)?.gaze ?? []);
    bits.addAll(resizeBilinear(map, 9, 8).data, lossless.img.flat());
    const hash = differenceHash(map);
    bits.addAll(hashBits(hash), Array.from(lossless.bits, Number));
    return hash;
  });
  for (const [i, row] of data.relation_lossless.entries())
    for (const [k, expected] of row.entries()) {
      const [a, b] = [hashes[i], hashes[i + k]];
      relations.add(a === undefined || b === undefined ? Number.NaN : hashCosine(a, b), expected);
    }
  return [
    bits.result('difference hash, bits', file, exact),
    relations.result('difference hash, relation', file, double),
  ];
}

/** Clusters, their images and moments, and the similarity of sequences, for one variant. */
export function checkTima(golden: GoldenFolder, variant: 'core' | 'downstream'): GoldenResult[] {
  const file = `tima_${variant}.json`;
  const options = variant === 'core' ? publishedTimaCore : publishedTimaDownstream;
  const data = golden.read(file) as {
    readonly items: readonly {
      readonly id: string;
      readonly labels: readonly number[];
      readonly lossless: { readonly mu: readonly number[]; readonly hu: readonly unknown[] };
      readonly labels_H600_W800?: readonly number[];
    }[];
    readonly pairs: readonly {
      readonly i: number;
      readonly j: number;
      readonly tima_lossless: number;
      readonly tima55_lossless: number;
      readonly len_lossless: number;
    }[];
  };
  const [clusters, relations] = [new Tally(), new Tally()];
  const all = golden.scanpaths();
  const sequences = data.items.map(({ id, labels, lossless, labels_H600_W800: flat }) => {
    const gaze = all.find((scanpath) => scanpath.id === id)?.gaze ?? [];
    const found = describeClusters(gaze, options);
    clusters.addAll(found.labels, labels);
    clusters.addAll(
      found.moments.map(({ mu }) => mu),
      lossless.mu,
    );
    relations.addAll(
      found.moments.map(({ hu }) => hu),
      lossless.hu,
    );
    if (flat !== undefined) {
      const space = { ...options.clusters, width: 800, height: 600 };
      clusters.addAll(describeClusters(gaze, { ...options, clusters: space }).labels, flat);
    }
    return found.moments;
  });
  for (const { i, j, ...expected } of data.pairs) {
    const [a = [], b = []] = [sequences[i], sequences[j]];
    const [seven, five] = [
      compareSequences(a, b, { mu: 0.7, hu: 0.3 }),
      compareSequences(a, b, { mu: 0.5, hu: 0.5 }),
    ];
    relations.add(seven.similarity, expected.tima_lossless);
    relations.add(seven.length, expected.len_lossless);
    relations.add(five.similarity, expected.tima55_lossless);
  }
  return [
    clusters.result(`TIMA ${variant}, clusters and mu`, file, exact),
    relations.result(`TIMA ${variant}, similarity`, file, double),
  ];
}
