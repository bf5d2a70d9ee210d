import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDicom } from '../../../trainer/data/decode-dicom.ts';
import { toPixels } from '../../../trainer/data/decoded-image.ts';
import { encapsulate, makeSmallDicom, sequenceOf } from '../../fixtures/small-dicom.ts';

async function valuesOf(...input: Parameters<typeof makeSmallDicom>): Promise<number[]> {
  const { values } = toPixels(await readDicom(makeSmallDicom(...input)));
  return Array.from(values, (value) => Math.round(value * 1e4) / 1e4);
}

test('the file’s own window maps its values to [0, 1] as PS3.3 C.11.2.1.2 says', async () => {
  // c = 100, w = 101: below 49.5 black, above 149.5 white.
  const found = await valuesOf([0, 49, 99, 100, 149, 150, 4000], { window: [100, 101] });
  assert.deepEqual(found, [0, 0, 0.495, 0.505, 0.995, 1, 1]);
});

test('slope and intercept come before the window', async () => {
  const found = await valuesOf([0, 1, 2], { window: [1, 3], slope: 2, intercept: -1 });
  assert.deepEqual(found, [0, 0.75, 1]);
});

test('window and slope of an image of many frames are those of its frames', async () => {
  const groups = [
    sequenceOf(0x00289132, [
      [0x00281050, 'DS', '1'],
      [0x00281051, 'DS', '3'],
    ]),
    sequenceOf(0x00289145, [
      [0x00281052, 'DS', '-1'],
      [0x00281053, 'DS', '2'],
    ]),
  ];
  for (const tag of [0x52009229, 0x52009230]) {
    const elements = [sequenceOf(tag, groups)];
    assert.deepEqual(await valuesOf([0, 1, 2], { elements }), [0, 0.75, 1]);
  }
});

test('a sigmoid window is one half at its centre', async () => {
  const found = await valuesOf([100, 150], { window: [100, 200], windowFunction: 'SIGMOID' });
  assert.deepEqual(found, [0.5, Math.round(1e4 / (1 + Math.exp(-1))) / 1e4]);
});

test('without a window the values’ own range is used', async () => {
  assert.deepEqual(await valuesOf([10, 20, 30]), [0, 0.5, 1]);
});

test('without a window a VOI LUT is used, its ends for what lies beyond it', async () => {
  const lut = [0, 6553.5, 65535].map((value) => Math.round(value));
  const found = await valuesOf([9, 10, 11, 12, 13], { voiLut: { first: 10, lut } });
  assert.deepEqual(found, [0, 0, 0.1, 1, 1]);
});

test('an exact linear window has neither the half nor the one of a linear one', async () => {
  // c = 100, w = 100: black up to 50, white from 150 on (PS3.3 C.11.2.1.3.2).
  const exact = { window: [100, 100] as const, windowFunction: 'LINEAR_EXACT' };
  assert.deepEqual(await valuesOf([50, 75, 100, 150], exact), [0, 0.25, 0.5, 1]);
  const narrow = { ...exact, window: [100, 1] as const };
  assert.deepEqual(await valuesOf([99, 100, 101], narrow), [0, 0.5, 1]);
});

test('a VOI LUT may begin below 0 after the intercept, and have its entries in bytes', async () => {
  const lut = (descriptor: readonly number[], entries: Buffer) =>
    sequenceOf(0x00283010, [
      [0x00283002, 'SS', Buffer.from(Int16Array.from(descriptor).buffer)],
      [0x00283006, 'OW', entries],
    ]);
  const entries = Buffer.from(Uint16Array.of(0, 6554, 65_535, 13_107).buffer);
  const below = { intercept: -10, slope: 1, elements: [lut([4, -10, 16], entries)] };
  assert.deepEqual(await valuesOf([0, 1, 2, 3], below), [0, 0.1, 1, 0.2]);
  const bytes = { elements: [lut([4, 0, 8], Buffer.of(0, 51, 255, 102))] };
  assert.deepEqual(await valuesOf([0, 1, 2, 3], bytes), [0, 0.2, 1, 0.4]);
});

/** JPEG 2000 streams of 4 x 2 pixels: eight greys of 8 bits, and eight colours. */
const greyStream =
  '/0//UQApAAAAAAAEAAAAAgAAAAAAAAAAAAAABAAAAAIAAAAAAAAAAAABBwEB/1IADAAAAAEAAAQEAAH/XAAEQED/kAAKAAAAAAAaAAH/k8+0JAiF8UqPT0mPn//Z';
const colourStream =
  '/0//UQAvAAAAAAAEAAAAAgAAAAAAAAAAAAAABAAAAAIAAAAAAAAAAAADBwEBBwEBBwEB/1IADAAAAAEBAAQEAAH/XAAEQED/kAAKAAAAAAAyAAH/k9+AWBTVal1zh6Nz+eO/34BIDhlo5ts2Pf9/34A4AvLq+9Llxf/Z';
const jpeg2000 = { syntax: '1.2.840.10008.1.2.4.90', rows: 2 } as const;
const zeros = Array.from({ length: 8 }, () => 0);

test('a JPEG 2000 stream of 8 bits is read where the file allocates 16', async () => {
  const pixels = encapsulate(Buffer.from(greyStream, 'base64'));
  const { values } = await readDicom(
    makeSmallDicom(zeros, { ...jpeg2000, bitsStored: 8, elements: [[0x7fe00010, 'OB', pixels]] }),
  );
  assert.deepEqual([...values], [10, 20, 30, 40, 50, 60, 70, 80]);
});

test('decoded colours stand pixel by pixel, whatever the file says of its planes', async () => {
  const pixels = encapsulate(Buffer.from(colourStream, 'base64'));
  const { values } = await readDicom(
    makeSmallDicom(zeros, {
      ...jpeg2000,
      photometric: 'YBR_RCT',
      elements: [
        [0x00280002, 'US', 3],
        [0x00280006, 'US', 1],
        [0x00280100, 'US', 8],
        [0x00280101, 'US', 8],
        [0x7fe00010, 'OB', pixels],
      ],
    }),
  );
  assert.deepEqual([...values.subarray(0, 12)], [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30]);
});

test('MONOCHROME1 is turned round', async () => {
  assert.deepEqual(await valuesOf([10, 20, 30], { photometric: 'MONOCHROME1' }), [1, 0.5, 0]);
});

test('what lies above the stored bits is no part of a value', async () => {
  assert.deepEqual(await valuesOf([0xf000, 0x0fff], { bitsStored: 12 }), [0, 1]);
  // Twelve bits, signed: 0xfff is -1, whatever lies above.
  const signed = { bitsStored: 12, signed: true, window: [0, 3] as const };
  assert.deepEqual(await valuesOf([0x0fff, 0, 1], signed), [0.25, 0.75, 1]);
});

test('a transfer syntax that is not known is refused by its name', async () => {
  await assert.rejects(
    readDicom(makeSmallDicom([1, 2], { syntax: '1.2.840.10008.1.2.4.100' })),
    /1\.2\.840\.10008\.1\.2\.4\.100/u,
  );
});

test('a file whose pixels were cut off is refused', async () => {
  const bytes = makeSmallDicom([1, 2, 3, 4]);
  await assert.rejects(readDicom(bytes.subarray(0, bytes.length - 4)));
});
