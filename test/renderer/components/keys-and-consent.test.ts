import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tickConsent } from '../../../renderer/components/consent-choice.ts';
import { countLeftOut } from '../../../renderer/components/count-left-out.ts';
import { keysOf, readNavigationKey } from '../../../renderer/components/navigation-keys.ts';
import { barPages } from '../../../renderer/store.ts';

const plain = (key: string) => ({ key, altKey: false, plain: true });

test('each page has its letter after g and its number with Alt', () => {
  for (const [index, page] of barPages.entries()) {
    const first = readNavigationKey(null, plain('g'), 1000);
    assert.equal(first.page, undefined);
    const second = readNavigationKey(first.prefix, plain(keysOf(page).letter), 1400);
    assert.deepEqual(second, { prefix: null, page });
    const alt = { key: String(index + 1), altKey: true, plain: true };
    assert.deepEqual(readNavigationKey(null, alt, 0), { prefix: null, page });
    assert.equal(keysOf(page).alt, `Alt+${index + 1}`);
  }
});

test('g is forgotten after a while, after another key, and with Ctrl', () => {
  assert.equal(readNavigationKey(1000, plain('w'), 2600).page, undefined);
  assert.deepEqual(readNavigationKey(1000, plain('x'), 1100), { prefix: null, page: undefined });
  const control = { key: 'g', altKey: false, plain: false };
  assert.deepEqual(readNavigationKey(null, control, 0), { prefix: null, page: undefined });
  assert.equal(readNavigationKey(null, { key: '9', altKey: true, plain: true }, 0).page, undefined);
});

test('without recording nothing else stays agreed to', () => {
  const nothing = { record: false, train: false, export: false };
  const recording = tickConsent(nothing, 'record', true);
  const both = tickConsent(recording, 'train', true);
  assert.deepEqual(both, { record: true, train: true, export: false });
  assert.deepEqual(tickConsent(both, 'record', false), nothing);
  assert.deepEqual(tickConsent(nothing, 'export', true), nothing);
});

test('readings left out of an export are counted by reason', () => {
  assert.deepEqual(
    countLeftOut([
      { readingId: 1, reason: 'no-gaze' },
      { readingId: 2, reason: 'no-consent' },
      { readingId: 3, reason: 'no-gaze' },
    ]),
    [
      { reason: 'no-consent', count: 1 },
      { reason: 'no-gaze', count: 2 },
    ],
  );
});
