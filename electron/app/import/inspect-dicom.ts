import dicomParser from 'dicom-parser';
import type { Modality } from '../../../shared/imaging/study.ts';
import { StationError } from '../../../shared/station-error.ts';
import { checkFrames, checkLayout } from './check-pixels.ts';
import { type DataSet, freeText, personName, text } from './dicom-text.ts';
import type { InspectedImage } from './inspected-image.ts';
import { lateralityOf, viewOf } from './laterality-and-view.ts';
import { checkSize } from './inspect-picture.ts';
import { isShown, isUncompressed, nameSyntax } from './transfer-syntaxes.ts';

/** SOP classes without a picture to read, by the beginning of their UID. */
const notPictures: readonly (readonly [string, string])[] = [
  ['1.2.840.10008.1.3.10', 'a DICOMDIR'],
  ['1.2.840.10008.5.1.4.1.1.88', 'a structured report'],
  ['1.2.840.10008.5.1.4.1.1.9', 'a waveform'],
  ['1.2.840.10008.5.1.4.1.1.481', 'radiotherapy data'],
  ['1.2.840.10008.5.1.4.1.1.11', 'a presentation state'],
  ['1.2.840.10008.5.1.4.1.1.30', 'a parametric map'],
  ['1.2.840.10008.5.1.4.1.1.66', 'a segmentation or surface'],
  ['1.2.840.10008.5.1.4.1.1.104', 'an encapsulated document'],
];

function parse(bytes: Uint8Array): DataSet {
  try {
    return dicomParser.parseDicom(bytes);
  } catch (error) {
    const reason = String(
      (error as { readonly exception?: unknown }).exception ??
        (error instanceof Error ? error.message : error),
    );
    if (
      /past|end of (?:buffer|file|input)|eof|truncated|not enough|overrun|greater than/iu.test(
        reason,
      )
    )
      throw new StationError('truncated-file', { reason }, { cause: error });
    throw new StationError('unreadable-file', { reason }, { cause: error });
  }
}

function checkPixels(
  set: DataSet,
  bytes: Uint8Array,
  syntax: string,
  pixels: number,
  frames: number,
): void {
  const element = set.elements['x7fe00010'];
  if (element === undefined) {
    const what = set.elements['x7fe00008'] ?? set.elements['x7fe00009'];
    throw new StationError('dicom-without-image', {
      what: what === undefined ? 'no pixel data' : 'floating point values',
    });
  }
  checkLayout(set, bytes, syntax);
  if (isUncompressed(syntax)) {
    const bits = (set.uint16('x00280100') ?? 8) * (set.uint16('x00280002') ?? 1);
    const needed = Math.floor((pixels * frames * bits) / 8);
    const there = Math.min(element.length, bytes.length - element.dataOffset);
    if (there < needed)
      throw new StationError('truncated-file', { reason: `${there} of ${needed} bytes of pixels` });
    return;
  }
  const eof = (set.warnings ?? []).some((warning) => /eof|end of/iu.test(warning));
  if (
    eof ||
    (element.fragments?.length ?? 0) === 0 ||
    element.dataOffset + element.length > bytes.length
  )
    throw new StationError('truncated-file', { reason: 'the compressed pixels have no end' });
  checkFrames(set, bytes, syntax, pixels, frames);
}

function modalityOf(set: DataSet): Modality {
  const modality = text(set, 'x00080060');
  if (modality === 'MG') return 'MG';
  if (modality === 'OP' || modality === 'XC') return 'OP';
  const breast = /BREAST/iu.test(text(set, 'x00180015'));
  return breast && ['CR', 'DX', 'RG'].includes(modality) ? 'MG' : 'OT';
}

const isoDate = (date: string): string =>
  /^\d{8}$/u.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : '';

/**
 * Reads a DICOM Part 10 file (PS3.10, 7.1) and checks that it holds a whole picture that the viewer
 * shows as it is. `bytes` begin with the preamble. Throws StationError with the reason.
 */
export function inspectDicom(bytes: Uint8Array, name: string, sha256: string): InspectedImage {
  let syntax: string;
  let hasLength: boolean;
  try {
    const meta = dicomParser.readPart10Header(bytes, { untilTag: '' });
    syntax = text(meta, 'x00020010');
    hasLength = meta.elements['x00020000'] !== undefined;
  } catch (error) {
    throw new StationError('truncated-file', { reason: 'the header is cut off' }, { cause: error });
  }
  if (syntax === '')
    throw new StationError('dicom-without-header', { reason: 'no transfer syntax' });
  // Type 1 (PS3.10, 7.1); the viewer's reader stops without it.
  if (!hasLength) throw new StationError('dicom-without-header', { reason: 'no group length' });
  if (!isShown(syntax))
    throw new StationError('unsupported-transfer-syntax', { syntax: nameSyntax(syntax) });
  const set = parse(bytes);
  const sopClass = text(set, 'x00080016');
  const other = notPictures.find(([uid]) => sopClass === uid || sopClass.startsWith(`${uid}.`));
  if (other !== undefined) throw new StationError('dicom-without-image', { what: other[1] });
  const rows = set.uint16('x00280010') ?? 0;
  const columns = set.uint16('x00280011') ?? 0;
  const frames = Math.max(1, Number.parseInt(text(set, 'x00280008') || '1', 10) || 1);
  if (set.elements['x7fe00010'] !== undefined) checkSize(columns, rows);
  checkPixels(set, bytes, syntax, rows * columns, frames);
  const patientId = freeText(set, 'x00100020');
  const patientName = personName(set, 'x00100010');
  const studyUid = text(set, 'x0020000d') || `file:${sha256}`;
  const simulated = text(set, 'x00204000').startsWith('SIMULATED');
  return {
    study: {
      studyUid,
      patientKey: patientId
        ? `id:${patientId}|${text(set, 'x00100021')}`
        : `name:${patientName}|${text(set, 'x00100030')}|${patientName ? '' : studyUid}`,
      patient: patientName || patientId || name,
      description:
        freeText(set, 'x00081030') || freeText(set, 'x0008103e') || text(set, 'x00080060'),
      modality: modalityOf(set),
      studyDate: isoDate(text(set, 'x00080020')),
      simulated,
    },
    image: {
      format: 'dicom',
      rows,
      columns,
      frames,
      laterality: lateralityOf(set),
      viewPosition: viewOf(set),
      sopInstanceUid: text(set, 'x00080018') || null,
      seriesUid: text(set, 'x0020000e') || null,
      transferSyntax: syntax,
      photometric: text(set, 'x00280004') || null,
      simulated,
    },
  };
}
