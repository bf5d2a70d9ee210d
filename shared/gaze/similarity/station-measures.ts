import type { MeasureName } from '../../training/run-configuration.ts';
import type { CanonicalGaze } from '../canonical.ts';
import {
  comparedSide,
  drawCanonicalMap,
  drawGreyMap,
  hashedSide,
  narrowestSigmaPx,
} from '../canonical-map.ts';
import { createDifferenceHash } from './difference-hash.ts';
import { createHuMoments, momentWeights } from './hu-moments.ts';
import { heatmapCorrelation, heatmapCosine } from './map-comparison.ts';
import type { Measure, Similarity, UndefinedReason } from './measure.ts';
import { createMultimatch, stationMultimatch } from './multimatch.ts';
import {
  hashCodec,
  mapCodec,
  momentsCodec,
  momentSequenceCodec,
  scanpathCodec,
  type SignatureCodec,
} from './signature-codecs.ts';
import { createTima, stationTima } from './tima.ts';

/** A signature as it is stored, or why there is none. */
export type EncodedSignature = Uint8Array | UndefinedReason;

/** Cases compared by the number that `add` gave them. */
export interface ComparedCases {
  /** How many cases there are. */
  readonly size: number;
  /** Number of the case, from 0. Throws where the bytes are no signature of this measure. */
  add(signature: EncodedSignature): number;
  /** Why a case has no similarity with any other; undefined where it has. */
  reason(i: number): UndefinedReason | undefined;
  /** Undefined where one of the two has a reason. */
  compare(i: number, j: number): Similarity | undefined;
  /**
   * Relations of case i with the cases from `from` to below `to`, in single precision (the nearest to
   * `compare(i, j).relation`), from the beginning of `out`; NaN where there is none.
   */
  compareRow(i: number, from: number, to: number, out: Float32Array): void;
}

/** A measure with the station's parameters. */
export type StationMeasure = {
  readonly name: MeasureName;
  readonly partNames: readonly string[];
  /** Whether the order in time matters, so that shuffling it destroys what is compared. */
  readonly ordered: boolean;
  /** Changes with the parameters and the code: signatures of two versions must not be compared. */
  readonly version: string;
  /** The signature of gaze, or why it has none. */
  describe(gaze: CanonicalGaze): EncodedSignature;
  /** A new, empty set of cases. */
  open(): ComparedCases;
};

/** Raise it whenever mapping, fixation filter, heat map or a measure gives other numbers than before. */
const codeVersion = 2;

function toStationMeasure<Input, Signature extends object>(
  measure: Measure<Input, Signature>,
  codec: SignatureCodec<Signature>,
  {
    name,
    ordered,
    parameters,
    inputOf,
  }: {
    readonly name: MeasureName;
    readonly ordered: boolean;
    readonly parameters: object;
    readonly inputOf: (gaze: CanonicalGaze) => Input;
  },
): StationMeasure {
  return {
    name,
    partNames: measure.partNames,
    ordered,
    version: `${codeVersion} ${JSON.stringify(parameters)}`,
    describe: (gaze) => {
      const signature = measure.describe(inputOf(gaze));
      return typeof signature === 'string' ? signature : codec.encode(signature);
    },
    open: () => {
      const signatures: (Signature | UndefinedReason)[] = [];
      const compare = (i: number, j: number): Similarity | undefined => {
        const [a, b] = [signatures[i], signatures[j]];
        return a === undefined || b === undefined || typeof a === 'string' || typeof b === 'string'
          ? undefined
          : measure.compare(a, b);
      };
      return {
        get size() {
          return signatures.length;
        },
        add: (signature) =>
          signatures.push(typeof signature === 'string' ? signature : codec.decode(signature)) - 1,
        reason: (i) => {
          const found = signatures[i];
          return typeof found === 'string' ? found : undefined;
        },
        compare,
        compareRow: (i, from, to, out) => {
          for (let j = from; j < to; j += 1) out[j - from] = compare(i, j)?.relation ?? Number.NaN;
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

/** What decides the dwell-weighted maps: changing it changes every signature made from them. */
const comparedMap = { side: comparedSide, narrowestSigmaPx };
const hashedMap = { side: hashedSide, narrowestSigmaPx, weighting: 'dwell' };

const dwellMap = (gaze: CanonicalGaze): Float32Array => drawCanonicalMap(gaze, comparedSide);

/** Every measure as the station uses it: its own parameters, none of the published defects. */
export const stationMeasures: readonly StationMeasure[] = [
  toStationMeasure(createDifferenceHash({ asPublished: false }), hashCodec, {
    name: 'difference-hash',
    ordered: false,
    parameters: hashedMap,
    inputOf: drawGreyMap,
  }),
  toStationMeasure(
    createHuMoments({ weights: momentWeights.mammography, asPublished: false }),
    momentsCodec,
    {
      name: 'hu-moments',
      ordered: false,
      parameters: { ...hashedMap, weights: momentWeights.mammography },
      inputOf: drawGreyMap,
    },
  ),
  toStationMeasure(createMultimatch(stationMultimatch), scanpathCodec, {
    name: 'multimatch',
    ordered: true,
    parameters: stationMultimatch,
    inputOf: ({ fixations }) => fixations,
  }),
  toStationMeasure(createTima(stationTima), momentSequenceCodec, {
    name: 'tima',
    ordered: true,
    parameters: { ...stationTima, mostTimaPoints },
    inputOf: ({ points }) => thinOut(points, mostTimaPoints),
  }),
  toStationMeasure(heatmapCosine, mapCodec, {
    name: 'heatmap-cosine',
    ordered: false,
    parameters: comparedMap,
    inputOf: dwellMap,
  }),
  toStationMeasure(heatmapCorrelation, mapCodec, {
    name: 'heatmap-correlation',
    ordered: false,
    parameters: comparedMap,
    inputOf: dwellMap,
  }),
];

/** The measure of a name. */
export function findMeasure(name: MeasureName): StationMeasure {
  const found = stationMeasures.find((measure) => measure.name === name);
  if (found === undefined) throw new Error(`There is no measure ${name}.`);
  return found;
}
