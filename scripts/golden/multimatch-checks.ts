import { filterGaze } from '../../shared/gaze/fixations.ts';
import {
  createMultimatch,
  type MultimatchOptions,
  publishedMultimatch,
} from '../../shared/gaze/similarity/multimatch.ts';
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

/** Compares every pair of a setting with its expected similarities. */
export function tallyPairs(
  tally: Tally,
  paths: readonly (readonly { x: number; y: number; duration: number }[])[],
  { params, pairs }: Setting,
): void {
  const measure = createMultimatch(optionsOf(params));
  const signatures = paths.map((fixations) => measure.describe(fixations));
  for (const { i, j, sim } of pairs) {
    const [a, b] = [signatures[i], signatures[j]];
    const parts = typeof a === 'object' && typeof b === 'object' ? measure.compare(a, b).parts : [];
    tally.addAll(parts, sim);
  }
}

/** Filter, simplification and the five similarities on samples. */
export function checkMultimatchAuthors(golden: GoldenFolder): GoldenResult {
  const file = 'multimatch_authors.json';
  const { params, filtered, pairs } = golden.read(file) as Setting & {
    readonly filtered: readonly Lists[];
  };
  const tally = new Tally();
  const paths = golden.scanpaths().map(({ gaze }) => asDurations(gaze));
  for (const [k, { x, y, duration }] of filtered.entries()) {
    tally.addAll(paths[k]?.map((fixation) => fixation.x) ?? [], x);
    tally.addAll(paths[k]?.map((fixation) => fixation.y) ?? [], y);
    tally.addAll(paths[k]?.map((fixation) => fixation.duration) ?? [], duration);
  }
  tallyPairs(tally, paths, { params, pairs });
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
