import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { blurBytes, blurFloats } from '../../../trainer/data/blur.ts';
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  findLuma,
  solarise,
} from '../../../trainer/data/colour.ts';
import { writeNormalised } from '../../../trainer/data/normalise.ts';
import { flip, type Picture } from '../../../trainer/data/picture.ts';
import { resize } from '../../../trainer/data/resize.ts';
import { rotate } from '../../../trainer/data/rotate.ts';

type Golden = {
  readonly width: number;
  readonly height: number;
  readonly rgb: readonly number[];
  readonly deep: readonly number[];
  readonly results: Readonly<Record<string, readonly number[]>>;
};

const golden = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../golden/views.json'), 'utf8'),
) as Golden;
const { width, height, results } = golden;

/** From pixels side by side to planes. */
function toPlanes(values: readonly number[], size: number): Uint8Array {
  return Uint8Array.from(
    { length: 3 * size },
    (_, i) => values[3 * (i % size) + Math.floor(i / size)] ?? 0,
  );
}

const colour: Picture<Uint8Array> = {
  width,
  height,
  channels: 3,
  values: toPlanes(golden.rgb, width * height),
};
const grey: Picture<Uint8Array> = {
  ...colour,
  channels: 1,
  values: colour.values.slice(width * height, 2 * width * height),
};
const deep: Picture<Float32Array> = {
  ...colour,
  channels: 1,
  values: Float32Array.from(golden.deep),
};

/** Every stored result whose name begins so, with what follows it. */
function stored(prefix: string): (readonly [rest: string, values: readonly number[]])[] {
  const found = Object.entries(results)
    .filter(([name]) => name.startsWith(`${prefix} `) || name === prefix)
    .map(([name, values]) => [name.slice(prefix.length).trim(), values] as const)
    .filter(([rest]) => rest === '' || /^-?\d/u.test(rest));
  assert.ok(found.length > 0, prefix);
  return found;
}

function sameBytes(picture: Picture<Uint8Array>, expected: readonly number[], name: string): void {
  const size = picture.width * picture.height;
  const planes = picture.channels === 1 ? Uint8Array.from(expected) : toPlanes(expected, size);
  assert.deepEqual(picture.values, planes, name);
}

function near(found: Float32Array, expected: readonly number[], most: number, name: string): void {
  assert.equal(found.length, expected.length, name);
  for (const [i, value] of found.entries())
    assert.ok(
      Math.abs(value - (expected[i] ?? 0)) <= most,
      `${name}, ${i}: ${value}, ${expected[i]}`,
    );
}

const sizeOf = (rest: string): [number, number] => {
  const [w, h] = rest.split('x').map(Number);
  return [w ?? 0, h ?? 0];
};

test('pictures of 8 bits are resized as Pillow does, byte for byte, also a part of them', () => {
  for (const filter of ['bilinear', 'bicubic'] as const) {
    for (const [rest, expected] of stored(`resize ${filter}`))
      sameBytes(resize(colour, ...sizeOf(rest), filter), expected, `${filter} ${rest}`);
    for (const [rest, expected] of stored(`crop ${filter}`)) {
      const region = { x: 3, y: 2, width: 7, height: 5 };
      sameBytes(resize(colour, ...sizeOf(rest), filter, region), expected, `${filter} ${rest}`);
    }
  }
});

test('deep pictures are resized as Pillow’s of single precision, to 1e-6', () => {
  for (const filter of ['bilinear', 'bicubic'] as const) {
    for (const [rest, expected] of stored(`resize deep ${filter}`))
      near(resize(deep, ...sizeOf(rest), filter).values, expected, 1e-6, `${filter} ${rest}`);
    for (const [rest, expected] of stored(`crop deep ${filter}`)) {
      const region = { x: 3, y: 2, width: 7, height: 5 };
      near(resize(deep, ...sizeOf(rest), filter, region).values, expected, 1e-6, filter);
    }
  }
});

test('flip, luma, brightness, contrast, saturation, hue and solarise are torchvision’s, byte for byte', () => {
  sameBytes(flip(colour), results['flip'] ?? [], 'flip');
  assert.deepEqual([...findLuma(colour)], results['luma']);
  const operations = { brightness: adjustBrightness, contrast: adjustContrast, hue: adjustHue };
  for (const [name, change] of Object.entries({ ...operations, saturation: adjustSaturation }))
    for (const [factor, expected] of stored(name))
      sameBytes(change(colour, Number(factor)), expected, `${name} ${factor}`);
  for (const [factor, expected] of stored('contrast grey'))
    sameBytes(adjustContrast(grey, Number(factor)), expected, `contrast grey ${factor}`);
  sameBytes(solarise(colour, 128), results['solarise 128'] ?? [], 'solarise');
});

test('hue is torchvision’s on a grid of 5,832 colours', () => {
  const steps = Array.from({ length: 18 }, (_, i) => 15 * i);
  const colours = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => [r, g, b])));
  const size = colours.length;
  const values = Uint8Array.from(
    { length: 3 * size },
    (_, i) => colours[i % size]?.[Math.floor(i / size)] ?? 0,
  );
  const turned = adjustHue({ width: size, height: 1, channels: 3, values }, 0.17).values;
  let sum = 0;
  for (let i = 0; i < size; i += 1)
    for (let k = 0; k < 3; k += 1) sum += (turned[k * size + i] ?? 0) * ((3 * i + k) % 997);
  assert.deepEqual([sum], results['hue grid 0.17']);
});

test('blur is Pillow’s for 8 bits, byte for byte, and torchvision’s to 1e-6 for deep pictures', () => {
  for (const [sigma, expected] of stored('blur'))
    sameBytes(blurBytes(colour, Number(sigma)), expected, `blur ${sigma}`);
  for (const [rest, expected] of stored('blur deep')) {
    const [taps, sigma] = rest.split(' ').map(Number);
    near(blurFloats(deep, sigma ?? 0, taps ?? 0).values, expected, 1e-6, rest);
  }
});

test('rotation is Pillow’s to 1e-6, normalisation torchvision’s to 1e-6', () => {
  for (const [angle, expected] of stored('rotate deep'))
    near(rotate(deep, Number(angle)).values, expected, 1e-6, `rotate ${angle}`);
  const target = new Float32Array(3 * width * height);
  writeNormalised(colour, target, 0);
  near(target, results['normalise'] ?? [], 1e-6, 'normalise');
});

test('a grey picture of one plane gives what three equal planes give', () => {
  const three: Picture<Uint8Array> = {
    ...grey,
    channels: 3,
    values: Uint8Array.from(
      { length: 3 * grey.values.length },
      (_, i) => grey.values[i % grey.values.length] ?? 0,
    ),
  };
  const changes = [
    (each: Picture<Uint8Array>) => adjustBrightness(each, 1.4),
    (each: Picture<Uint8Array>) => adjustContrast(each, 0.3),
    (each: Picture<Uint8Array>) => adjustSaturation(each, 1.7),
    (each: Picture<Uint8Array>) => adjustHue(each, 0.2),
    (each: Picture<Uint8Array>) => blurBytes(each, 1.3),
    (each: Picture<Uint8Array>) => solarise(each, 128),
    (each: Picture<Uint8Array>) => resize(each, 5, 7, 'bicubic'),
  ];
  for (const [i, change] of changes.entries()) {
    const one = change(grey).values;
    const found = change(three).values;
    for (let k = 0; k < 3; k += 1)
      assert.deepEqual(found.subarray(k * one.length, (k + 1) * one.length), one, `change ${i}`);
  }
});
