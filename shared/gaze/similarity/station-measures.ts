import type { MeasureName } from '../../training/run-configuration.ts';
import type { CanonicalGaze } from '../canonical.ts';
import {
  comparedSide,
  drawCanonicalMap,
  drawGreyMap,
  hashedSide,
  narrowestSigmaPx,
} from '../canonical-map.ts';
import {
  type ComparedCases,
  type EncodedSignature,
  openCases,
  type PackedCases,
  packPlainly,
} from './compared-cases.ts';
import { createDifferenceHash } from './difference-hash.ts';
import { createHuMoments, momentWeights } from './hu-moments.ts';
import { createKernel, type Kernel } from './kernel.ts';
import {
  correlationReading,
  cosineReading,
  heatmapCorrelation,
  heatmapCosine,
} from './map-comparison.ts';
import type { Measure } from './measure.ts';
import { createMultimatch, stationMultimatch } from './multimatch.ts';
import { packHashes } from './packed-hashes.ts';
import { packMaps } from './packed-maps.ts';
import { packMoments } from './packed-moments.ts';
import { packScanpaths } from './packed-scanpaths.ts';
import { packSequences } from './packed-sequences.ts';
import {
  hashCodec,
  mapCodec,
  momentsCodec,
  momentSequenceCodec,
  scanpathCodec,
  type SignatureCodec,
} from './signature-codecs.ts';
import { createTima, stationTima } from './tima.ts';

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
  /** The same without the kernel, as where a machine has none: slower, the same numbers. */
  openPlainly(): ComparedCases;
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
    pack,
  }: {
    readonly name: MeasureName;
    readonly ordered: boolean;
    readonly parameters: object;
    readonly inputOf: (gaze: CanonicalGaze) => Input;
    /** Lays signatures where the kernel compares them, much faster and with the same numbers. */
    readonly pack: (kernel: Kernel) => PackedCases<Signature>;
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
      const kernel = createKernel();
      return openCases(codec, kernel === undefined ? packPlainly(measure) : pack(kernel));
    },
    openPlainly: () => openCases(codec, packPlainly(measure)),
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
    pack: packHashes,
  }),
  toStationMeasure(
    createHuMoments({ weights: momentWeights.mammography, asPublished: false }),
    momentsCodec,
    {
      name: 'hu-moments',
      ordered: false,
      parameters: { ...hashedMap, weights: momentWeights.mammography },
      inputOf: drawGreyMap,
      pack: () => packMoments(momentWeights.mammography),
    },
  ),
  toStationMeasure(createMultimatch(stationMultimatch), scanpathCodec, {
    name: 'multimatch',
    ordered: true,
    parameters: stationMultimatch,
    inputOf: ({ fixations }) => fixations,
    pack: (kernel) => packScanpaths(kernel, stationMultimatch),
  }),
  toStationMeasure(createTima(stationTima), momentSequenceCodec, {
    name: 'tima',
    ordered: true,
    parameters: { ...stationTima, mostTimaPoints },
    inputOf: ({ points }) => thinOut(points, mostTimaPoints),
    pack: (kernel) => packSequences(kernel, stationTima),
  }),
  toStationMeasure(heatmapCosine, mapCodec, {
    name: 'heatmap-cosine',
    ordered: false,
    parameters: comparedMap,
    inputOf: dwellMap,
    pack: (kernel) => packMaps(kernel, cosineReading),
  }),
  toStationMeasure(heatmapCorrelation, mapCodec, {
    name: 'heatmap-correlation',
    ordered: false,
    parameters: comparedMap,
    inputOf: dwellMap,
    pack: (kernel) => packMaps(kernel, correlationReading),
  }),
];

/** The measure of a name. */
export function findMeasure(name: MeasureName): StationMeasure {
  const found = stationMeasures.find((measure) => measure.name === name);
  if (found === undefined) throw new Error(`There is no measure ${name}.`);
  return found;
}
