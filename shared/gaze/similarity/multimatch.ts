import type { Measure, Similarity, UndefinedReason } from './measure.ts';
import { selectMedian } from './median.ts';
import {
  at,
  type Grouping,
  type MultimatchFixation,
  type SaccadeLists,
  type Saccades,
  saccadesOf,
  simplify,
  toSaccades,
} from './saccades.ts';

/** MultiMatch's five similarities, in the one order used everywhere. */
export const multimatchParts = ['shape', 'direction', 'length', 'position', 'duration'] as const;

/** Weights of the five, in the order of `multimatchParts`; they sum to 1. */
export type MultimatchWeights = readonly [number, number, number, number, number];

/** Named ways from five numbers to one. `published`: McGIP's, found in an earlier commit of its code. */
export const multimatchWeights = {
  published: [0.1, 0.1, 0.1, 0.1, 0.6],
  mean: [0.2, 0.2, 0.2, 0.2, 0.2],
} as const satisfies Record<string, MultimatchWeights>;

export type MultimatchOptions = {
  /** Extent of the space in which the fixations lie, in their unit. */
  readonly width: number;
  readonly height: number;
  /** undefined: the scanpaths are compared as they are. */
  readonly grouping: Grouping | undefined;
  readonly weights: MultimatchWeights;
  /** Five zeros for a path with fewer than 3 fixations or no saccade left, as the published code gives. */
  readonly asPublished: boolean;
};

/** As released: screen 1920 x 1080 although gaze lies on 800 x 800, durations in samples. */
export const publishedMultimatch: MultimatchOptions = {
  width: 1920,
  height: 1080,
  grouping: { directionDeg: 45, duration: 100, amplitude: 160 },
  weights: multimatchWeights.published,
  asPublished: true,
};

/** The station's: the true canvas and milliseconds. */
export const stationMultimatch: MultimatchOptions = {
  width: 800,
  height: 800,
  grouping: { directionDeg: 45, duration: 300, amplitude: 80 },
  weights: multimatchWeights.published,
  asPublished: false,
};

/** A scanpath ready to be compared; `angle` is theta in [0, 2 pi). */
export type MultimatchSignature = Saccades & { readonly angle: Float64Array };

const tau = 2 * Math.PI;

const withAngles = (path: Saccades): MultimatchSignature => ({
  ...path,
  angle: path.theta.map((theta) => (theta < 0 ? theta + tau : theta)),
});

/** The signature whose saccades are these, already simplified. */
export const toMultimatchSignature = (lists: SaccadeLists): MultimatchSignature =>
  withAngles(toSaccades(lists));

/** Two longer scanpaths would need a table of gigabytes; so many fixations are about ten minutes. */
const mostSaccades = 2000;

/** Buffers that grow with the longest pair met; one set for each measure, so nothing is allocated per pair. */
class Scratch {
  cost = new Float64Array(0);
  distance = new Float64Array(0);
  parts: Float64Array[] = [];

  fit(nodes: number, path: number): void {
    if (this.cost.length < nodes) {
      this.cost = new Float64Array(nodes * 2);
      this.distance = new Float64Array(nodes * 2);
    }
    if ((this.parts[0]?.length ?? 0) < path)
      this.parts = multimatchParts.map(() => new Float64Array(path * 2));
  }
}

/**
 * Fills `distance` with |vector_i - vector_j| and `cost` with the cheapest way from (0, 0) to each node,
 * the start not counted.
 */
function align(a: Saccades, b: Saccades, cost: Float64Array, distance: Float64Array): void {
  const rows = a.count;
  const columns = b.count;
  for (let i = 0; i < rows; i += 1) {
    const ax = at(a.lenX, i);
    const ay = at(a.lenY, i);
    const row = i * columns;
    const above = row - columns;
    for (let j = 0; j < columns; j += 1) {
      const dx = ax - at(b.lenX, j);
      const dy = ay - at(b.lenY, j);
      const d = Math.sqrt(dx * dx + dy * dy);
      distance[row + j] = d;
      let best = 0;
      if (i > 0) {
        best = at(cost, above + j);
        if (j > 0) {
          const diagonal = at(cost, above + j - 1);
          const left = at(cost, row + j - 1);
          if (diagonal < best) best = diagonal;
          if (left < best) best = left;
        }
      } else if (j > 0) best = at(cost, row + j - 1);
      cost[row + j] = i === 0 && j === 0 ? 0 : best + d;
    }
  }
}

