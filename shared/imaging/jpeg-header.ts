/** What a JPEG says of itself before its first scan (ISO/IEC 10918-1, annex B). */
export type JpegHeader = {
  /** Start-of-frame marker, C0 (baseline) to CF; undefined where there is none. */
  readonly frame: number | undefined;
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  /** Identifier of each component. */
  readonly components: readonly number[];
  /** Colour transform of Adobe's marker: 0 none, 1 YCbCr, 2 YCCK; undefined without the marker. */
  readonly adobeTransform: number | undefined;
  readonly hasJfif: boolean;
  /** How the picture is to be turned (EXIF 2.3, tag 0112): 1 as it is, 5 to 8 exchange its sides. */
  readonly orientation: number;
  /** Where the first scan begins, or the place at which nothing more could be read. */
  readonly scanAt: number;
};

/** Start-of-frame markers: all of C0..CF that are not tables. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const beginsWith = (view: DataView, text: string): boolean =>
  view.byteLength >= text.length &&
  Array.from(text, (letter) => letter.charCodeAt(0)).every((code, i) => view.getUint8(i) === code);

/** Orientation in an EXIF block (a TIFF file), 1 where it states none. */
function orientationOf(exif: DataView): number {
  if (exif.byteLength < 14) return 1;
  const little = exif.getUint16(6) === 0x4949;
  const directory = 6 + exif.getUint32(10, little);
  if (directory + 2 > exif.byteLength) return 1;
  const entries = exif.getUint16(directory, little);
  for (let i = 0; i < entries; i += 1) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > exif.byteLength) return 1;
    if (exif.getUint16(at, little) !== 0x0112) continue;
    const orientation = exif.getUint16(at + 8, little);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
  }
  return 1;
}

/** Reads the segments of a JPEG up to its first scan. `bytes` begin with FF D8. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = {
    frame: undefined as number | undefined,
    precision: 0,
    rows: 0,
    columns: 0,
    components: [] as readonly number[],
    adobeTransform: undefined as number | undefined,
    hasJfif: false,
    orientation: 1,
  };
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda) break;
    const length = view.getUint16(at + 2);
    const end = Math.min(bytes.length, at + 2 + length);
    const segment = new DataView(view.buffer, view.byteOffset + at + 4, Math.max(0, end - at - 4));
    if (isFrame(marker) && segment.byteLength >= 6) {
      header.frame = marker;
      header.precision = segment.getUint8(0);
      header.rows = segment.getUint16(1);
      header.columns = segment.getUint16(3);
      const count = Math.min(segment.getUint8(5), Math.floor((segment.byteLength - 6) / 3));
      header.components = Array.from({ length: count }, (_, i) => segment.getUint8(6 + 3 * i));
    } else if (marker === 0xe0) header.hasJfif ||= beginsWith(segment, 'JFIF\0');
    else if (marker === 0xe1 && beginsWith(segment, 'Exif\0\0'))
      header.orientation = orientationOf(segment);
    else if (marker === 0xee && segment.byteLength >= 12 && beginsWith(segment, 'Adobe'))
      header.adobeTransform = segment.getUint8(11);
    at += 2 + length;
  }
  return { ...header, scanAt: at };
}
