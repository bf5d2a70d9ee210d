import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUtf8 } from '../../../shared/text/decode-utf8.ts';

test('only UTF-8 without zero bytes is text, and its byte-order mark is taken off', () => {
  const cases: readonly (readonly [Uint8Array, string | undefined])[] = [
    [Buffer.from('lésion'), 'lésion'],
    [Buffer.from('\uFEFFimage'), 'image'],
    [Buffer.from(''), ''],
    [Buffer.from('l\u00e9sion', 'latin1'), undefined],
    [Buffer.from('image', 'utf16le'), undefined],
    [Buffer.from('a\0b'), undefined],
    [Buffer.from([0xc3]), undefined],
  ];
  for (const [bytes, text] of cases) assert.equal(decodeUtf8(bytes), text, String(bytes));
  // What was refused leaves nothing behind.
  assert.equal(decodeUtf8(Buffer.from('é')), 'é');
});
