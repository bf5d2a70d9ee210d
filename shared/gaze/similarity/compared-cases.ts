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

/** Rows of relations over signatures that lie packed; same numbers, much faster. */
export interface PackedRows<Signature> {
  /** The next case; undefined: one without a signature. */
  add(signature: Signature | undefined): void;
  /** As ComparedCases.compareRow, for a case that has a signature. */
  compareRow(i: number, from: number, to: number, out: Float32Array): void;
}

/**
 * Cases of a measure. Signatures are kept as they are for `compare`; rows are computed by `packed` where there
 * is one, otherwise pair by pair.
 */
export function openCases<Signature extends object>(
  measure: Measure<unknown, Signature>,
  codec: SignatureCodec<Signature>,
  packed?: PackedRows<Signature>,
): ComparedCases {
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
    add: (signature) => {
      const decoded = typeof signature === 'string' ? signature : codec.decode(signature);
      packed?.add(typeof decoded === 'string' ? undefined : decoded);
      return signatures.push(decoded) - 1;
    },
    reason: (i) => {
      const found = signatures[i];
      return typeof found === 'string' ? found : undefined;
    },
    compare,
    compareRow: (i, from, to, out) => {
      if (typeof signatures[i] !== 'object') out.fill(Number.NaN, 0, to - from);
      else if (packed !== undefined) packed.compareRow(i, from, to, out);
      else for (let j = from; j < to; j += 1) out[j - from] = compare(i, j)?.relation ?? Number.NaN;
    },
  };
}
