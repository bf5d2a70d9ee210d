import dicomParser from 'dicom-parser';
import { decodeFrame, type FrameShape, type FrameValues } from './decode-frame.ts';
import { type DecodedImage, fullWindow, type GreyWindow } from './decoded-image.ts';

type DataSet = ReturnType<typeof dicomParser.parseDicom>;

function numberOf(set: DataSet, tag: string): number | undefined {
  const value = Number.parseFloat(set.string(tag)?.split('\\')[0] ?? '');
  return Number.isFinite(value) ? value : undefined;
}

/** An item of the first frame's functional groups, or of those of all frames; the file itself without them. */
function groupOf(set: DataSet, tag: string): DataSet {
  for (const groups of ['x52009230', 'x52009229']) {
    const item = set.elements[groups]?.items?.[0]?.dataSet?.elements[tag]?.items?.[0]?.dataSet;
    if (item !== undefined) return item;
  }
  return set;
}

function frameBytes(set: DataSet, bytes: Uint8Array, shape: FrameShape): Uint8Array {
  const element = set.elements['x7fe00010'];
  if (element === undefined) throw new Error('The file has no pixel data.');
  if (element.fragments === undefined) {
    const length = (shape.rows * shape.columns * shape.samples * shape.bitsAllocated) / 8;
    return bytes.subarray(element.dataOffset, element.dataOffset + length);
  }
  const frames = Number(set.string('x00280008') ?? '1') || 1;
  if (frames > 1 && (element.basicOffsetTable?.length ?? 0) > 1)
    return dicomParser.readEncapsulatedImageFrame(set, element, 0) as Uint8Array;
  const count = frames > 1 ? 1 : element.fragments.length;
  return dicomParser.readEncapsulatedPixelDataFromFragments(set, element, 0, count) as Uint8Array;
}

/**
 * The first VOI LUT of the file (PS3.3 C.11.2.1.1), on 16 bits whatever its own depth, or undefined where it
 * has none.
 */
function voiLut(
  set: DataSet,
  slope: number,
  intercept: number,
): ((stored: number) => number) | undefined {
  const item = set.elements['x00283010']?.items?.[0]?.dataSet;
  const data = item?.elements['x00283006'];
  if (item === undefined || data === undefined) return undefined;
  const entries = item.uint16('x00283002', 0) ?? 0;
  // The first value mapped is one after slope and intercept: it may be below 0 where no stored one is.
  const signed =
    set.uint16('x00280103') === 1 || item.elements['x00283002']?.vr === 'SS' || intercept < 0;
  const first = (signed ? item.int16('x00283002', 1) : item.uint16('x00283002', 1)) ?? 0;
  const bits = item.uint16('x00283002', 2) ?? 0;
  const count = entries === 0 ? 65_536 : entries;
  // Entries of 8 bits may stand two in a word.
  const packed = bits === 8 && data.length < count * 2;
  if (bits < 1 || data.length < (packed ? count : count * 2)) return undefined;
  const entryAt = (i: number): number =>
    (packed ? item.byteArray[data.dataOffset + i] : item.uint16('x00283006', i)) ?? 0;
  const curve = Uint16Array.from({ length: count }, (_, i) =>
    Math.round((entryAt(i) / (2 ** bits - 1)) * 65_535),
  );
  return (x) => {
    const i = Math.round(x * slope + intercept) - first;
    return curve[Math.min(count - 1, Math.max(0, i))] ?? 0;
  };
}

/** The file's window (LINEAR, LINEAR_EXACT or SIGMOID, PS3.3 C.11.2.1) in stored values; undefined where it has none. */
function findWindow(file: DataSet, slope: number, intercept: number): GreyWindow | undefined {
  const set = groupOf(file, 'x00289132');
  const centre = numberOf(set, 'x00281050');
  const width = numberOf(set, 'x00281051');
  const kind = (set.string('x00281056') ?? '').trim();
  const least = kind === 'LINEAR_EXACT' ? 0 : 1;
  if (centre === undefined || width === undefined || width <= least) return undefined;
  const stored = (at: number, over: number): Omit<GreyWindow, 'kind'> => ({
    centre: (at - intercept) / slope,
    width: over / slope,
  });
  if (kind === 'SIGMOID') return { kind: 'sigmoid', ...stored(centre, width) };
  return kind === 'LINEAR_EXACT'
    ? { kind: 'linear', ...stored(centre, width) }
    : { kind: 'linear', ...stored(centre - 0.5, width - 1) };
}

