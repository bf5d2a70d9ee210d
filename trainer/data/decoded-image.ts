import type { FrameValues } from './decode-frame.ts';
import type { Picture } from './picture.ts';
import type { Pixels } from './pixels.ts';

/**
 * How stored values become grey on [0, 1]: (x - centre) / width + 1/2, cut off at its ends, or the sigmoid
 * 1 / (1 + exp(-4 (x - centre) / width)) (PS3.3 C.11.2.1.3.1). Centre and width are in stored values; a width
 * below 0 turns grey round.
 */
export type GreyWindow = {
  readonly kind: 'linear' | 'sigmoid';
  readonly centre: number;
  readonly width: number;
};

/** An image as its file stores it, pixel by pixel, with what the viewer makes of the values. */
export type DecodedImage = {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly values: FrameValues;
  readonly window: GreyWindow;
  /** MONOCHROME1: the largest value is black. */
  readonly inverted: boolean;
};

/** The whole range of values from `low` to `high`. */
export const fullWindow = (low: number, high: number): GreyWindow => ({
  kind: 'linear',
  centre: (low + high) / 2,
  width: Math.max(1, high - low),
});

/** Grey on [0, 1] of a stored value. */
export function greyCurve(
  { kind, centre, width }: GreyWindow,
  inverted: boolean,
): (stored: number) => number {
  const curve =
    kind === 'sigmoid'
      ? (x: number) => 1 / (1 + Math.exp((-4 * (x - centre)) / width))
      : (x: number) => Math.min(1, Math.max(0, (x - centre) / width + 0.5));
  return inverted ? (x) => 1 - curve(x) : curve;
}

/** The curve's answer for each of the values that may occur, `first` being that of place 0. */
function tabulate(decoded: DecodedImage, values: FrameValues, scale: number) {
  const { window, inverted } = decoded;
  const curve = greyCurve(window, inverted);
  const signed = values instanceof Int8Array || values instanceof Int16Array;
  const count = 256 ** values.BYTES_PER_ELEMENT;
  const first = signed ? -count / 2 : 0;
  return { first, table: Float64Array.from({ length: count }, (_, i) => scale * curve(first + i)) };
}

/** The image as the viewer shows it, on [0, 1]. */
export function toPixels(decoded: DecodedImage): Pixels {
  const { width, height, channels, values } = decoded;
  const { first, table } = tabulate(decoded, values, 1);
  const shown = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += 1) shown[i] = table[(values[i] ?? 0) - first] ?? 0;
  return { width, height, channels, values: shown };
}

/** The image as the viewer shows it, in 8 bits and planes. */
export function toBytes(decoded: DecodedImage): Picture<Uint8Array> {
  const { width, height, channels, values } = decoded;
  const { first, table } = tabulate(decoded, values, 255);
  const bytes = Uint8Array.from(table, (value) => Math.round(value));
  const shown = new Uint8Array(values.length);
  const size = width * height;
  for (let k = 0, at = 0; k < channels; k += 1)
    for (let i = k; at < (k + 1) * size; i += channels, at += 1)
      shown[at] = bytes[(values[i] ?? 0) - first] ?? 0;
  return { width, height, channels, values: shown };
}

/** The stored values themselves, in planes: what the window would cut off is still there. */
export function toFloats({ width, height, channels, values }: DecodedImage): Picture<Float32Array> {
  const size = width * height;
  const floats = new Float32Array(values.length);
  for (let k = 0, at = 0; k < channels; k += 1)
    for (let i = k; at < (k + 1) * size; i += channels, at += 1) floats[at] = values[i] ?? 0;
  return { width, height, channels, values: floats };
}
