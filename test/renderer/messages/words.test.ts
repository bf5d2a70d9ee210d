import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messages } from '../../../renderer/messages/en.ts';
import { fill, fillCount } from '../../../renderer/messages/fill.ts';
import {
  formatBytes,
  formatDuration,
  formatFigure,
  formatTime,
} from '../../../renderer/messages/formats.ts';

test('a sentence is filled by name, thousands are separated, an unknown name stays', () => {
  assert.equal(fill('{n} of {total} in {place}', { n: 3, total: 12345 }), '3 of 12,345 in {place}');
  assert.equal(fillCount({ one: '{n} study', many: '{n} studies' }, 1), '1 study');
  assert.equal(fillCount({ one: '{n} study', many: '{n} studies' }, 0), '0 studies');
});

test('bytes, lengths of time and figures are written for a person', () => {
  assert.deepEqual([0, 1023, 1024, 1_500_000, 5e9].map(formatBytes), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.4 MiB',
    '4.7 GiB',
  ]);
  assert.deepEqual([0, 59_400, 61_000, 3_599_900, 3_661_000].map(formatDuration), [
    '0:00',
    '0:59',
    '1:01',
    '1:00:00',
    '1:01:01',
  ]);
  assert.deepEqual(
    [0, 0.05, 1e-4, 41.237, -0.88123, 12_345_678].map((value) => formatFigure(value)),
    ['0', '0.05', '1.00e-4', '41.2', '\u22120.881', '1.23e+7'],
  );
  assert.equal(formatTime(new Date(2026, 10, 5, 4, 3).getTime()), '2026-11-05 04:03');
});

/** Every text of the catalogue with its path. */
function listTexts(value: unknown, at: string): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => listTexts(inner, `${at}.${name}`));
}

test('no text of the catalogue is empty, untrimmed or hurries the reader with an exclamation mark', () => {
  const texts = listTexts(messages, 'messages');
  assert.ok(texts.length > 200);
  for (const [at, text] of texts) {
    assert.equal(text, text.trim(), at);
    assert.notEqual(text, '', at);
    assert.ok(!text.includes('!'), at);
  }
});
