import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectImage } from '../../../../electron/app/import/inspect-image.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { StationError } from '../../../../shared/station-error.ts';
import { makeSmallDicom } from '../../../fixtures/small-dicom.ts';

/** The sentence with which a file is refused; empty where it is taken. */
function refusalOf(bytes: Uint8Array): string {
  try {
    inspectImage(bytes, 'file.dcm');
    return '';
  } catch (error) {
    assert.ok(error instanceof StationError, String(error));
    return wordError(error);
  }
}

test('a file without its whole header is refused with what to do: the viewer cannot open it', () => {
  const whole = Buffer.from(makeSmallDicom([1, 2]));
  assert.equal(refusalOf(whole), '');
  const withoutLength = Buffer.concat([whole.subarray(0, 132), whole.subarray(144)]);
  for (const bytes of [withoutLength, whole.subarray(128), whole.subarray(132)])
    assert.match(refusalOf(bytes), /without its whole file header.*Save it again/u);
});
