import { decode as decodePng } from 'fast-png';
import { readJpegHeader } from '../../shared/imaging/jpeg-header.ts';
import type { ImageFormat } from '../../shared/imaging/study.ts';
import { readDicom } from './decode-dicom.ts';
import { type DecodedImage, fullWindow } from './decoded-image.ts';
import { decodeJpeg, turn } from './decode-jpeg.ts';

function readJpeg(bytes: Uint8Array): DecodedImage {
  const { width, height, values } = turn(decodeJpeg(bytes), readJpegHeader(bytes).orientation);
  return { width, height, channels: 3, values, window: fullWindow(0, 255), inverted: false };
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

function readPng(bytes: Uint8Array): DecodedImage {
  const decoded = decodePng(bytes);
  const { width, height, channels, depth, palette } = decoded;
  const data = depth < 8 ? unpack(decoded.data, width, height, depth) : decoded.data;
  const top = palette === undefined ? 2 ** depth - 1 : 255;
  const pixels = width * height;
  // Transparency is left out.
  const colours = palette !== undefined || channels >= 3 ? 3 : 1;
  const values = top > 255 ? new Uint16Array(pixels * colours) : new Uint8Array(pixels * colours);
  for (let i = 0; i < pixels; i += 1)
    for (let k = 0; k < colours; k += 1)
      values[colours * i + k] =
        (palette === undefined ? data[channels * i + k] : palette[data[i] ?? 0]?.[k]) ?? 0;
  const window = fullWindow(0, top);
  return { width, height, channels: colours, values, window, inverted: false };
}

/** Decodes a stored image, its values still as they are stored. Throws where it cannot be decoded. */
export async function readImage(bytes: Uint8Array, format: ImageFormat): Promise<DecodedImage> {
  switch (format) {
    case 'dicom':
      return readDicom(bytes);
    case 'jpeg':
      return readJpeg(bytes);
    case 'png':
      return readPng(bytes);
    default:
      return format satisfies never;
  }
}
