import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDicom } from '../../../trainer/data/decode-dicom.ts';
import { toPixels } from '../../../trainer/data/decoded-image.ts';
import { makeSmallDicom } from '../../fixtures/small-dicom.ts';

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
