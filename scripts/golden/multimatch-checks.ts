import { filterGaze } from '../../shared/gaze/fixations.ts';
import type { Saccades } from '../../shared/gaze/similarity/saccades.ts';
import {
  alignmentPath,
  createMultimatch,
  type MultimatchOptions,
  publishedMultimatch,
} from '../../shared/gaze/similarity/multimatch.ts';
import { Kernel } from '../../shared/gaze/similarity/kernel.ts';
import { packScanpaths } from '../../shared/gaze/similarity/packed-scanpaths.ts';
import {
  describeClusters,
  publishedTimaCore,
  publishedTimaDownstream,
} from '../../shared/gaze/similarity/tima.ts';
import {
  double,
  type Gaze,
  type GoldenFolder,
  type GoldenResult,
  type Lists,
  type Setting,
  Tally,
} from './golden-folder.ts';

/** The published filter's fixations, durations in samples. */
export const asDurations = (gaze: Gaze): { x: number; y: number; duration: number }[] =>
  filterGaze(gaze, { asPublished: true }).map(({ x, y, samples }) => ({ x, y, duration: samples }));

const asFixations = ({ x, y, duration }: Lists): { x: number; y: number; duration: number }[] =>
  x.map((value, k) => ({ x: value, y: y[k] ?? Number.NaN, duration: duration[k] ?? Number.NaN }));

function optionsOf({
  screensize,
  grouping,
  TDir,
  TDur,
  TAmp,
}: Setting['params']): MultimatchOptions {
  return {
    ...publishedMultimatch,
    width: screensize[0],
    height: screensize[1],
    grouping: grouping
      ? { directionDeg: TDir ?? 45, duration: TDur ?? 100, amplitude: TAmp ?? 160 }
      : undefined,
  };
}

/** Compares every pair of a setting with its expected similarities, by the plain code and by the kernel. */
export function tallyPairs(
  tally: Tally,
  paths: readonly (readonly { x: number; y: number; duration: number }[])[],
  { params, pairs }: Setting,
): void {
  const measure = createMultimatch(optionsOf(params));
  const signatures = paths.map((fixations) => measure.describe(fixations));
  const packed = packScanpaths(new Kernel(), optionsOf(params));
  for (const each of signatures) packed.add(typeof each === 'object' ? each : undefined);
  for (const { i, j, sim } of pairs) {
    const [a, b] = [signatures[i], signatures[j]];
    const areThere = typeof a === 'object' && typeof b === 'object';
    tally.addAll(areThere ? measure.compare(a, b).parts : [], sim);
    tally.addAll(areThere ? packed.compare(i, j).parts : [], sim);
  }
}

/** A simplified scanpath, a number for each saccade; one duration more or two. */
type Simplified = {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly lenx: readonly number[];
  readonly leny: readonly number[];
  readonly rho: readonly number[];
  readonly theta: readonly number[];
  readonly dur: readonly number[];
};

/** Compares a scanpath's saccades with the expected ones. */
function tallySimplified(tally: Tally, found: Saccades, expected: Simplified): void {
  tally.addAll(found.x, expected.x);
  tally.addAll(found.y, expected.y);
  tally.addAll(found.lenX, expected.lenx);
  tally.addAll(found.lenY, expected.leny);
  tally.addAll(found.rho, expected.rho);
  tally.addAll(found.theta, expected.theta);
  tally.addAll(found.durations, expected.dur);
}

/** Filter, simplification, alignment, the five similarities and the relation on samples. */
export function checkMultimatchAuthors(golden: GoldenFolder): GoldenResult {
  const file = 'multimatch_authors.json';
  const { params, filtered, simplified, pairs } = golden.read(file) as Setting & {
    readonly filtered: readonly Lists[];
    readonly simplified: readonly Simplified[];
    readonly pairs: readonly {
      readonly relation: number;
      readonly path?: readonly number[];
      readonly n_optimal?: number;
    }[];
  };
  const tally = new Tally();
  const paths = golden.scanpaths().map(({ gaze }) => asDurations(gaze));
  for (const [k, { x, y, duration }] of filtered.entries()) {
    tally.addAll(paths[k]?.map((fixation) => fixation.x) ?? [], x);
    tally.addAll(paths[k]?.map((fixation) => fixation.y) ?? [], y);
    tally.addAll(paths[k]?.map((fixation) => fixation.duration) ?? [], duration);
  }
  tallyPairs(tally, paths, { params, pairs });
  const measure = createMultimatch(optionsOf(params));
  const signatures = paths.map((path) => measure.describe(path));
  for (const [k, expected] of simplified.entries()) {
    const found = signatures[k];
    // Of fewer than three fixations nothing is compared: those have no saccades here.
    if (typeof found === 'object' && (paths[k]?.length ?? 0) >= 3)
      tallySimplified(tally, found, expected);
  }
  for (const { i, j, relation, path, n_optimal: optimal } of pairs) {
    const [a, b] = [signatures[i], signatures[j]];
    if (typeof a !== 'object' || typeof b !== 'object') continue;
    tally.add(measure.compare(a, b).relation, relation);
    if (path !== undefined && optimal === 1) tally.addAll(alignmentPath(a, b), path);
  }
  return tally.result('multimatch on samples', file, double);
}

