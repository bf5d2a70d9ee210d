import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { readDicom } from '../../../trainer/data/decode-dicom.ts';
import { toPixels } from '../../../trainer/data/decoded-image.ts';
import { readImage } from '../../../trainer/data/decode-image.ts';
import { resizeToPlanes } from '../../../trainer/data/pixels.ts';
import { orientJpeg } from '../../fixtures/broken-files.ts';

const folder = path.resolve(import.meta.dirname, '../../../../shared/data/dicom-syntaxes');
const skip = existsSync(folder) ? false : 'the shared DICOM files are absent';

describe('the trainer’s decoders', { skip }, () => {
  test('every lossless syntax gives the same values, bit for bit', async () => {
    const lossless = [
      'LittleEndianExplicit',
      'LittleEndianImplicit',
      'BigEndianExplicit',
      'RLELossless',
      'JPEGProcess14Transfer',
      'JPEGProcess14SV1',
      'JPEGLSLossless',
      'JPEG2000LosslessOnly',
    ];
    const reference = toPixels(await readDicom(readFileSync(path.join(folder, 'CTImage.dcm'))));
    assert.ok(new Set(reference.values).size > 100);
    for (const name of lossless) {
      const file = readdirSync(folder).find((each) => each.startsWith(`CTImage.dcm_${name}`));
      assert.ok(file !== undefined, name);
      const { values } = toPixels(await readDicom(readFileSync(path.join(folder, file))));
      assert.deepEqual(values, reference.values, name);
    }
  });

  test('a syntax that cannot be decoded exactly is refused by name', async () => {
    const file = path.join(folder, 'JPGExtended.dcm');
    await assert.rejects(readDicom(readFileSync(file)), /1\.2\.840\.10008\.1\.2\.4\.51/u);
  });
});

test('a PNG keeps its values and is resized by area', async () => {
  const data = new Uint8Array([0, 255, 255, 0, 0, 255, 255, 0, 51, 51, 51, 51, 51, 51, 51, 51]);
  const bytes = encode({ width: 4, height: 4, data, channels: 1, depth: 8 });
  const pixels = toPixels(await readImage(bytes, 'png'));
  assert.deepEqual([pixels.width, pixels.height, pixels.channels], [4, 4, 1]);
  const planes = resizeToPlanes(pixels, 2);
  const expected = [0.5, 0.5, 0.2, 0.2];
  for (const [i, value] of planes.entries())
    assert.ok(Math.abs(value - (expected[i % 4] ?? 0)) < 1e-6);
});

/** A PNG of one row, made by hand: fast-png writes no fewer than 8 bits. */
function makePng(width: number, depth: number, colour: number, row: number[], palette?: number[]) {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(1, 4);
  head[8] = depth;
  head[9] = colour;
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', head),
    ...(palette === undefined ? [] : [chunk('PLTE', Buffer.from(palette))]),
    chunk('IDAT', deflateSync(Buffer.from([0, ...row]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

test('a PNG of fewer than 8 bits, of 16 bits or with a palette gives its values', async () => {
  const valuesOf = async (bytes: Uint8Array): Promise<number[]> => [
    ...toPixels(await readImage(bytes, 'png')).values,
  ];
  const tenBits = makePng(10, 1, 0, [0b10101010, 0b11000000]);
  assert.deepEqual(await valuesOf(tenBits), [1, 0, 1, 0, 1, 0, 1, 0, 1, 1]);
  assert.deepEqual(await valuesOf(makePng(3, 4, 0, [0xf0, 0xf0])), [1, 0, 1]);
  assert.deepEqual(await valuesOf(makePng(2, 16, 0, [0xff, 0xff, 0, 0])), [1, 0]);
  const palette = [255, 0, 0, 0, 255, 0, 0, 0, 255];
  for (const [depth, row] of [
    [2, [0b00_01_10_00]],
    [8, [0, 1, 2]],
  ] as const)
    assert.deepEqual(
      await valuesOf(makePng(3, depth, 3, [...row], palette)),
      [1, 0, 0, 0, 1, 0, 0, 0, 1],
    );
});

test('a JPEG that EXIF turns is turned as in the viewer', async () => {
  // Four squares of grey, of 8 pixels each so that the JPEG keeps them.
  const [a, b, c, d] = [40, 90, 160, 220];
  const greys = [a, b, c, d];
  const data = Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) => {
    const [x, y] = [(i >> 2) % 16, i >> 6];
    return i % 4 === 3 ? 255 : (greys[(y >> 3) * 2 + (x >> 3)] ?? 0);
  });
  const jpeg = encodeJpeg({ data, width: 16, height: 16 }, 100).data;
  const turned = [
    [a, b, c, d],
    [b, a, d, c],
    [d, c, b, a],
    [c, d, a, b],
    [a, c, b, d],
    [c, a, d, b],
    [d, b, c, a],
    [b, d, a, c],
  ];
  for (const [i, expected] of turned.entries()) {
    const { values } = await readImage(orientJpeg(jpeg, i + 1), 'jpeg');
    const found = [68, 76, 196, 204].map((at) => Math.round((values[3 * at] ?? 0) / 10) * 10);
    assert.deepEqual(found, expected, `orientation ${i + 1}`);
  }
});

test('a JPEG of RGB components is not taken for YCbCr', async () => {
  const data = new Uint8Array(8 * 8 * 4).fill(60);
  const jpeg = encodeJpeg({ data, width: 8, height: 8 }, 100).data;
  assert.deepEqual([...(await readImage(jpeg, 'jpeg')).values.subarray(0, 3)], [60, 60, 60]);
  // The same bytes without the JFIF segment and with components R, G, B: 60, and 128 where Cb and Cr were.
  const rgb = Buffer.concat([jpeg.subarray(0, 2), jpeg.subarray(20)]);
  const frame = rgb.indexOf(Buffer.from([0xff, 0xc0]));
  const scan = rgb.indexOf(Buffer.from([0xff, 0xda]));
  for (const [i, letter] of [...Buffer.from('RGB')].entries()) {
    rgb[frame + 10 + 3 * i] = letter;
    rgb[scan + 5 + 2 * i] = letter;
  }
  assert.deepEqual([...(await readImage(rgb, 'jpeg')).values.subarray(0, 3)], [60, 128, 128]);
});

test('a picture that is enlarged or made smaller by a fraction keeps its mean', () => {
  const values = Float32Array.from({ length: 35 }, (_, i) => i / 34);
  for (const side of [3, 4, 8, 32]) {
    const planes = resizeToPlanes({ width: 7, height: 5, channels: 1, values }, side);
    const mean = planes.reduce((sum, value) => sum + value, 0) / planes.length;
    assert.ok(Math.abs(mean - 0.5) < 1e-6, `${side}: ${mean}`);
  }
});
