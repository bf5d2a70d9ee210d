import path from 'node:path';
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

/** Start-of-frame markers: all of C0..CF that are not tables. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Reads a JPEG's size and checks that it is whole (ISO/IEC 10918-1, annex B). */
export function inspectJpeg(bytes: Uint8Array, name: string, sha256: string): InspectedImage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: { readonly columns: number; readonly rows: number } | undefined;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda) break;
    if (isFrame(marker) && at + 9 <= bytes.length)
      size = { rows: view.getUint16(at + 5), columns: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  if (size === undefined)
    throw new StationError('truncated-file', { reason: 'the JPEG has no size' });
  checkSize(size.columns, size.rows);
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end.lastIndexOf(Buffer.from([0xff, 0xd9])) < at)
    throw new StationError('truncated-file', { reason: 'the JPEG has no end' });
  return describePicture('jpeg', name, sha256, size.columns, size.rows);
}

/** Reads a PNG's size and checks that it is whole (PNG specification, 5.3). */
export function inspectPng(bytes: Uint8Array, name: string, sha256: string): InspectedImage {
  if (bytes.length < 33)
    throw new StationError('truncated-file', { reason: 'the PNG has no header' });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [columns, rows] = [view.getUint32(16), view.getUint32(20)];
  checkSize(columns, rows);
  let at = 8;
  for (;;) {
    if (at + 12 > bytes.length)
      throw new StationError('truncated-file', { reason: 'the PNG has no end' });
    const length = view.getUint32(at);
    const isEnd = view.getUint32(at + 4) === 0x49454e44;
    at += 12 + length;
    if (isEnd) break;
  }
  return describePicture('png', name, sha256, columns, rows);
}