/** MultiMatch on real fixations in seconds. */
export function checkMultimatchFix(golden: GoldenFolder): GoldenResult {
  const file = 'multimatch_fix.json';
  const { ids, grouping, nogrouping } = golden.read(file) as {
    readonly ids: readonly string[];
    readonly grouping: Setting;
    readonly nogrouping: Setting;
  };
  const all = golden.scanpaths();
  const paths = ids.map((id) => {
    const fix = all.find((scanpath) => scanpath.id === id)?.fix;
    return fix === undefined ? [] : asFixations(fix);
  });
  const tally = new Tally();
  for (const setting of [grouping, nogrouping]) tallyPairs(tally, paths, setting);
  return tally.result('multimatch on fixations', file, double);
}

/** Values of the MATLAB toolbox, to the digits in which they are known, and one simplification. */
export function checkToolbox(golden: GoldenFolder): GoldenResult[] {
  const file = 'matlab_reference.json';
  type Values = { readonly matlab: readonly number[]; readonly python: readonly number[] };
  const data = golden.read(file) as {
    readonly sub19: Lists;
    readonly sub01: Lists;
    readonly screensize: readonly [number, number];
    readonly grouping: Values & Setting['params'];
    readonly nogrouping: Values;
    readonly sp46: {
      readonly input: Lists;
      readonly TDir: number;
      readonly TDur: number;
      readonly TAmp: number;
      readonly simplified: Simplified;
    };
  };
  const [toolbox, ours] = [new Tally(), new Tally()];
  const paths = [data.sub19, data.sub01].map(asFixations);
  const { grouping, nogrouping, screensize, sp46 } = data;
  for (const [{ matlab, python }, params] of [
    [grouping, { ...grouping, screensize, grouping: true }],
    [nogrouping, { screensize, grouping: false }],
  ] as const)
    for (const [tally, sim] of [
      [toolbox, matlab],
      [ours, python],
    ] as const)
      tallyPairs(tally, paths, { params, pairs: [{ i: 0, j: 1, sim }] });
  const found = createMultimatch(optionsOf({ ...sp46, screensize, grouping: true })).describe(
    asFixations(sp46.input),
  );
  if (typeof found === 'object') tallySimplified(ours, found, sp46.simplified);
  return [
    // The toolbox's five are known to five digits.
    toolbox.result('multimatch, MATLAB toolbox', file, 1e-5),
    ours.result('multimatch, toolbox example', file, double),
  ];
}

/** MultiMatch on long scanpaths, and clusters of both TIMA variants on them. */
export function checkLong(golden: GoldenFolder): GoldenResult {
  const file = 'multimatch_long.json';
  const {
    cases,
    grouping,
    nogrouping,
    dbscan_labels: labels,
  } = golden.read(file) as {
    readonly cases: readonly { readonly id: string; readonly parts: readonly string[] }[];
    readonly grouping: Setting;
    readonly nogrouping: Setting;
    readonly dbscan_labels: readonly {
      readonly core: string;
      readonly downstream: string;
    }[];
  };
  const all = golden.scanpaths();
  const gazes = cases.map(({ parts }) =>
    parts.flatMap((id) => all.find((scanpath) => scanpath.id === id)?.gaze ?? []),
  );
  const tally = new Tally();
  for (const setting of [grouping, nogrouping]) tallyPairs(tally, gazes.map(asDurations), setting);
  for (const [k, gaze] of gazes.entries())
    for (const [variant, options] of [
      ['core', publishedTimaCore],
      ['downstream', publishedTimaDownstream],
    ] as const) {
      const expected = Array.from(labels[k]?.[variant] ?? '', (sign) =>
        sign === '.'
          ? -1
          : sign.codePointAt(0) === undefined
            ? Number.NaN
            : (sign.codePointAt(0) ?? 0) - 48,
      );
      tally.addAll(describeClusters(gaze, options).labels, expected);
    }
  return tally.result('long scanpaths', file, double);
}
