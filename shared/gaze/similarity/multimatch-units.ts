import { degreesToDip, type GazeGeometry } from '../geometry.ts';
import type { MultimatchOptions, MultimatchWeights } from './multimatch.ts';

/** A length among the fixations: in their own pixels, or in degrees of visual angle. */
export type Length =
  { readonly px: number } | { readonly degrees: number; readonly pxPerDegree: number };

/** A time: milliseconds, or a number of samples at a rate. */
export type Time = { readonly ms: number } | { readonly samples: number; readonly hz: number };

/** In what the fixations' durations are given. */
export type DurationUnit = 'ms' | 's' | { readonly samplesAtHz: number };

/** MultiMatch's parameters with their units. */
export type MultimatchUnits = {
  /** Extent of the space in which the fixations lie. */
  readonly width: Length;
  readonly height: Length;
  readonly durations: DurationUnit;
  /** Below these neighbouring saccades are merged; undefined: scanpaths are compared as they are. */
  readonly grouping:
    | { readonly directionDeg: number; readonly amplitude: Length; readonly duration: Time }
    | undefined;
  readonly weights: MultimatchWeights;
};

function positive(value: number, what: string): number {
  if (!(Number.isFinite(value) && value > 0))
    throw new Error(`${what} of MultiMatch has to be a positive number, not ${value}.`);
  return value;
}

function toPx(length: Length, what: string): number {
  if ('px' in length) return positive(length.px, what);
  return positive(length.degrees, what) * positive(length.pxPerDegree, 'Pixels per degree');
}

function toDuration(time: Time, unit: DurationUnit): number {
  const ms =
    'ms' in time ? time.ms : (positive(time.samples, 'Samples') * 1000) / positive(time.hz, 'Rate');
  positive(ms, 'Duration');
  if (unit === 'ms') return ms;
  if (unit === 's') return ms / 1000;
  return (ms * positive(unit.samplesAtHz, 'Rate')) / 1000;
}

/** Pixels of an image or canvas that one degree of visual angle spans, where `pxPerDip` of them lie on one DIP. */
export const pxPerDegree = (geometry: GazeGeometry, pxPerDip: number): number =>
  degreesToDip(geometry, 1) * pxPerDip;

/** The options that say the same in the fixations' own units. Throws where a value is no positive number. */
export function multimatchInUnits({
  width,
  height,
  durations,
  grouping,
  weights,
}: MultimatchUnits): MultimatchOptions {
  return {
    width: toPx(width, 'Width'),
    height: toPx(height, 'Height'),
    grouping:
      grouping === undefined
        ? undefined
        : {
            directionDeg: positive(grouping.directionDeg, 'Direction'),
            duration: toDuration(grouping.duration, durations),
            amplitude: toPx(grouping.amplitude, 'Amplitude'),
          },
    weights,
    asPublished: false,
  };
}
