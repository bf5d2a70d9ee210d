import { resizeBilinear } from '../../shared/gaze/resize.ts';
import { differenceHash, hashCosine } from '../../shared/gaze/similarity/difference-hash.ts';
import {
  imageMoments,
  momentSimilarity,
  momentWeights,
} from '../../shared/gaze/similarity/hu-moments.ts';
import {
  createTima,
  describeClusters,
  publishedTimaDownstream,
} from '../../shared/gaze/similarity/tima.ts';
import {
  double,
  exact,
  type Gaze,
  type GoldenFolder,
  type GoldenResult,
  type Lists,
  type Setting,
  Tally,
} from './golden-folder.ts';
import { mapOf, type Rows } from './map-checks.ts';
import { asDurations, tallyPairs } from './multimatch-checks.ts';

/** Odd scanpaths through everything. */
export function checkEdgeCases(golden: GoldenFolder): GoldenResult[] {
  const file = 'edge_cases.json';
  type Between = { readonly a: string; readonly b: string };
  const data = golden.read(file) as {
    readonly cases: Readonly<Record<string, Gaze>>;
    readonly params: Setting['params'];
    readonly filtered: Readonly<Record<string, Lists>>;
    readonly multimatch: readonly (Between & { readonly sim: readonly number[] })[];
    readonly heat: Readonly<Record<string, { readonly img32: Rows }>>;
    readonly moment_dhash: readonly (Between & {
      readonly mammo: number;
      readonly dental: number;
      readonly dhash: number;
    })[];
    readonly clusters_downstream: Readonly<
      Record<string, { readonly labels: readonly number[]; readonly mu: readonly number[] }>
    >;
    readonly tima_lossless: readonly (Between & { readonly tima: unknown })[];
  };
  const [multimatch, maps, relations, tima] = [new Tally(), new Tally(), new Tally(), new Tally()];
  const names = Object.keys(data.cases);
  const index = new Map(names.map((name, k) => [name, k]));
  const paths = names.map((name) => asDurations(data.cases[name] ?? []));
  for (const [name, { x }] of Object.entries(data.filtered))
    multimatch.addAll(paths[index.get(name) ?? -1]?.map((fixation) => fixation.x) ?? [], x);
  tallyPairs(multimatch, paths, {
    params: data.params,
    pairs: data.multimatch.map(({ a, b, sim }) => ({
      i: index.get(a) ?? -1,
      j: index.get(b) ?? -1,
      sim,
    })),
  });
  const described = names.map((name) => {
    const map = mapOf(data.cases[name] ?? []);
    const small = resizeBilinear(map, 32, 32);
    maps.addAll(small.data, data.heat[name]?.img32.flat() ?? []);
    return { hash: differenceHash(map), moments: imageMoments(small) };
  });
  for (const { a, b, mammo, dental, dhash } of data.moment_dhash) {
    const [one, other] = [described[index.get(a) ?? -1], described[index.get(b) ?? -1]];
    if (one === undefined || other === undefined) continue;
    relations.add(hashCosine(one.hash, other.hash), dhash);
    for (const [weights, expected] of [
      [momentWeights.mammography, mammo],
      [momentWeights.dental, dental],
    ] as const)
      relations.add(momentSimilarity(one.moments, other.moments, weights).relation, expected);
  }
  const measure = createTima(publishedTimaDownstream);
  const sequences = new Map<string, ReturnType<typeof describeClusters>['moments']>();
  for (const [name, { labels, mu }] of Object.entries(data.clusters_downstream)) {
    const found = describeClusters(data.cases[name] ?? [], publishedTimaDownstream);
    tima.addAll(found.labels, labels);
    tima.addAll(
      found.moments.map((each) => each.mu),
      mu,
    );
    sequences.set(name, found.moments);
  }
  for (const { a, b, tima: expected } of data.tima_lossless) {
    // Where the authors' code raises an error there is nothing to compare.
    if (typeof expected !== 'number') continue;
    tima.add(measure.compare(sequences.get(a) ?? [], sequences.get(b) ?? []).relation, expected);
  }
  return [
    multimatch.result('edge cases, multimatch', file, double),
    maps.result('edge cases, maps', file, exact),
    relations.result('edge cases, hash and moments', file, double),
    tima.result('edge cases, TIMA', file, double),
  ];
}
