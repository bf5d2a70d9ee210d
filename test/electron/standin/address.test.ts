import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromLoopback, toLoopback } from '../../electron-standin/address.ts';

const schemes = new Set(['app']);

test('an address of the scheme has a host of its own on loopback, and comes back as it was', () => {
  const url = 'app://station/a%20b/c.html?x=1#y';
  const loopback = 'http://app--station.localhost:81/a%20b/c.html?x=1#y';
  assert.equal(toLoopback(url, schemes, 81), loopback);
  assert.equal(fromLoopback(loopback, 81), url);
  assert.equal(fromLoopback('http://app--station.localhost:81', 81), 'app://station');
});

test('other schemes, hosts and ports stay what they are', () => {
  for (const url of ['https://example.org/', 'file:///a', 'data:text/html,'])
    assert.equal(toLoopback(url, schemes, 81), url);
  for (const url of [
    'http://app--station.localhost:82/',
    'http://station.localhost:81/',
    'http://app--station.localhost.evil:81/',
    'http://evil/http://app--station.localhost:81/',
    'https://example.org/',
  ])
    assert.equal(fromLoopback(url, 81), url);
});
