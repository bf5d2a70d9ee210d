import type { UndefinedReason } from './measure.ts';
import { selectMedian } from './median.ts';
import {
  alignmentPath,
  createMultimatch,
  type MultimatchOptions,
  type MultimatchSignature,
} from './multimatch.ts';
import { at, type MultimatchFixation } from './saccades.ts';

/** A saccade as it was compared, after simplification; coordinates and times in the units of the fixations. */
export type ComparedSaccade = {
  /** Fixation at which it starts, from 0. */
  readonly from: number;
  /** Fixation at which the next one starts, or the last one: those between were merged away. */
  readonly to: number;
  readonly x: number;
  readonly y: number;
  /** Where its vector ends; beside fixation `to` only where the toolbox's rule for the last saccade applied. */
  readonly endX: number;
  readonly endY: number;
  /** Of the fixation before it. */
  readonly duration: number;
};

/** One step of the alignment: saccade `a` of the first scanpath against saccade `b` of the second. */
export type AlignedStep = {
  readonly a: number;
  readonly b: number;
  /** Length of the difference of the two vectors. */
  readonly shape: number;
  /** Angle between them, radians in [0, pi]. */
  readonly direction: number;
  /** Difference of their lengths. */
  readonly length: number;
  /** Distance of their starts. */
  readonly position: number;
  /** Difference of the durations over the longer one, in [0, 1]. */
  readonly duration: number;
};

/** Two scanpaths as MultiMatch compared them; the steps are in the order of time. */
export type ExplainedAlignment = {
  readonly saccadesA: readonly ComparedSaccade[];
  readonly saccadesB: readonly ComparedSaccade[];
  readonly steps: readonly AlignedStep[];
};

/**
 * Which fixations the saccades of a simplified scanpath start at. Simplification keeps starts and their
 * durations as they are and in order, so each is the next fixation with just these numbers.
 */
function traceSaccades(
  path: MultimatchSignature,
  fixations: readonly MultimatchFixation[],
): ComparedSaccade[] {
  const starts: number[] = [];
  for (let k = 0; k < path.count; k += 1) {
    const first = (starts.at(-1) ?? -1) + 1;
    const found = fixations.findIndex(
      ({ x, y, duration }, i) =>
        i >= first &&
        x === at(path.x, k) &&
        y === at(path.y, k) &&
        duration === at(path.durations, k),
    );
    if (found < 0) throw new Error('A compared saccade starts at none of its fixations.');
    starts.push(found);
  }
  return starts.map((from, k) => ({
    from,
    to: starts[k + 1] ?? fixations.length - 1,
    x: at(path.x, k),
    y: at(path.y, k),
    endX: at(path.x, k) + at(path.lenX, k),
    endY: at(path.y, k) + at(path.lenY, k),
    duration: at(path.durations, k),
  }));
}

/**
 * What MultiMatch (mcgip 5.3) compared of two scanpaths, step by step; the reason where it compares one of
 * them with nothing. `combineSteps` of the steps gives its five similarities.
 */
export function explainMultimatch(
  a: readonly MultimatchFixation[],
  b: readonly MultimatchFixation[],
  options: MultimatchOptions,
): ExplainedAlignment | UndefinedReason {
  const measure = createMultimatch(options);
  const [one, other] = [measure.describe(a), measure.describe(b)];
  if (typeof one === 'string') return one;
  if (typeof other === 'string') return other;
  const steps = alignmentPath(one, other).map((node): AlignedStep => {
    const [i, j] = [Math.floor(node / other.count), node % other.count];
    const turn = Math.abs(at(one.angle, i) - at(other.angle, j));
    const longer = Math.max(at(one.durations, i), at(other.durations, j));
    const apart = Math.abs(at(one.durations, i) - at(other.durations, j));
    return {
      a: i,
      b: j,
      shape: Math.hypot(at(one.lenX, i) - at(other.lenX, j), at(one.lenY, i) - at(other.lenY, j)),
      direction: turn > Math.PI ? 2 * Math.PI - turn : turn,
      length: Math.abs(at(one.rho, i) - at(other.rho, j)),
      position: Math.hypot(at(one.x, i) - at(other.x, j), at(one.y, i) - at(other.y, j)),
      duration: longer === 0 ? 0 : apart / longer,
    };
  });
  return { saccadesA: traceSaccades(one, a), saccadesB: traceSaccades(other, b), steps };
}

/** MultiMatch's five similarities in the order of `multimatchParts`: each from the median over the steps. */
export function combineSteps(
  steps: readonly AlignedStep[],
  { width, height }: Pick<MultimatchOptions, 'width' | 'height'>,
): readonly number[] {
  const diagonal = Math.hypot(width, height);
  const median = (name: Exclude<keyof AlignedStep, 'a' | 'b'>): number =>
    selectMedian(
      Float64Array.from(steps, (step) => step[name]),
      steps.length,
    );
  return [
    1 - median('shape') / (2 * diagonal),
    1 - median('direction') / Math.PI,
    1 - median('length') / diagonal,
    1 - median('position') / diagonal,
    1 - median('duration'),
  ];
}

/** The five similarities of one step alone. */
export const stepSimilarity = (
  step: AlignedStep,
  extent: Pick<MultimatchOptions, 'width' | 'height'>,
): readonly number[] => combineSteps([step], extent);
