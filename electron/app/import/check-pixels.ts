import { StationError } from '../../../shared/station-error.ts';
import { type DataSet, text } from './dicom-text.ts';
import { isUncompressed } from './transfer-syntaxes.ts';

const jpegLossless: readonly string[] = ['1.2.840.10008.1.2.4.57', '1.2.840.10008.1.2.4.70'];
const jpegLs: readonly string[] = ['1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.81'];
const jpegBaseline = '1.2.840.10008.1.2.4.50';
const rle = '1.2.840.10008.1.2.5';

/** Why the viewer would show grey values wrong, or undefined. */
function misfitOfGrey(set: DataSet, allocated: number): string | undefined {
  const high = set.uint16('x00280102');
  const stored = set.uint16('x00280101');
  if (stored !== undefined && high !== undefined && high !== stored - 1)
    return `the highest bit ${high} of ${stored} bits`;
  if (allocated === 8 && set.uint16('x00280103') === 1) return 'signed values of 8 bits';
  if ((set.elements['x00283000']?.items?.length ?? 0) > 0) return 'a Modality LUT Sequence';
  if (Number.parseFloat(text(set, 'x00281053')) < 0) return 'a Rescale Slope below 0';
  return undefined;
}

/** Whether a JPEG-LS stream has each colour in a scan of its own; no decoder here puts them together. */
function hasScanPerColour(set: DataSet, bytes: Uint8Array): boolean {
  const from = set.elements['x7fe00010']?.fragments?.[0]?.position ?? bytes.length;
  const head = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + from,
    Math.min(4096, bytes.length - from),
  );
  const scan = head.indexOf(Buffer.from([0xff, 0xda]));
  return scan >= 0 && head[scan + 4] === 1;
}

/** Why the viewer would show colours wrong, or undefined. */
function misfitOfColour(set: DataSet, bytes: Uint8Array, syntax: string): string | undefined {
  const photometric = text(set, 'x00280004');
  if (set.uint16('x00280100') !== 8) return 'colours of more than 8 bits';
  if (isUncompressed(syntax) || syntax === rle)
    return ['RGB', 'YBR_FULL'].includes(photometric) ? undefined : `${photometric}, uncompressed`;
  if (!photometric.startsWith('YBR_') && photometric !== 'RGB') return photometric;
  if (jpegLs.includes(syntax) && hasScanPerColour(set, bytes)) return 'JPEG-LS plane by plane';
  const isPlain = syntax === jpegBaseline || jpegLossless.includes(syntax);
  const isTransformed = photometric === 'YBR_RCT' || photometric === 'YBR_ICT';
  return set.uint16('x00280006') === 1 && !isPlain && !isTransformed
    ? 'compressed colours that are said to be planes'
    : undefined;
}

/** Throws StationError unsupported-pixels for values of which the viewer would show others, or nothing. */
export function checkLayout(set: DataSet, bytes: Uint8Array, syntax: string): void {
  const allocated = set.uint16('x00280100') ?? 0;
  const samples = set.uint16('x00280002') ?? 1;
  const photometric = text(set, 'x00280004');
  const refuse = (what: string): never => {
    throw new StationError('unsupported-pixels', { what });
  };
  if (![8, 16, 32].includes(allocated)) refuse(`${allocated} bits a value`);
  if (samples === 3) {
    const misfit = misfitOfColour(set, bytes, syntax);
    if (misfit !== undefined) refuse(misfit);
  } else if (samples !== 1) refuse(`${samples} samples a pixel`);
  else if (['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'].includes(photometric)) {
    const misfit = misfitOfGrey(set, allocated);
    if (misfit !== undefined) refuse(misfit);
  } else refuse(photometric || 'no photometric interpretation');
}

/** Whether each RLE segment of a frame gives as many bytes as the frame has pixels (PS3.5, annex G). */
function isWholeRle(frame: Uint8Array, pixels: number): boolean {
  if (frame.length < 64) return false;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const segments = view.getUint32(0, true);
  if (segments < 1 || segments > 15) return false;
  for (let s = 1; s <= segments; s += 1) {
    const end = s < segments ? view.getUint32(4 + 4 * s, true) : frame.length;
    let count = 0;
    for (
      let at = view.getUint32(4 * s, true);
      at < Math.min(end, frame.length) && count < pixels;
    ) {
      const control = view.getInt8(at);
      const length = control >= 0 ? control + 1 : 1 - control;
      at += control >= 0 ? length + 1 : 2;
      if (control !== -128) count += at <= frame.length ? length : 0;
    }
    if (count < pixels) return false;
  }
  return true;
}

/** Throws StationError where compressed frames are fewer than stated, or end before their pixels do. */
export function checkFrames(
  set: DataSet,
  bytes: Uint8Array,
  syntax: string,
  pixels: number,
  frames: number,
): void {
  const fragments = set.elements['x7fe00010']?.fragments ?? [];
  if (fragments.length < frames)
    throw new StationError('truncated-file', { reason: `${fragments.length} of ${frames} frames` });
  const parts = fragments.map(({ position, length }) =>
    bytes.subarray(position, position + length),
  );
  if (syntax === rle) {
    const whole = parts.length === frames && parts.every((part) => isWholeRle(part, pixels));
    if (!whole)
      throw new StationError('truncated-file', { reason: 'the RLE pixels are not whole' });
    return;
  }
  if (!/\.4\.(?:50|57|70|80|81|90|91|20[123])$/u.test(syntax)) return;
  // JPEG, JPEG-LS and JPEG 2000 all end with FF D9.
  const joined = frames === 1 ? [Buffer.concat(parts)] : parts;
  const ends = joined.filter(
    (part) => Buffer.from(part).lastIndexOf('ffd9', undefined, 'hex') >= 0,
  );
  if (ends.length < frames)
    throw new StationError('truncated-file', { reason: 'a compressed picture has no end' });
}
