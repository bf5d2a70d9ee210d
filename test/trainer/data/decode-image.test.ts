import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { encode } from 'fast-png';
import { decodeDicom } from '../../../trainer/data/decode-dicom.ts';
import { decodeImage } from '../../../trainer/data/decode-image.ts';
import { resizeToPlanes } from '../../../trainer/data/pixels.ts';

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
    const reference = await decodeDicom(readFileSync(path.join(folder, 'CTImage.dcm')));
    assert.ok(new Set(reference.values).size > 100);
    for (const name of lossless) {
      const file = readdirSync(folder).find((each) => each.startsWith(`CTImage.dcm_${name}`));
      assert.ok(file !== undefined, name);
      const { values } = await decodeDicom(readFileSync(path.join(folder, file)));
      assert.deepEqual(values, reference.values, name);
    }
  });

  test('a syntax that cannot be decoded exactly is refused by name', async () => {
    const file = path.join(folder, 'JPGExtended.dcm');
    await assert.rejects(decodeDicom(readFileSync(file)), /1\.2\.840\.10008\.1\.2\.4\.51/u);
  });
});

test('a PNG keeps its values and is resized by area', async () => {
  const data = new Uint8Array([0, 255, 255, 0, 0, 255, 255, 0, 51, 51, 51, 51, 51, 51, 51, 51]);
  const bytes = encode({ width: 4, height: 4, data, channels: 1, depth: 8 });
  const pixels = await decodeImage(bytes, 'png');
  assert.deepEqual([pixels.width, pixels.height, pixels.channels], [4, 4, 1]);
  const planes = resizeToPlanes(pixels, 2);
  const expected = [0.5, 0.5, 0.2, 0.2];
  for (const [i, value] of planes.entries())
    assert.ok(Math.abs(value - (expected[i % 4] ?? 0)) < 1e-6);
});
