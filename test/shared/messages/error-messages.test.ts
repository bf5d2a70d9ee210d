import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordError } from '../../../shared/messages/error-messages.ts';
import { stationErrorCodes } from '../../../shared/station-error.ts';

test('every code has a whole sentence, also without details', () => {
  const sentences = stationErrorCodes.map((code) => wordError({ code, details: {} }));
  for (const sentence of sentences) {
    assert.match(sentence, /^[A-Z0-9].*\.$/su);
    assert.doesNotMatch(sentence, /undefined|NaN|\[object/u);
  }
  assert.equal(new Set(sentences).size, sentences.length);
});

test('details stand in the sentence; an unknown code is told as a fault of Fovea', () => {
  assert.match(
    wordError({ code: 'unsupported-transfer-syntax', details: { syntax: 'JPEG Extended' } }),
    /JPEG Extended/u,
  );
  assert.equal(
    wordError({ code: 'martian', details: {} }),
    wordError({ code: 'internal', details: {} }),
  );
});