/** What the viewer shows: by the window, else by the LUT (whose answer is then what is stored), else the range. */
function showGrey(set: DataSet, values: FrameValues): Pick<DecodedImage, 'values' | 'window'> {
  const rescale = groupOf(set, 'x00289145');
  const slope = numberOf(rescale, 'x00281053') || 1;
  const intercept = numberOf(rescale, 'x00281052') ?? 0;
  const window = findWindow(set, slope, intercept);
  if (window !== undefined) return { values, window };
  const lut = voiLut(set, slope, intercept);
  if (lut !== undefined) {
    const shown = new Uint16Array(values.length);
    for (let i = 0; i < values.length; i += 1) shown[i] = lut(values[i] ?? 0);
    return { values: shown, window: fullWindow(0, 65_535) };
  }
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const { kind, centre, width } = fullWindow(low, high);
  // An even picture is black, not grey.
  const middle = low === high ? low + width / 2 : centre;
  return { values, window: { kind, centre: middle, width: width * Math.sign(slope) } };
}

/** Interleaved RGB on [0, 2^bits - 1], whatever the file's order and colour space. */
function toRgb(values: FrameValues, photometric: string, planar: boolean): FrameValues {
  const pixels = values.length / 3;
  const rgb =
    values.BYTES_PER_ELEMENT === 1
      ? new Uint8ClampedArray(values.length)
      : new Uint16Array(values.length);
  for (let i = 0; i < pixels; i += 1) {
    const [first, step] = planar ? [i, pixels] : [3 * i, 1];
    const a = values[first] ?? 0;
    const b = values[first + step] ?? 0;
    const c = values[first + 2 * step] ?? 0;
    const isYbr = photometric === 'YBR_FULL';
    rgb[3 * i] = isYbr ? a + 1.402 * (c - 128) : a;
    rgb[3 * i + 1] = isYbr ? a - 0.344136 * (b - 128) - 0.714136 * (c - 128) : b;
    rgb[3 * i + 2] = isYbr ? a + 1.772 * (b - 128) : c;
  }
  return rgb instanceof Uint8ClampedArray ? new Uint8Array(rgb.buffer) : rgb;
}

/** First frame of a DICOM image as it is stored, with its own window. Throws where it cannot be decoded. */
export async function readDicom(bytes: Uint8Array): Promise<DecodedImage> {
  const set = dicomParser.parseDicom(bytes);
  const syntax = (set.string('x00020010') ?? '').trim();
  const photometric = (set.string('x00280004') ?? '').trim();
  const bits = set.uint16('x00280100') ?? 8;
  const samples = set.uint16('x00280002') ?? 1;
  if ((bits !== 8 && bits !== 16) || (samples !== 1 && samples !== 3))
    throw new Error(`Training cannot use ${bits} bits and ${samples} samples a pixel.`);
  const shape: FrameShape = {
    rows: set.uint16('x00280010') ?? 0,
    columns: set.uint16('x00280011') ?? 0,
    samples,
    bitsAllocated: bits,
    bitsStored: set.uint16('x00280101') ?? bits,
    signed: set.uint16('x00280103') === 1,
  };
  if (photometric === 'YBR_FULL_422' && set.elements['x7fe00010']?.fragments === undefined)
    throw new Error('Training cannot use uncompressed YBR_FULL_422.');
  const values = await decodeFrame(frameBytes(set, bytes, shape), syntax, shape);
  const size = { width: shape.columns, height: shape.rows };
  if (samples === 3) {
    const isJpeg = syntax === '1.2.840.10008.1.2.4.50';
    // What a decoder gives is always pixel by pixel, whatever the file says of its planes.
    const isRaw = set.elements['x7fe00010']?.fragments === undefined;
    const planar = isRaw && set.uint16('x00280006') === 1;
    const rgb = toRgb(values, isJpeg ? 'RGB' : photometric, planar);
    const window = fullWindow(0, 2 ** shape.bitsStored - 1);
    return { ...size, channels: 3, values: rgb, window, inverted: false };
  }
  if (photometric === 'PALETTE COLOR') throw new Error('Training cannot use palette colour.');
  const inverted = photometric === 'MONOCHROME1';
  return { ...size, channels: 1, ...showGrey(set, values), inverted };
}
