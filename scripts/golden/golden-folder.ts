import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One measure recomputed: how many numbers, the worst deviation and what it may be. */
export type GoldenResult = {
  readonly measure: string;
  readonly file: string;
  readonly cases: number;
  readonly worst: number;
  readonly tolerance: number;
  readonly ok: boolean;
};

/** Samples on the 800 x 800 canvas. */
export type Gaze = readonly (readonly [number, number])[];
/** Fixations as columns. */
export type Lists = {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly duration: readonly number[];
};
/** One recorded scanpath. */
export type Scanpath = { readonly id: string; readonly gaze: Gaze; readonly fix?: Lists };
/** Two scanpaths by index and their five similarities. */
export type Pair = { readonly i: number; readonly j: number; readonly sim: readonly number[] };
/** MultiMatch with the parameters of a file. */
export type Setting = {
  readonly params: {
    readonly screensize: readonly [number, number];
    readonly grouping: boolean;
    readonly TDir?: number;
    readonly TDur?: number;
    readonly TAmp?: number;
  };
  readonly pairs: readonly Pair[];
};

/** Tolerance of what must be identical. */
export const exact = 0;
/** Tolerance of double precision. */
export const double = 1e-12;

/** Numbers that JSON cannot hold stand as text. */
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number(value));

/** Gathers deviations; NaN against NaN agrees. */
export class Tally {
  cases = 0;
  worst = 0;

  add(found: number, expected: unknown): void {
    const wanted = numberOf(expected);
    this.cases += 1;
    if (Number.isNaN(found) && Number.isNaN(wanted)) return;
    const deviation = Math.abs(found - wanted);
    // A number that is not there is as wrong as can be.
    this.worst = Math.max(this.worst, Number.isNaN(deviation) ? Infinity : deviation);
  }

  addAll(found: ArrayLike<number>, expected: readonly unknown[]): void {
    this.add(found.length, expected.length);
    for (const [k, value] of expected.entries()) this.add(found[k] ?? Number.NaN, value);
  }

  result(measure: string, file: string, tolerance: number): GoldenResult {
    const { cases, worst } = this;
    return { measure, file, cases, worst, tolerance, ok: cases > 0 && worst <= tolerance };
  }
}

/** A folder of reference values; throws with the name of a file that is missing or cannot be read. */
export class GoldenFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  read(name: string): unknown {
    const file = path.join(this.folder, name);
    if (!existsSync(file)) throw new Error(`${file} is missing.`);
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw new Error(`${file} cannot be read.`, { cause: error });
    }
  }

  scanpaths(): readonly Scanpath[] {
    return (this.read('scanpaths.json') as { readonly scanpaths: readonly Scanpath[] }).scanpaths;
  }
}
