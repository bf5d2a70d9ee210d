import type { Measure, Similarity, UndefinedReason } from './measure.ts';
import type { SignatureCodec } from './signature-codecs.ts';

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

/** Signatures as they lie ready to be compared. */
export interface PackedCases<Signature> {
  /** The next case; undefined: one without a signature. */
  add(signature: Signature | undefined): void;
  /** Of two cases that have a signature. */
  compare(i: number, j: number): Similarity;
  /** As `ComparedCases.compareRow`, for a case that has a signature and others that are there. */
  compareRow(i: number, from: number, to: number, out: Float32Array): void;
}

/** Signatures kept as they are and compared pair by pair. */
export function packPlainly<Signature>(
  measure: Measure<unknown, Signature>,
): PackedCases<Signature> {
  const signatures: (Signature | undefined)[] = [];
  const compare = (a: Signature | undefined, b: Signature | undefined): Similarity | undefined =>
    a === undefined || b === undefined ? undefined : measure.compare(a, b);
  return {
    add: (signature) => {
      signatures.push(signature);
    },
    compare: (i, j) => {
      const found = compare(signatures[i], signatures[j]);
      if (found === undefined) throw new Error('A case without a signature is not compared.');
      return found;
    },
    compareRow: (i, from, to, out) => {
      for (let j = from; j < to; j += 1)
        out[j - from] = compare(signatures[i], signatures[j])?.relation ?? Number.NaN;
    },
  };
}

/** A new, empty set of cases whose signatures are laid into `packed`. */
export function openCases<Signature extends object>(
  codec: SignatureCodec<Signature>,
  packed: PackedCases<Signature>,
): ComparedCases {
  const reasons = new Map<number, UndefinedReason>();
  let size = 0;
  const isThere = (i: number): boolean => i >= 0 && i < size && !reasons.has(i);
  return {
    get size() {
      return size;
    },
    add: (signature) => {
      packed.add(typeof signature === 'string' ? undefined : codec.decode(signature));
      if (typeof signature === 'string') reasons.set(size, signature);
      size += 1;
      return size - 1;
    },
    reason: (i) => reasons.get(i),
    compare: (i, j) => (isThere(i) && isThere(j) ? packed.compare(i, j) : undefined),
    compareRow: (i, from, to, out) => {
      const end = Math.max(from, isThere(i) ? Math.min(to, size) : from);
      out.fill(Number.NaN, end - from, to - from);
      if (end > from) packed.compareRow(i, from, end, out);
    },
  };
}
