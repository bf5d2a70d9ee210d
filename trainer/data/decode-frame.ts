import createCharls from '@cornerstonejs/codec-charls/decode';
import createOpenjpeg from '@cornerstonejs/codec-openjpeg/decode';
import createOpenjph from '@cornerstonejs/codec-openjph';
import { Decoder as LosslessDecoder } from 'jpeg-lossless-decoder-js';
import { decodeJpeg } from './decode-jpeg.ts';

/** How a frame's stored values are laid out. */
export type FrameShape = {
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3;
  readonly bitsAllocated: 8 | 16;
  /** What lies above the lowest so many bits is no part of the value (PS3.5, 8.1.1). */
  readonly bitsStored: number;
  readonly signed: boolean;
};

/** Stored values, pixel by pixel (colour interleaved). */
export type FrameValues = Uint8Array | Int8Array | Uint16Array | Int16Array;

interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

type Codec = { readonly create: CodecModule; readonly name: string };

const codecs: Readonly<Record<string, Codec>> = {
  '1.2.840.10008.1.2.4.80': { create: createCharls, name: 'JpegLSDecoder' },
  '1.2.840.10008.1.2.4.81': { create: createCharls, name: 'JpegLSDecoder' },
  '1.2.840.10008.1.2.4.90': { create: createOpenjpeg, name: 'J2KDecoder' },
  '1.2.840.10008.1.2.4.91': { create: createOpenjpeg, name: 'J2KDecoder' },
  '1.2.840.10008.1.2.4.201': { create: createOpenjph, name: 'HTJ2KDecoder' },
  '1.2.840.10008.1.2.4.202': { create: createOpenjph, name: 'HTJ2KDecoder' },
  '1.2.840.10008.1.2.4.203': { create: createOpenjph, name: 'HTJ2KDecoder' },
};

/** Reads bytes as the values they stand for. `bigEndian` only for uncompressed data. */
function readValues(bytes: Uint8Array, shape: FrameShape, bigEndian = false): FrameValues {
  const count = shape.rows * shape.columns * shape.samples;
  if (bytes.length * 8 < count * shape.bitsAllocated)
    throw new Error('The frame has too few values.');
  // A copy: the bytes need not lie at an even address.
  const copy = new Uint8Array(bytes.subarray(0, (count * shape.bitsAllocated) / 8));
  if (shape.bitsAllocated === 8) return shape.signed ? new Int8Array(copy.buffer) : copy;
  if (bigEndian)
    for (let i = 0; i + 1 < copy.length; i += 2)
      [copy[i], copy[i + 1]] = [copy[i + 1] ?? 0, copy[i] ?? 0];
  return shape.signed ? new Int16Array(copy.buffer) : new Uint16Array(copy.buffer);
}

async function decodeByCodec({ create, name }: Codec, bytes: Uint8Array): Promise<Uint8Array> {
  const module = await create({ print: () => undefined });
  const Decoder = module[name] as new () => WasmDecoder;
  const decoder = new Decoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    return new Uint8Array(decoder.getDecodedBuffer());
  } finally {
    decoder.delete();
  }
}

/** One segment of PackBits (PS3.5, annex G.3). */
function unpackBits(bytes: Uint8Array, target: Uint8Array, start: number, stride: number): void {
  let out = start;
  for (let i = 0; i < bytes.length && out < target.length;) {
    const control = ((bytes[i] ?? 0) << 24) >> 24;
    i += 1;
    if (control === -128) continue;
    const literal = control >= 0;
    const count = literal ? control + 1 : 1 - control;
    for (let k = 0; k < count && out < target.length; k += 1) {
      target[out] = bytes[literal ? i + k : i] ?? 0;
      out += stride;
    }
    i += literal ? count : 1;
  }
}

/** RLE Lossless (PS3.5, annex G): byte planes, the most significant first. */
function decodeRle(bytes: Uint8Array, shape: FrameShape): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = shape.bitsAllocated / 8;
  const segments = view.getUint32(0, true);
  const pixelBytes = shape.samples * width;
  if (segments !== pixelBytes) throw new Error(`The RLE frame has ${segments} segments.`);
  const target = new Uint8Array(shape.rows * shape.columns * pixelBytes);
  for (let s = 0; s < segments; s += 1) {
    const from = view.getUint32(4 + 4 * s, true);
    const to = s + 1 < segments ? view.getUint32(8 + 4 * s, true) : bytes.length;
    const sample = Math.floor(s / width);
    unpackBits(
      bytes.subarray(from, to),
      target,
      sample * width + (width - 1 - (s % width)),
      pixelBytes,
    );
  }
  return target;
}

/** Takes what older files keep above the stored bits, overlays say, out of the values; in place. */
function maskValues(values: FrameValues, { bitsAllocated, bitsStored, signed }: FrameShape): void {
  if (bitsStored >= bitsAllocated || bitsStored < 1) return;
  const unused = 32 - bitsStored;
  for (let i = 0; i < values.length; i += 1) {
    const raised = (values[i] ?? 0) << unused;
    values[i] = signed ? raised >> unused : raised >>> unused;
  }
}

/** Decodes one frame of the given transfer syntax. Throws for a syntax that training does not know. */
export async function decodeFrame(
  bytes: Uint8Array,
  syntax: string,
  shape: FrameShape,
): Promise<FrameValues> {
  const values = await decodeValues(bytes, syntax, shape);
  maskValues(values, shape);
  return values;
}

async function decodeValues(
  bytes: Uint8Array,
  syntax: string,
  shape: FrameShape,
): Promise<FrameValues> {
  const codec = codecs[syntax];
  if (codec !== undefined) {
    const decoded = await decodeByCodec(codec, bytes);
    // A stream of at most 8 bits is given in bytes, also where the file allocates 16.
    const isBytes = decoded.length === shape.rows * shape.columns * shape.samples;
    return readValues(decoded, isBytes ? { ...shape, bitsAllocated: 8 } : shape);
  }
  switch (syntax) {
    case '1.2.840.10008.1.2':
    case '1.2.840.10008.1.2.1':
      return readValues(bytes, shape);
    case '1.2.840.10008.1.2.2':
      return readValues(bytes, shape, true);
    case '1.2.840.10008.1.2.5':
      return readValues(decodeRle(bytes, shape), shape);
    case '1.2.840.10008.1.2.4.50': {
      const { values } = decodeJpeg(bytes);
      return values.length === shape.rows * shape.columns * shape.samples
        ? values
        : values.filter((_, i) => i % 3 === 0);
    }
    case '1.2.840.10008.1.2.4.57':
    case '1.2.840.10008.1.2.4.70': {
      const copy = new Uint8Array(bytes);
      const decoded = new LosslessDecoder().decode(
        copy.buffer,
        0,
        copy.length,
        shape.bitsAllocated / 8,
      );
      return readValues(
        new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength),
        shape,
      );
    }
    default:
      throw new Error(`Training cannot decode transfer syntax ${syntax}.`);
  }
}
