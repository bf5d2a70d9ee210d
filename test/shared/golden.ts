import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../../shared/golden');

/** False where the reference values are there, otherwise the reason to skip. */
export const goldenMissing: string | false = existsSync(folder)
  ? false
  : 'the shared reference values are absent';

/** Reads one file of reference values; its shape is the caller's claim, checked by the use of it. */
export function readGolden(name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

/** Absolute path of a file beside the reference values. */
export function goldenPath(name: string): string {
  return path.join(folder, name);
}

export type GoldenScanpath = {
  readonly id: string;
  readonly screen: readonly [number, number];
  readonly gaze: readonly (readonly [number, number])[];
  readonly fix?: {
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly duration: readonly number[];
  };
};
