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

/** Many cases described once, ready to be compared by their index. */
export type PreparedCases = {
  /** Why a case has no similarity with any other; undefined where it has. */
  readonly reasons: readonly (UndefinedReason | undefined)[];
  /** Undefined where one of the two has a reason. */
  readonly compare: (i: number, j: number) => Similarity | undefined;
};

export type StationMeasure = {
  readonly name: string;
  readonly partNames: readonly string[];
  /** Whether the order in time matters, so that shuffling it destroys what is compared. */
  readonly ordered: boolean;
  readonly prepare: (cases: readonly CanonicalGaze[]) => PreparedCases;
};

function toStationMeasure<Input, Signature extends object>(
  measure: Measure<Input, Signature>,
  ordered: boolean,
  inputOf: (gaze: CanonicalGaze) => Input,
): StationMeasure {
  const { name, partNames } = measure;
  return {
    name,
    partNames,
    ordered,
    prepare: (cases) => {
      const signatures = cases.map((gaze) => measure.describe(inputOf(gaze)));
      return {
        reasons: signatures.map((each) => (typeof each === 'string' ? each : undefined)),
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
  toStationMeasure(createDifferenceHash({ asPublished: false }), false, binaryMap),
  toStationMeasure(
    createHuMoments({ weights: momentWeights.mammography, asPublished: false }),
    false,
    binaryMap,
  ),
  toStationMeasure(createMultimatch(stationMultimatch), true, ({ fixations }) => fixations),
  toStationMeasure(createTima(stationTima), true, ({ points }) => points),
  toStationMeasure(heatmapCosine, false, dwellMap),
  toStationMeasure(heatmapCorrelation, false, dwellMap),
];
