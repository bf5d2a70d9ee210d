import type { DifferenceHash } from './difference-hash.ts';
import { countBits } from './difference-hash.ts';
import type { Moments } from './hu-moments.ts';
import { type MultimatchSignature, toMultimatchSignature } from './multimatch.ts';

/** A signature as bytes, in the byte order of the machine, and back; `decode(encode(s))` equals s bit for bit. */
export type SignatureCodec<Signature> = {
  readonly encode: (signature: Signature) => Uint8Array;
  /** Throws where the bytes are no such signature. */
  readonly decode: (bytes: Uint8Array) => Signature;
};

function refuse(what: string): never {
  throw new Error(`These bytes are no ${what}: the stored signature is damaged.`);
}

/** Bytes of a multiple of 8 as numbers; the bytes may begin anywhere in their buffer. */
function toDoubles(bytes: Uint8Array, what: string): Float64Array {
  if (bytes.length % 8 !== 0) refuse(what);
  return new Float64Array(bytes.slice().buffer);
}

const toBytes = (numbers: Float64Array | Float32Array | Uint32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** 8 bytes: the two words of the hash. */
export const hashCodec: SignatureCodec<DifferenceHash> = {
  encode: ({ low, high }) => toBytes(Uint32Array.of(low, high)),
  decode: (bytes) => {
    if (bytes.length !== 8) refuse('difference hash');
    const [low = 0, high = 0] = new Uint32Array(bytes.slice().buffer);
    return { low: low | 0, high: high | 0, ones: countBits(low) + countBits(high) };
  },
};

/** For each map mu and hu. */
export const momentSequenceCodec: SignatureCodec<readonly Moments[]> = {
  encode: (moments) => toBytes(Float64Array.from(moments.flatMap(({ mu, hu }) => [mu, hu]))),
  decode: (bytes) => {
    const numbers = toDoubles(bytes, 'sequence of moments');
    if (numbers.length === 0 || numbers.length % 2 !== 0) refuse('sequence of moments');
    return Array.from({ length: numbers.length / 2 }, (_, k) => ({
      mu: numbers[2 * k] ?? 0,
      hu: numbers[2 * k + 1] ?? 0,
    }));
  },
};

/** mu and hu of one map. */
export const momentsCodec: SignatureCodec<Moments> = {
  encode: (moments) => momentSequenceCodec.encode([moments]),
  decode: (bytes) => {
    const [moments, ...others] = momentSequenceCodec.decode(bytes);
    return moments === undefined || others.length > 0 ? refuse('moments') : moments;
  },
};

/** x, y, lenX, lenY of every saccade, then the durations: 5 count + 1 or more numbers, the first is the count. */
export const scanpathCodec: SignatureCodec<MultimatchSignature> = {
  encode: ({ count, x, y, lenX, lenY, durations }) =>
    toBytes(Float64Array.of(count, ...x, ...y, ...lenX, ...lenY, ...durations)),
  decode: (bytes) => {
    const numbers = toDoubles(bytes, 'scanpath');
    const count = numbers[0] ?? 0;
    if (!Number.isInteger(count) || count < 1 || numbers.length <= 1 + 5 * count)
      refuse('scanpath');
    const part = (k: number): Float64Array => numbers.slice(1 + k * count, 1 + (k + 1) * count);
    return toMultimatchSignature({
      x: part(0),
      y: part(1),
      lenX: part(2),
      lenY: part(3),
      durations: numbers.slice(1 + 4 * count),
    });
  },
};

/** The map's values, in single precision. */
export const mapCodec: SignatureCodec<Float32Array> = {
  encode: toBytes,
  decode: (bytes) =>
    bytes.length === 0 || bytes.length % 4 !== 0
      ? refuse('heat map')
      : new Float32Array(bytes.slice().buffer),
};