/**
 * Nodes (i, j) of the cheapest alignment as i * columns + j, from the start to the end. Of equally cheap
 * ways the diagonal is taken before up before left.
 */
export function alignmentPath(a: Saccades, b: Saccades): number[] {
  const scratch = new Scratch();
  scratch.fit(a.count * b.count, 0);
  align(a, b, scratch.cost, scratch.distance);
  const nodes: number[] = [];
  walkBack(a.count, b.count, scratch.cost, (i, j) => nodes.push(i * b.count + j));
  return nodes.toReversed();
}

/** Calls `visit` for each node from the end to the start. */
function walkBack(
  rows: number,
  columns: number,
  cost: Float64Array,
  visit: (i: number, j: number) => void,
): void {
  let i = rows - 1;
  let j = columns - 1;
  visit(i, j);
  while (i > 0 || j > 0) {
    if (i === 0) j -= 1;
    else if (j === 0) i -= 1;
    else {
      const here = i * columns + j;
      const diagonal = at(cost, here - columns - 1);
      const up = at(cost, here - columns);
      const left = at(cost, here - 1);
      if (up < diagonal && up <= left) i -= 1;
      else if (left < diagonal && left < up) j -= 1;
      else {
        i -= 1;
        j -= 1;
      }
    }
    visit(i, j);
  }
}

/** MultiMatch (Dewhurst et al. 2012) with the scalar relation of McGIP (mcgip 5.3 and 5.4). */
export function createMultimatch(
  options: MultimatchOptions,
): Measure<readonly MultimatchFixation[], MultimatchSignature> {
  const { width, height, grouping, weights, asPublished } = options;
  const diagonal = Math.hypot(width, height);
  const scratch = new Scratch();

  const describe = (
    fixations: readonly MultimatchFixation[],
  ): MultimatchSignature | UndefinedReason => {
    if (fixations.length < 3 && !asPublished) return 'too-few-fixations';
    const raw = saccadesOf(fixations.length < 3 ? [] : fixations);
    const path = grouping === undefined || raw.count === 0 ? raw : simplify(raw, grouping);
    if (path.count === 0 && !asPublished) return 'too-few-fixations';
    if (path.count > mostSaccades) return 'too-many-fixations';
    return withAngles(path);
  };

  const compare = (a: MultimatchSignature, b: MultimatchSignature): Similarity => {
    if (a.count === 0 || b.count === 0) return { relation: 0, parts: [0, 0, 0, 0, 0] };
    scratch.fit(a.count * b.count, a.count + b.count);
    const { cost, distance } = scratch;
    align(a, b, cost, distance);
    const [shapes, directions, lengths, positions, durations] = scratch.parts as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    let n = 0;
    walkBack(a.count, b.count, cost, (i, j) => {
      shapes[n] = at(distance, i * b.count + j);
      const turn = Math.abs(at(a.angle, i) - at(b.angle, j));
      directions[n] = turn > Math.PI ? tau - turn : turn;
      lengths[n] = Math.abs(at(a.rho, i) - at(b.rho, j));
      const dx = at(a.x, i) - at(b.x, j);
      const dy = at(a.y, i) - at(b.y, j);
      positions[n] = Math.sqrt(dx * dx + dy * dy);
      const longer = Math.max(at(a.durations, i), at(b.durations, j));
      durations[n] = longer === 0 ? 0 : Math.abs(at(a.durations, i) - at(b.durations, j)) / longer;
      n += 1;
    });
    const parts = [
      1 - selectMedian(shapes, n) / (2 * diagonal),
      1 - selectMedian(directions, n) / Math.PI,
      1 - selectMedian(lengths, n) / diagonal,
      1 - selectMedian(positions, n) / diagonal,
      1 - selectMedian(durations, n),
    ];
    let relation = 0;
    for (const [k, weight] of weights.entries()) relation += weight * (parts[k] ?? 0);
    return { relation, parts };
  };

  return { name: 'multimatch', partNames: multimatchParts, describe, compare };
}
