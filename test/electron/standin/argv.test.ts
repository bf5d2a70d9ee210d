import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  chromiumArguments,
  readElectronArguments,
  switchValue,
} from '../../electron-standin/argv.ts';

test('a command line of Playwright gives its loader, the entry and the wish for a port', () => {
  assert.deepEqual(
    readElectronArguments([
      '/usr/bin/node',
      '-r',
      '/loader.js',
      '--no-sandbox',
      '--inspect=0',
      '--remote-debugging-port=0',
      '/station',
      '--user-data-dir=/profile',
      'further',
    ]),
    { preloads: ['/loader.js'], entry: '/station', wantsPort: true },
  );
});

test('a command line of a person asks for a pipe, and may name no entry', () => {
  assert.deepEqual(readElectronArguments(['/usr/bin/node', '--data-folder=/x']), {
    preloads: [],
    entry: undefined,
    wantsPort: false,
  });
});

test('a switch is found by its whole name alone', () => {
  const argv = ['--data-folder-old=/a', '--data-folder=/b=c', '--data-folder=/d'];
  assert.equal(switchValue(argv, 'data-folder'), '/b=c');
  assert.equal(switchValue(argv, 'data'), undefined);
});

const options = {
  profile: '/profile',
  wantsPort: false,
  headless: true,
  isRoot: false,
  extra: [],
  argv: [],
  switches: new Map<string, string>(),
};

test('Chromium gets its own profile and the switches meant for it, and no other', () => {
  const args = chromiumArguments({
    ...options,
    argv: [
      '-r',
      '/loader.js',
      '/station',
      '--inspect=0',
      '--remote-debugging-port=0',
      '--user-data-dir=/mine',
      '--data-folder=/data',
      '--use-fake-device-for-media-stream',
      '--use-file-for-fake-video-capture=/face.mjpeg',
    ],
    switches: new Map([
      ['lang', 'en'],
      ['mute-audio', ''],
    ]),
  });
  assert.deepEqual(
    args.filter((item) => /user-data-dir|remote-debugging|inspect|data-folder|loader/u.test(item)),
    ['--user-data-dir=/profile', '--remote-debugging-pipe'],
  );
  for (const expected of [
    '--use-fake-device-for-media-stream',
    '--use-file-for-fake-video-capture=/face.mjpeg',
    '--lang=en',
    '--mute-audio',
    '--headless=new',
    '--disable-background-networking',
  ])
    assert.ok(args.includes(expected), expected);
  assert.ok(!args.includes('--no-sandbox'));
});

test('Chromium never gets pipe and port together, and loses its sandbox for root alone', () => {
  const args = chromiumArguments({ ...options, wantsPort: true, headless: false, isRoot: true });
  assert.ok(args.includes('--remote-debugging-port=0') && args.includes('--no-sandbox'));
  assert.ok(!args.includes('--remote-debugging-pipe') && !args.includes('--headless=new'));
});
