import { crc32 } from 'node:zlib';
import type { Picture } from './picture.ts';
import type { StoredImage } from './stored-image.ts';

/** Raised when what is stored changes: entries of other versions are made anew. */
export const entryVersion = 2;

const magic = 'FOVEAIMG';
/** Bytes before the pixels: a multiple of 2, so that 16-bit values lie at an even place. */
const headBytes = 80;
const crcAt = 76;

/**
 * A prepared picture as a file. Little-endian; the SHA-256 of the image's file ties it to its image.
 *
 *      0 magic 'FOVEAIMG'   8 version u8, depth u8, channels u8, window u8 (1 sigmoid), inverted u8
 *     16 width u32, height u32   24 centre f64, width f64 of the window   40 SHA-256, 32 bytes
 *     76 CRC-32 of everything else   80 planes, u8 or u16 (65,535 stands for 1)
 */
export function encodeEntry(stored: StoredImage, sha256: string): Uint8Array {
  const { picture, depth } = stored;
  const { values, width, height, channels } = picture;
  const bytes = new Uint8Array(headBytes + (values.length * depth) / 8);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  bytes.set([entryVersion, depth, channels], 8);
  view.setUint32(16, width, true);
  view.setUint32(20, height, true);
  bytes.set(Buffer.from(sha256, 'hex').subarray(0, 32), 40);
  if (stored.depth === 16) {
    const { window, inverted } = stored;
    bytes.set([Number(window.kind === 'sigmoid'), Number(inverted)], 11);
    view.setFloat64(24, window.centre, true);
    view.setFloat64(32, window.width, true);
    const words = new Uint16Array(bytes.buffer, headBytes);
    for (let i = 0; i < values.length; i += 1) words[i] = Math.round(65_535 * (values[i] ?? 0));
  } else bytes.set(values, headBytes);
  view.setUint32(crcAt, checksum(bytes), true);
  return bytes;
}

const checksum = (bytes: Uint8Array): number =>
  crc32(bytes.subarray(headBytes), crc32(bytes.subarray(0, crcAt)));

/** The prepared picture of a file's bytes; undefined where they are damaged or another image's. */
export function decodeEntry(bytes: Uint8Array, sha256: string): StoredImage | undefined {
  if (bytes.length < headBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [version, depth, channels, sigmoid, inverted] = bytes.subarray(8, 13);
  const [width, height] = [view.getUint32(16, true), view.getUint32(20, true)];
  const [centre, over] = [view.getFloat64(24, true), view.getFloat64(32, true)];
  if (
    Buffer.from(bytes.subarray(0, 8)).toString('latin1') !== magic ||
    version !== entryVersion ||
    Buffer.from(bytes.subarray(40, 72)).toString('hex') !== sha256 ||
    (depth !== 8 && depth !== 16) ||
    (channels !== 1 && channels !== 3) ||
    bytes.length !== headBytes + (width * height * channels * depth) / 8 ||
    view.getUint32(crcAt, true) !== checksum(bytes)
  )
    return undefined;
  const shape: Omit<Picture, 'values'> = { width, height, channels };
  // A copy: a Buffer’s slice would be none, and the words need an even address.
  const pixels = new Uint8Array(bytes.subarray(headBytes));
  if (depth === 8) return { depth, picture: { ...shape, values: pixels } };
  const words = new Uint16Array(pixels.buffer, 0, width * height * channels);
  const values = new Float32Array(words.length);
  for (let i = 0; i < words.length; i += 1) values[i] = (words[i] ?? 0) / 65_535;
  return {
    depth,
    picture: { ...shape, values },
    window: { kind: sigmoid === 1 ? 'sigmoid' : 'linear', centre, width: over },
    inverted: inverted === 1,
  };
}
