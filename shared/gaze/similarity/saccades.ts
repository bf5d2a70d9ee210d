/** Element `i` of an array that has it; hot loops stay free of undefined. */
export const at = (array: Float64Array, i: number): number => array[i] ?? 0;

/**
 * A scanpath as MultiMatch sees it: saccade i leads from fixation i to i + 1. `durations` has one entry
 * more than there are saccades (after simplification sometimes two more, as in the reference toolbox).
 */
export type Saccades = {
  readonly count: number;
  /** Start of each saccade. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Vector of each saccade. */
  readonly lenX: Float64Array;
  readonly lenY: Float64Array;
  readonly rho: Float64Array;
  /** atan2(lenY, lenX), radians in (-pi, pi]. */
  readonly theta: Float64Array;
  readonly durations: Float64Array;
};

/** A fixation for MultiMatch; the unit of duration is that of `Grouping.duration`. */
export type MultimatchFixation = {
  readonly x: number;
  readonly y: number;
  readonly duration: number;
};

/** Thresholds below which neighbouring saccades are merged. */
export type Grouping = {
  readonly directionDeg: number;
  /** In the unit of the fixations' durations. */
  readonly duration: number;
  /** In the unit of the fixations' coordinates. */
  readonly amplitude: number;
};

/** Growing lists while a scanpath is being rewritten. */
type Draft = { x: number[]; y: number[]; lenX: number[]; lenY: number[]; durations: number[] };

const emptyDraft = (): Draft => ({ x: [], y: [], lenX: [], lenY: [], durations: [] });

/** Starts, vectors and durations of a scanpath's saccades. */
export type SaccadeLists = {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly lenX: ArrayLike<number>;
  readonly lenY: ArrayLike<number>;
  readonly durations: ArrayLike<number>;
};

/** Saccades with their lengths and directions. */
export function toSaccades({ x, y, lenX, lenY, durations }: SaccadeLists): Saccades {
  const rho = new Float64Array(x.length);
  const theta = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += 1) {
    const [dx, dy] = [lenX[i] ?? 0, lenY[i] ?? 0];
    rho[i] = Math.sqrt(dx * dx + dy * dy);
    theta[i] = Math.atan2(dy, dx);
  }
  return {
    count: x.length,
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    lenX: Float64Array.from(lenX),
    lenY: Float64Array.from(lenY),
    rho,
    theta,
    durations: Float64Array.from(durations),
  };
}

/** The saccades between fixations in their order. */
export function saccadesOf(fixations: readonly MultimatchFixation[]): Saccades {
  const draft = emptyDraft();
  for (const [i, { x, y, duration }] of fixations.entries()) {
    draft.durations.push(duration);
    const next = fixations[i + 1];
    if (next === undefined) continue;
    draft.x.push(x);
    draft.y.push(y);
    draft.lenX.push(next.x - x);
    draft.lenY.push(next.y - y);
  }
  return toSaccades(draft);
}

/** Degrees between saccades i and i + 1; NaN where one has no length, Infinity for the last. */
function angleToNextDeg(path: Saccades, i: number): number {
  if (i + 1 >= path.count) return Infinity;
  const dot = at(path.lenX, i) * at(path.lenX, i + 1) + at(path.lenY, i) * at(path.lenY, i + 1);
  const cosine = dot / (at(path.rho, i) * at(path.rho, i + 1));
  return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
}

function copy(path: Saccades, i: number, out: Draft): void {
  out.x.push(at(path.x, i));
  out.y.push(at(path.y, i));
  out.lenX.push(at(path.lenX, i));
  out.lenY.push(at(path.lenY, i));
  out.durations.push(at(path.durations, i));
}

function mergeWithNext(path: Saccades, i: number, out: Draft): void {
  out.x.push(at(path.x, i));
  out.y.push(at(path.y, i));
  out.lenX.push(at(path.lenX, i) + at(path.lenX, i + 1));
  out.lenY.push(at(path.lenY, i) + at(path.lenY, i + 1));
  out.durations.push(at(path.durations, i));
}

function simplifyDirection(path: Saccades, { directionDeg, duration }: Grouping): Saccades {
  if (path.count === 0) return path;
  const out = emptyDraft();
  let i = 0;
  while (i < path.count) {
    if (angleToNextDeg(path, i) < directionDeg && at(path.durations, i + 1) < duration) {
      mergeWithNext(path, i, out);
      i += 2;
    } else {
      copy(path, i, out);
      i += 1;
    }
  }
  out.durations.push(at(path.durations, path.durations.length - 1));
  return toSaccades(out);
}

function simplifyLength(path: Saccades, { amplitude, duration }: Grouping): Saccades {
  const { count, durations, rho } = path;
  if (count <= 1) return path;
  const out = emptyDraft();
  const last = durations.length - 1;
  let i = 0;
  while (i < count) {
    const short = at(rho, i) < amplitude;
    if (i < count - 1) {
      if (short && (at(durations, i + 1) < duration || at(durations, i) < duration)) {
        mergeWithNext(path, i, out);
        i += 2;
      } else {
        copy(path, i, out);
        i += 1;
      }
    } else {
      if (short && (at(durations, last) < duration || at(durations, last - 1) < duration)) {
        // The reference toolbox's rule for the last saccade, also where the one before is merged already.
        out.lenX[out.lenX.length - 1] = at(path.lenX, count - 2) + at(path.lenX, count - 1);
        out.lenY[out.lenY.length - 1] = at(path.lenY, count - 2) + at(path.lenY, count - 1);
        out.durations.push(at(durations, i - 1));
      } else copy(path, i, out);
      i += 1;
    }
  }
  out.durations.push(at(durations, last));
  return toSaccades(out);
}

/**
 * MultiMatch's simplification (Dewhurst et al. 2012; MATLAB toolbox): merges neighbouring saccades of
 * alike direction, then short ones, until the number of durations stays the same.
 */
export function simplify(path: Saccades, grouping: Grouping): Saccades {
  let result = path;
  for (;;) {
    const before = result.durations.length;
    result = simplifyLength(simplifyDirection(result, grouping), grouping);
    if (result.durations.length === before) return result;
  }
}
