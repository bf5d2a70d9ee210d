import { StationError } from '../../../shared/station-error.ts';
import { sha256Of } from '../file-store.ts';
import { inspectDicom } from './inspect-dicom.ts';
import type { InspectedImage } from './inspected-image.ts';
import { inspectJpeg, inspectPng } from './inspect-picture.ts';

const begins = (bytes: Uint8Array, at: number, expected: readonly number[]): boolean =>
  expected.every((value, i) => bytes[at + i] === value);

const dicm = [0x44, 0x49, 0x43, 0x4d];

/** A data set without preamble begins with DICM, or a low group number: 0002 or 0008, either byte order. */
function looksLikeBareDataSet(bytes: Uint8Array): boolean {
  return (
    begins(bytes, 0, dicm) ||
    begins(bytes, 0, [0x08, 0x00]) ||
    begins(bytes, 0, [0x02, 0x00]) ||
    begins(bytes, 0, [0x00, 0x08, 0x00]) ||
    begins(bytes, 0, [0x00, 0x02, 0x00])
  );
}

/**
 * Says what a file is by its content, never by its name. Throws StationError with the reason where it
 * is not a whole picture that the station can show.
 */
export function inspectImage(bytes: Uint8Array, name: string): InspectedImage {
  if (bytes.length === 0) throw new StationError('empty-file');
  const sha256 = sha256Of(bytes);
  if (begins(bytes, 0, [0xff, 0xd8, 0xff])) return inspectJpeg(bytes, name, sha256);
  if (begins(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    return inspectPng(bytes, name, sha256);
  if (begins(bytes, 128, dicm)) return inspectDicom(bytes, name, sha256);
  if (looksLikeBareDataSet(bytes)) throw new StationError('dicom-without-header');
  throw new StationError('not-an-image-file');
}
