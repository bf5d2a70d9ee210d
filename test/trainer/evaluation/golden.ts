import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metrics } from '../../../trainer/evaluation/metrics.ts';

type Golden = {
  readonly scored: readonly {
    readonly name: string;
    readonly classCount: number;
    readonly labels: readonly number[];
    readonly patients: readonly number[];
    readonly scores: readonly (readonly number[])[];
    readonly metrics: Metrics;
    readonly draws: readonly { readonly weights: readonly number[]; readonly metrics: Metrics }[];
    readonly deLong?: {
      readonly aucs: readonly number[];
      readonly covariance: readonly (readonly number[])[];
      readonly independent: readonly (readonly number[])[];
      readonly z: number;
      readonly pValue: number;
    };
  }[];
  readonly classified: readonly {
    readonly name: string;
    readonly classCount: number;
    readonly length: number;
    readonly known: number;
    readonly labels: readonly number[];
    readonly features: readonly number[];
    readonly probes: readonly { readonly penalty: number; readonly scores: readonly number[] }[];
    readonly votes: readonly { readonly k: number; readonly scores: readonly number[] }[];
  }[];
  readonly percentiles: {
    readonly values: readonly number[];
    readonly low: number;
    readonly high: number;
  };
};

/** Numbers that scripts/make-golden-evaluation.py made with scikit-learn, scipy and direct sums. */
export const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../golden/evaluation.json'), 'utf8'),
) as Golden;

/** Asserts that each number is within an absolute tolerance of the expected one. */
export function assertNear(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  assert.equal(found.length, expected.length, what);
  for (let i = 0; i < expected.length; i += 1) {
    const [a = Number.NaN, b = Number.NaN] = [found[i], expected[i]];
    assert.ok(Math.abs(a - b) <= tolerance, `${what} [${i}]: ${a} instead of ${b}`);
  }
}
