import path from 'node:path';
import { crc32 } from 'node:zlib';
import { readJpegHeader } from '../../../shared/imaging/jpeg-header.ts';
import { StationError } from '../../../shared/station-error.ts';
import { type InspectedImage, largestPixels, largestSidePx } from './inspected-image.ts';

/** Throws StationError image-too-large for a picture that the station cannot hold. */
export function checkSize(columns: number, rows: number): void {
  if (columns < 1 || rows < 1)
    throw new StationError('unreadable-file', {
      reason: `a picture of ${columns} x ${rows} pixels`,
    });
  if (columns > largestSidePx || rows > largestSidePx || columns * rows > largestPixels)
    throw new StationError('image-too-large', {
      size: `${columns} x ${rows} pixels`,
      limit: `${largestSidePx} pixels a side and ${largestPixels / 1e6} megapixels`,
    });
}

/** A photograph is a study of its own: nothing says which ones belong to one patient. */
function describePicture(
  format: 'jpeg' | 'png',
  name: string,
  sha256: string,
  columns: number,
  rows: number,
): InspectedImage {
  return {
    study: {
      studyUid: `file:${sha256}`,
      patientKey: `file:${sha256}`,
      patient: path.parse(name).name,
      description: 'Photograph',
      modality: 'OP',
      studyDate: '',
      simulated: false,
    },
    image: {
      format,
      rows,
      columns,
      frames: 1,
      laterality: null,
      viewPosition: null,
      sopInstanceUid: null,
      seriesUid: null,
      transferSyntax: null,
      photometric: null,
      simulated: false,
    },
  };
}

/** Frames that every decoder of the station knows: baseline, extended and progressive, Huffman coded. */
const shownFrames: readonly number[] = [0xc0, 0xc1, 0xc2];

/** Reads a JPEG's size, as it is to be turned, and checks that it is whole (ISO/IEC 10918-1, annex B). */
export function inspectJpeg(bytes: Uint8Array, name: string, sha256: string): InspectedImage {
  const { frame, precision, components, orientation, scanAt, ...size } = readJpegHeader(bytes);
  if (frame === undefined)
    throw new StationError('truncated-file', { reason: 'the JPEG has no size' });
  const [columns, rows] = orientation >= 5 ? [size.rows, size.columns] : [size.columns, size.rows];
  checkSize(columns, rows);
  if (!shownFrames.includes(frame) || precision !== 8 || ![1, 3, 4].includes(components.length))
    throw new StationError('unsupported-pixels', {
      what: `a JPEG of kind ${frame.toString(16).toUpperCase()}, ${precision} bits, ${components.length} components`,
    });
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end.lastIndexOf(Buffer.from([0xff, 0xd9])) < scanAt)
    throw new StationError('truncated-file', { reason: 'the JPEG has no end' });
  return describePicture('jpeg', name, sha256, columns, rows);
}

/** Bits a sample that each colour type of PNG may have (PNG specification, 11.2.2). */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Reads a PNG's size and checks that it is whole (PNG specification, 5.3). */
export function inspectPng(bytes: Uint8Array, name: string, sha256: string): InspectedImage {
  if (bytes.length < 33)
    throw new StationError('truncated-file', { reason: 'the PNG has no header' });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [columns, rows] = [view.getUint32(16), view.getUint32(20)];
  checkSize(columns, rows);
  let at = 8;
  let hasPixels = false;
  for (;;) {
    if (at + 12 > bytes.length)
      throw new StationError('truncated-file', { reason: 'the PNG has no end' });
    const length = view.getUint32(at);
    const kind = view.getUint32(at + 4);
    const end = at + 8 + length;
    // Bit 5 of the first letter: a chunk that may be left out, so that its damage does not matter.
    const isCritical = (kind & 0x20000000) === 0;
    if (
      isCritical &&
      end + 4 <= bytes.length &&
      crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)
    )
      throw new StationError('unreadable-file', { reason: 'a checksum of the PNG is wrong' });
    hasPixels ||= kind === 0x49444154 && length > 0;
    at = end + 4;
    if (kind === 0x49454e44) break;
  }
  if (!hasPixels) throw new StationError('unreadable-file', { reason: 'the PNG has no pixels' });
  if (!depths[bytes[25] ?? -1]?.includes(bytes[24] ?? 0))
    throw new StationError('unreadable-file', { reason: 'a PNG of impossible colours' });
  return describePicture('png', name, sha256, columns, rows);
}
