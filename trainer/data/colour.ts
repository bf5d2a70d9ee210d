import type { Picture } from './picture.ts';

type BytePicture = Picture<Uint8Array>;

const clip = (value: number): number => Math.min(255, Math.max(0, Math.trunc(value)));

/** Pillow's blend of two 8-bit values, in single precision and cut off, not rounded. */
function blend(from: number, to: number, factor: number): number {
  return clip(Math.fround(from + Math.fround(factor * (to - from))));
}

function mapValues(picture: BytePicture, change: (value: number) => number): BytePicture {
  const table = Uint8Array.from({ length: 256 }, (_, value) => change(value));
  const { values } = picture;
  const changed = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i += 1) changed[i] = table[values[i] ?? 0] ?? 0;
  return { ...picture, values: changed };
}

/** Grey of a colour: ITU-R 601-2 luma in Pillow's 16-bit fixed point. */
function lumaOf(red: number, green: number, blue: number): number {
  return (red * 19_595 + green * 38_470 + blue * 7471 + 0x8000) >> 16;
}

/** One plane: the luma of each pixel, as Pillow's `convert('L')`. */
export function findLuma({ channels, values }: BytePicture): Uint8Array {
  if (channels === 1) return values;
  const size = values.length / 3;
  const luma = new Uint8Array(size);
  for (let i = 0; i < size; i += 1)
    luma[i] = lumaOf(values[i] ?? 0, values[size + i] ?? 0, values[2 * size + i] ?? 0);
  return luma;
}

/** torchvision's adjust_brightness: blended with black; 1 changes nothing. */
export function adjustBrightness(picture: BytePicture, factor: number): BytePicture {
  const single = Math.fround(factor);
  return mapValues(picture, (value) => blend(0, value, single));
}

/** torchvision's adjust_contrast: blended with the mean luma. */
export function adjustContrast(picture: BytePicture, factor: number): BytePicture {
  const luma = findLuma(picture);
  let sum = 0;
  for (let i = 0; i < luma.length; i += 1) sum += luma[i] ?? 0;
  const mean = Math.floor(sum / luma.length + 0.5);
  const single = Math.fround(factor);
  return mapValues(picture, (value) => blend(mean, value, single));
}

/** torchvision's adjust_saturation: blended with its luma. A grey picture stays as it is. */
export function adjustSaturation(picture: BytePicture, factor: number): BytePicture {
  if (picture.channels === 1) return picture;
  const { values } = picture;
  const luma = findLuma(picture);
  const single = Math.fround(factor);
  const changed = new Uint8Array(values.length);
  for (let k = 0, at = 0; k < 3; k += 1)
    for (let i = 0; i < luma.length; i += 1, at += 1)
      changed[at] = blend(luma[i] ?? 0, values[at] ?? 0, single);
  return { ...picture, values: changed };
}

/** Pillow's hue of a colour that is no grey, of 256 to a turn. */
function hueOf(red: number, green: number, blue: number, most: number, least: number): number {
  const span = most - least;
  const r = Math.fround((most - red) / span);
  const g = Math.fround((most - green) / span);
  const b = Math.fround((most - blue) / span);
  let sixth = b - g;
  if (red !== most) sixth = green === most ? 2 + r - b : 4 + g - r;
  const turn = Math.fround((Math.fround(sixth) / 6 + 1) % 1);
  return clip(turn * 255);
}

/**
 * torchvision's adjust_hue of 8-bit pictures: the hue byte of Pillow's HSV is moved by `turns` of a turn, in
 * [-0.5, 0.5]; saturation and value stay. A grey picture stays as it is.
 */
export function adjustHue(picture: BytePicture, turns: number): BytePicture {
  if (picture.channels === 1) return picture;
  const { values } = picture;
  const size = values.length / 3;
  const move = Math.trunc(turns * 255);
  const changed = values.slice();
  for (let i = 0; i < size; i += 1) {
    const red = values[i] ?? 0;
    const green = values[size + i] ?? 0;
    const blue = values[2 * size + i] ?? 0;
    const most = Math.max(red, green, blue);
    const least = Math.min(red, green, blue);
    const saturation =
      most === least ? 0 : clip(Math.fround(Math.fround(most - least) / most) * 255);
    if (saturation === 0) {
      // What rounds to grey in HSV comes back as grey.
      changed[i] = changed[size + i] = changed[2 * size + i] = most;
      continue;
    }
    const hue = (hueOf(red, green, blue, most, least) + move + 256) % 256;
    const sixth = Math.floor(Math.fround((hue * 6) / 255));
    const part = Math.fround(Math.fround((hue * 6) / 255) - sixth);
    const strength = Math.fround(saturation / 255);
    const low = Math.round(most * (1 - strength));
    const falling = Math.round(most * (1 - strength * part));
    const rising = Math.round(most * (1 - strength * (1 - part)));
    const order = [
      [most, rising, low],
      [falling, most, low],
      [low, most, rising],
      [low, falling, most],
      [rising, low, most],
      [most, low, falling],
    ][sixth % 6] ?? [most, most, most];
    changed[i] = order[0] ?? 0;
    changed[size + i] = order[1] ?? 0;
    changed[2 * size + i] = order[2] ?? 0;
  }
  return { ...picture, values: changed };
}

/** Values of at least `threshold` are turned round (Pillow's solarize). */
export function solarise(picture: BytePicture, threshold: number): BytePicture {
  return mapValues(picture, (value) => (value < threshold ? value : 255 - value));
}
