import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { findForeignAddresses } from './net-log.ts';
import { callStation, type LaunchedStation, launchStation } from './station.ts';

suite('the guarded station', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-security-'));
  const netLog = path.join(folder, 'net-log.json');
  let station: LaunchedStation;
  const opened: string[] = [];
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (!isClosed) await station.close();
    isClosed = true;
  };
  before(async () => {
    station = await launchStation({
      args: ['--no-demonstration', '--use-fake-device-for-media-stream', `--log-net-log=${netLog}`],
    });
    station.app.on('window', (window) => opened.push(window.url()));
    // Every socket that main opens from now on.
    await station.app.evaluate(() => {
      const opened: string[] = [];
      Object.assign(globalThis, { openedSockets: opened });
      process
        .getBuiltinModule('node:diagnostics_channel')
        .subscribe('net.client.socket', () => opened.push(new Error('opened here').stack ?? ''));
    });
  });
  after(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the page opens without an error, a foreign request or a violated policy', async () => {
    await station.assertQuiet();
  });

  test('the page runs in a secure context and sees nothing of Node or Electron', async () => {
    const seen = await station.page.evaluate(() => [
      isSecureContext,
      ...['require', 'process', 'module', 'global', 'Buffer', 'ipcRenderer', 'electron'].filter(
        (name) => name in globalThis,
      ),
    ]);
    assert.deepEqual(seen, [true]);
  });

  test('the bridge has two functions and cannot be changed, replaced or removed', async () => {
    const seen = await station.page.evaluate(() => {
      const attempt = (change: () => boolean): boolean => {
        try {
          return change();
        } catch {
          return false;
        }
      };
      const { station: bridge } = globalThis as unknown as { station: object };
      return {
        keys: Object.keys(bridge),
        frozen: Object.isFrozen(bridge),
        changed: [
          attempt(() => Reflect.set(globalThis, 'station', {})),
          attempt(() => Reflect.deleteProperty(globalThis, 'station')),
          attempt(() => Reflect.set(bridge, 'call', () => {})),
          attempt(() => Reflect.defineProperty(globalThis, 'station', { value: {} })),
        ],
      };
    });
    assert.deepEqual(seen, {
      keys: ['call', 'on'],
      frozen: true,
      changed: [false, false, false, false],
    });
  });

  test('the page cannot leave its place', async () => {
    const url = station.page.url();
    for (const target of ['https://example.org/', 'app://other/index.html', 'file:///etc/hosts']) {
      await station.page.evaluate((address) => {
        Object.assign(globalThis, { stayed: true });
        location.href = address;
      }, target);
      // A question to main comes after the navigation was decided.
      await callStation(station.page, 'station.state', {});
      assert.equal(station.page.url(), url);
      assert.equal(await station.page.evaluate(() => 'stayed' in globalThis), true);
    }
  });

  test('no other window is opened, not even for a moment', async () => {
    await station.page.evaluate(() => {
      window.open('https://example.org/');
      window.open(location.href);
      const link = document.createElement('a');
      link.href = 'https://example.org/';
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.remove();
    });
    await callStation(station.page, 'station.state', {});
    assert.deepEqual(opened, []);
    assert.equal(station.app.windows().length, 1);
  });

  test('the camera opens; microphone, location and the screen do not', async () => {
    const seen = await station.page.evaluate(async () => {
      const open = async (constraints: MediaStreamConstraints): Promise<string> => {
        try {
          const stream = await navigator.mediaDevices.getUserMedia(constraints);
          for (const track of stream.getTracks()) track.stop();
          return 'opened';
        } catch (error) {
          return error instanceof Error ? error.name : 'unknown';
        }
      };
      const state = async (name: string): Promise<string> =>
        (await navigator.permissions.query({ name: name as PermissionName })).state;
      return {
        video: await open({ video: true }),
        audio: await open({ audio: true }),
        both: await open({ audio: true, video: true }),
        microphone: await state('microphone'),
        geolocation: await state('geolocation'),
        notifications: await state('notifications'),
      };
    });
    assert.deepEqual(seen, {
      video: 'opened',
      audio: 'NotAllowedError',
      both: 'NotAllowedError',
      microphone: 'denied',
      geolocation: 'denied',
      notifications: 'denied',
    });
  });

  test('an unknown request is refused, also where the name is one of every object', async () => {
    const names = ['no.such', '__proto__', 'constructor', 'toString', '', 7, null, ['x'], {}];
    const codes: unknown[] = [];
    for (const name of names) {
      const reply = await callStation(station.page, name, {});
      codes.push(reply.ok ? 'answered' : reply.error.code);
    }
    assert.deepEqual(codes, Array(9).fill('unknown-request'));
  });

  test('an input of the wrong shape is refused with the name of its field', async () => {
    const page = { modality: null, status: null, text: '', offset: 0, limit: 10 };
    const wrong: readonly (readonly [string, unknown])[] = [
      ['worklist.page', { ...page, limit: 1e9 }],
      ['worklist.page', { ...page, offset: -1 }],
      ['study.open', { studyId: '1' }],
      ['study.open', { studyId: Number.NaN }],
      ['station.state', null],
    ];
    const answers: string[] = [];
    for (const [name, input] of wrong) {
      const reply = await callStation(station.page, name, input);
      answers.push(
        reply.ok ? 'answered' : `${reply.error.code} ${reply.error.details['field'] ?? ''}`,
      );
    }
    assert.deepEqual(answers, [
      'invalid-input limit',
      'invalid-input offset',
      'invalid-input studyId',
      'invalid-input studyId',
      'invalid-input ',
    ]);
  });

  test('no address leads out of the built page', async () => {
    const statuses = await station.page.evaluate(() =>
      Promise.all(
        [
          '/..%2f..%2fpackage.json',
          '/%2e%2e/%2e%2e/package.json',
          '/%252e%252e%252fpackage.json',
          '/..%5c..%5cpackage.json',
          '/assets/..%2f..%2f..%2fpackage.json',
          '/%00',
          '/index.html%00.js',
          '/C:%5cwindows%5cwin.ini',
          '//etc/hosts',
          '/image/1%2f..%2f2',
        ].map(async (address) => (await fetch(location.origin + address)).status),
      ),
    );
    for (const status of statuses) assert.ok([400, 403, 404].includes(status), String(statuses));
  });

  test('after all this main has no socket, no window came, and no other machine was asked for', async () => {
    await station.page.reload();
    await station.page.waitForLoadState('load');
    const sockets = await station.app.evaluate(
      () => (globalThis as typeof globalThis & { openedSockets?: string[] }).openedSockets,
    );
    assert.deepEqual(sockets, []);
    // A window that was let through may have taken its time.
    assert.deepEqual(opened, []);
    await close();
    assert.deepEqual(findForeignAddresses(netLog), []);
  });
});
