import { decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import type { ImageFormat } from '../../shared/imaging/study.ts';
import { decodeDicom } from './decode-dicom.ts';
import type { Pixels } from './pixels.ts';

function decodeJpegPixels(bytes: Uint8Array): Pixels {
  const { width, height, data } = decodeJpeg(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    maxMemoryUsageInMB: 2048,
    maxResolutionInMP: 130,
  });
  return { width, height, channels: 3, values: Float32Array.from(data, (value) => value / 255) };
}

/** One value an element, where several share a byte; each row begins in a new one (PNG 1.2, 2.3). */
function unpack(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const bit = x * depth;
      const byte = data[y * rowBytes + (bit >> 3)] ?? 0;
      values[y * width + x] = (byte >> (8 - depth - (bit & 7))) & mask;
    }
  return values;
}

function decodePngPixels(bytes: Uint8Array): Pixels {
  const decoded = decodePng(bytes);
  const { width, height, channels, depth, palette } = decoded;
  const data = depth < 8 ? unpack(decoded.data, width, height, depth) : decoded.data;
  const top = 2 ** depth - 1;
  const pixels = width * height;
  if (palette !== undefined) {
    const values = new Float32Array(pixels * 3);
    for (let i = 0; i < pixels; i += 1)
      for (let k = 0; k < 3; k += 1) values[3 * i + k] = (palette[data[i] ?? 0]?.[k] ?? 0) / 255;
    return { width, height, channels: 3, values };
  }
  // Transparency is left out.
  const colours = channels >= 3 ? 3 : 1;
  const values = new Float32Array(pixels * colours);
  for (let i = 0; i < pixels; i += 1)
    for (let k = 0; k < colours; k += 1)
      values[colours * i + k] = (data[channels * i + k] ?? 0) / top;
  return { width, height, channels: colours, values };
}

/** Decodes a stored image for training. Throws where it cannot be decoded. */
export function decodeImage(bytes: Uint8Array, format: ImageFormat): Promise<Pixels> {
  switch (format) {
    case 'dicom':
      return decodeDicom(bytes);
    case 'jpeg':
      return Promise.resolve(decodeJpegPixels(bytes));
    case 'png':
      return Promise.resolve(decodePngPixels(bytes));
    default:
      return format satisfies never;
  }
}
