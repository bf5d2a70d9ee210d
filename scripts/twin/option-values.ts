import { parseArgs, type ParseArgsConfig } from 'node:util';
import { StationError } from '../../shared/station-error.ts';

/** The mistake of an option, for a person. */
export const invalid = (field: string, problem: string): StationError =>
  new StationError('invalid-input', { field, problem });

/** The options of a command line. Throws StationError invalid-input where one is unknown or lacks its value. */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw invalid('options', error instanceof Error ? error.message : String(error));
  }
}

/** One of some names. Throws StationError invalid-input. */
export function oneOf<Name extends string>(
  field: string,
  names: readonly Name[],
  value: string,
): Name {
  const found = names.find((name) => name === value);
  if (found === undefined) throw invalid(field, `"${value}" is none of ${names.join(', ')}`);
  return found;
}

/** The number of an option. Throws StationError invalid-input where it is none between these ends. */
export function numberOf(
  field: string,
  value: string,
  [least, most]: readonly [least: number, most: number] = [-Infinity, Infinity],
): number {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (number >= least && number <= most && Number.isFinite(number)) return number;
  const between = Number.isFinite(least) ? ` from ${least} to ${most}` : '';
  throw invalid(field, `"${value}" is no number${between}`);
}

/** A whole number from 1. Throws StationError invalid-input. */
export function wholeOf(field: string, value: string, most: number): number {
  const number = numberOf(field, value, [1, most]);
  if (!Number.isInteger(number)) throw invalid(field, `"${value}" is no whole number`);
  return number;
}

/** The seeds of so many repetitions: 1, 2 and so on. */
export const seedsOf = (value: string): number[] =>
  Array.from({ length: wholeOf('--seeds', value, 100) }, (_, k) => k + 1);

/** Threads of an engine. */
export const threadsOf = (value: string): number => wholeOf('--threads', value, 256);
