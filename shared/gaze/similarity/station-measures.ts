import type { MeasureName } from '../../training/run-configuration.ts';
import { canvasSide, dwellHeatmap, publishedHeatmap } from '../heatmap.ts';
import { createDifferenceHash } from './difference-hash.ts';
import { createHuMoments, momentWeights } from './hu-moments.ts';
import { heatmapCorrelation, heatmapCosine } from './map-comparison.ts';
import type { Measure, Similarity, UndefinedReason } from './measure.ts';
import { createMultimatch, stationMultimatch } from './multimatch.ts';
import type { MultimatchFixation } from './saccades.ts';
import { createTima, stationTima } from './tima.ts';

/** Gaze on one image in the frame that all images of a kind share: a canvas of 800 x 800, mirrored to the left side. */
export type CanonicalGaze = {
  /** Samples in order of time, whole pixels of the canvas. */
  readonly points: readonly (readonly [number, number])[];
  /** Pixels of the canvas and milliseconds. */
  readonly fixations: readonly MultimatchFixation[];
};

/** Cases described once each, compared by the number that `add` gave them. */
export type ComparedCases = {
  /** Number of the case, from 0. */
  readonly add: (gaze: CanonicalGaze) => number;
  /** Why a case has no similarity with any other; undefined where it has. */
  readonly reason: (i: number) => UndefinedReason | undefined;
  /** Undefined where one of the two has a reason. */
  readonly compare: (i: number, j: number) => Similarity | undefined;
};

export type StationMeasure = {
  readonly name: MeasureName;
  readonly partNames: readonly string[];
  /** Whether the order in time matters, so that shuffling it destroys what is compared. */
  readonly ordered: boolean;
  readonly open: () => ComparedCases;
};

function toStationMeasure<Input, Signature extends object>(
  name: MeasureName,
  measure: Measure<Input, Signature>,
  ordered: boolean,
  inputOf: (gaze: CanonicalGaze) => Input,
): StationMeasure {
  return {
    name,
    partNames: measure.partNames,
    ordered,
    open: () => {
      const signatures: (Signature | UndefinedReason)[] = [];
      return {
        add: (gaze) => signatures.push(measure.describe(inputOf(gaze))) - 1,
        reason: (i) => {
          const found = signatures[i];
          return typeof found === 'string' ? found : undefined;
        },
        compare: (i, j) => {
          const [a, b] = [signatures[i], signatures[j]];
          return a === undefined ||
            b === undefined ||
            typeof a === 'string' ||
            typeof b === 'string'
            ? undefined
            : measure.compare(a, b);
        },
      };
    },
  };
}

/** TIMA compares every sample with every other: of a longer recording so many are taken, evenly in time. */
const mostTimaPoints = 1000;

function thinOut<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from(
    { length: most },
    (_, k) => items[Math.floor((k * items.length) / most)] as Item,
  );
}

/** Side of the maps that are compared point by point, and the width of one look on them. */
const mapSide = 64;
const mapSigma = 3;

const binaryMap = ({ points }: CanonicalGaze) => publishedHeatmap(points, { asPublished: false });

const dwellMap = ({ fixations }: CanonicalGaze): Float32Array =>
  dwellHeatmap(
    fixations.map(({ x, y, duration }) => ({
      x: (x * mapSide) / canvasSide - 0.5,
      y: (y * mapSide) / canvasSide - 0.5,
      weight: duration,
    })),
    mapSide,
    mapSide,
    mapSigma,
  );

/** Every measure as the station uses it: its own parameters, none of the published defects. */
export const stationMeasures: readonly StationMeasure[] = [
  toStationMeasure(
    'difference-hash',
    createDifferenceHash({ asPublished: false }),
    false,
    binaryMap,
  ),
  toStationMeasure(
    'hu-moments',
    createHuMoments({ weights: momentWeights.mammography, asPublished: false }),
    false,
    binaryMap,
  ),
  toStationMeasure(
    'multimatch',
    createMultimatch(stationMultimatch),
    true,
    ({ fixations }) => fixations,
  ),
  toStationMeasure('tima', createTima(stationTima), true, ({ points }) =>
    thinOut(points, mostTimaPoints),
  ),
  toStationMeasure('heatmap-cosine', heatmapCosine, false, dwellMap),
  toStationMeasure('heatmap-correlation', heatmapCorrelation, false, dwellMap),
];

/** The measure of a name. */
export function findMeasure(name: MeasureName): StationMeasure {
  const found = stationMeasures.find((measure) => measure.name === name);
  if (found === undefined) throw new Error(`There is no measure ${name}.`);
  return found;
}
