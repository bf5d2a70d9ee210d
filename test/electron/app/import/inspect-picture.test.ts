import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'jpeg-js';
import { inspectImage } from '../../../../electron/app/import/inspect-image.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { StationError } from '../../../../shared/station-error.ts';
import { makeJpeg, makePng, orientJpeg } from '../../../fixtures/broken-files.ts';

/** The sentence with which a file is refused; empty where it is taken. */
function refusalOf(bytes: Uint8Array): string {
  try {
    inspectImage(bytes, 'file');
    return '';
  } catch (error) {
    assert.ok(error instanceof StationError, String(error));
    return wordError(error);
  }
}

test('a photograph that EXIF turns has the size that the viewer shows', () => {
  const wide = encode({ data: new Uint8Array(24 * 8 * 4), width: 24, height: 8 }, 90).data;
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    const { image } = inspectImage(orientJpeg(wide, orientation), 'eye.jpg');
    const expected = orientation >= 5 ? [8, 24] : [24, 8];
    assert.deepEqual([image.columns, image.rows], expected, `${orientation}`);
  }
  const cutOff = orientJpeg(wide, 6);
  // The EXIF block says that its directory lies beyond its end.
  cutOff.writeUInt32BE(0xffff, 16);
  assert.equal(inspectImage(cutOff, 'eye.jpg').image.columns, 24);
});

test('a JPEG that the viewer cannot decode is refused with its kind', () => {
  const whole = makeJpeg();
  const frame = whole.indexOf(Buffer.from([0xff, 0xc0]));
  assert.equal(refusalOf(whole), '');
  const lossless = Buffer.from(whole);
  lossless[frame + 1] = 0xc3;
  assert.match(refusalOf(lossless), /kind C3.*Export/u);
  const deep = Buffer.from(whole);
  deep[frame + 4] = 12;
  assert.match(refusalOf(deep), /12 bits.*Export/u);
});

test('a PNG with a wrong checksum, without pixels or of impossible colours is refused', () => {
  const whole = makePng();
  const pixels = whole.indexOf('IDAT');
  assert.equal(refusalOf(whole), '');
  const flipped = Buffer.from(whole);
  flipped[pixels + 12] = (flipped[pixels + 12] ?? 0) ^ 1;
  assert.match(refusalOf(flipped), /checksum.*Copy/u);
  const length = whole.readUInt32BE(pixels - 4);
  const without = Buffer.concat([
    whole.subarray(0, pixels - 4),
    whole.subarray(pixels + 8 + length),
  ]);
  assert.match(refusalOf(without), /no pixels.*Copy/u);
});
