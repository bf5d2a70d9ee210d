import type {
  ComparedCases,
  EncodedSignature,
} from '../../shared/gaze/similarity/compared-cases.ts';
import { findMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import { type UndefinedReason, undefinedReasons } from '../../shared/gaze/similarity/measure.ts';
import type { MeasureName } from '../../shared/training/run-configuration.ts';

/** Relations to compute: those of case `row` with the cases of each range [from, to). */
export type RowJob = {
  readonly row: number;
  readonly ranges: readonly (readonly [from: number, to: number])[];
};

/** How many relations jobs have. */
export const countRelations = (jobs: readonly RowJob[]): number =>
  jobs.reduce((sum, { ranges }) => sum + ranges.reduce((all, [from, to]) => all + to - from, 0), 0);

/** Relations of the jobs one after another, in single precision; NaN where there is none. */
export function computeRows(compared: ComparedCases, jobs: readonly RowJob[]): Float32Array {
  const relations = new Float32Array(countRelations(jobs));
  let at = 0;
  for (const { row, ranges } of jobs)
    for (const [from, to] of ranges) {
      compared.compareRow(row, from, to, relations.subarray(at, at + to - from));
      at += to - from;
    }
  return relations;
}

/** Signatures in shared memory, so that every thread reads the same bytes. */
export type SharedSignatures = {
  readonly bytes: SharedArrayBuffer;
  /** Case k has the bytes from ends[k - 1] (0 for the first) to ends[k]. */
  readonly ends: Float64Array;
  /** For a case without bytes 1 + the index of its reason in `undefinedReasons`, otherwise 0. */
  readonly reasons: Uint8Array;
};

/** What a mining thread is told. */
export type WorkerCommand =
  | { readonly kind: 'open'; readonly measure: MeasureName; readonly signatures: SharedSignatures }
  | { readonly kind: 'rows'; readonly id: number; readonly jobs: readonly RowJob[] };

/** What a mining thread answers. */
export type WorkerAnswer = {
  readonly id: number;
  readonly relations: Float32Array<ArrayBuffer>;
};

/** Lays signatures into shared memory. */
export function shareSignatures(signatures: readonly EncodedSignature[]): SharedSignatures {
  const ends = new Float64Array(signatures.length);
  const reasons = new Uint8Array(signatures.length);
  let total = 0;
  for (const [k, signature] of signatures.entries()) {
    if (typeof signature === 'string') reasons[k] = 1 + undefinedReasons.indexOf(signature);
    else total += signature.length;
    ends[k] = total;
  }
  const bytes = new SharedArrayBuffer(total);
  const all = new Uint8Array(bytes);
  for (const [k, signature] of signatures.entries())
    if (typeof signature !== 'string') all.set(signature, ends[k - 1] ?? 0);
  return { bytes, ends, reasons };
}

/** The cases of shared signatures, in their order. */
export function openShared(
  measure: MeasureName,
  { bytes, ends, reasons }: SharedSignatures,
): ComparedCases {
  const compared = findMeasure(measure).open();
  const all = new Uint8Array(bytes);
  for (const [k, end] of ends.entries()) {
    const reason: UndefinedReason | undefined = undefinedReasons[(reasons[k] ?? 0) - 1];
    compared.add(reason ?? all.subarray(ends[k - 1] ?? 0, end));
  }
  return compared;
}
