import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { ElectronApplication, Page } from 'playwright-core';
import { waitFor } from '../../fixtures/wait-for.ts';
import { chromiumMissing, launchSmall, makeProfile, runSmall } from './launch.ts';

suite('a small application on the stand-in', { skip: chromiumMissing }, () => {
  const profile = makeProfile();
  let app: ElectronApplication;
  let page: Page;
  before(async () => {
    ({ app, page } = await launchSmall(profile, ['--use-fake-device-for-media-stream']));
  });
  after(() => app.close());

  test('its page has the bridge before its own first script, and nothing of Node', async () => {
    const seen = await page.evaluate(
      `[document.documentElement.dataset.bridge, typeof require, typeof process, typeof module,
        typeof __standinSend, Object.isFrozen(window.bridge), isSecureContext]`,
    );
    assert.deepEqual(seen, ['object', ...Array(4).fill('undefined'), true, true]);
  });

  test('answers, errors and synchronous results cross the bridge', async () => {
    const seen = await page.evaluate(`(async () => [
      await bridge.invoke('echo', { list: new Float32Array([1, 2]), none: undefined }),
      await bridge.invoke('sender'),
      await bridge.invoke('fail').catch((error) => error.message),
      await bridge.invoke('nobody').catch((error) => error.message),
      bridge.add(1, 2),
      (() => { try { bridge.fails(); } catch (error) { return error.message; } })(),
    ])()`);
    assert.deepEqual(seen, [
      { list: new Float32Array([1, 2]), none: undefined },
      ['app://check/index.html', null],
      "Error invoking remote method 'fail': Error: planned",
      "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
      3,
      'planned',
    ]);
  });

  test('a message from main reaches its listener until it stops listening', async () => {
    const seen = await page.evaluate(`(async () => {
      const heard = [];
      const next = () => new Promise((resolve) => {
        const stop = bridge.on('told', (value) => { heard.push(value); stop(); resolve(); });
      });
      for (const value of [1, 2]) { const told = next(); bridge.send('tell', value); await told; }
      return heard;
    })()`);
    assert.deepEqual(seen, [1, 2]);
  });

  test('a body of 20 MB, its address and its origin arrive at the scheme handler', async () => {
    const seen = await page.evaluate(
      `fetch('/upload?name=a%20b', { method: 'POST', body: new Uint8Array(20e6) }).then((r) => r.json())`,
    );
    assert.deepEqual(seen, {
      bytes: 20_000_000,
      url: 'app://check/upload?name=a%20b',
      origin: 'app://check',
    });
  });

  test('a range is asked and answered, and a handler that throws is a 500', async () => {
    const seen = await page.evaluate(`(async () => {
      const part = await fetch('/range', { headers: { Range: 'bytes=2-4' } });
      return [part.status, part.headers.get('X-Asked'), await part.text(),
        (await fetch('/throws')).status, (await fetch('/missing')).status];
    })()`);
    assert.deepEqual(seen, [206, 'bytes=2-4', 'cde', 500, 404]);
  });

  test('a response streams without an end, and is cancelled when the page leaves it', async () => {
    const seen = await page.evaluate(`(async () => {
      const control = new AbortController();
      const reader = (await fetch('/endless', { signal: control.signal })).body.getReader();
      let bytes = 0;
      while (bytes < 5e6) bytes += (await reader.read()).value.length;
      control.abort();
      while ((await bridge.invoke('stopped')) === 0) await new Promise(requestAnimationFrame);
      return 'stopped';
    })()`);
    assert.equal(seen, 'stopped');
  });

  test('nobody without the cookie of this run gets anything from the loopback server', async () => {
    const { port } = new URL(page.url());
    const answer = (host: string, cookie: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { Host: `${host}:${port}`, Cookie: cookie };
        get({ host: '127.0.0.1', port, path: '/index.html', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
    assert.equal(await answer('app--check.localhost', ''), 403);
    assert.equal(await answer('app--check.localhost', 'standin=guess'), 403);
    assert.equal(await answer('other--check.localhost', ''), 421);
    assert.equal(await answer('127.0.0.1', ''), 421);
  });

  test('the camera is granted and opens, the microphone and the location are not', async () => {
    const seen = await page.evaluate(`(async () => {
      const state = async (name) => (await navigator.permissions.query({ name })).state;
      const stream = await navigator.mediaDevices.getUserMedia({ video: true });
      const opened = stream.getTracks().map((track) => { track.stop(); return track.kind; });
      const refused = await navigator.mediaDevices.getUserMedia({ audio: true }).catch((e) => e.name);
      return [opened, refused, await state('camera'), await state('microphone'), await state('geolocation')];
    })()`);
    assert.deepEqual(seen, [['video'], 'NotAllowedError', 'granted', 'denied', 'denied']);
  });

  test('a navigation that is prevented leaves the page, and no refused child ever exists', async () => {
    const windows: string[] = [];
    app.on('window', (window) => windows.push(window.url()));
    const url = page.url();
    await page.evaluate(`window.mark = 1; location.href = 'https://example.org/';`);
    const opened = await page.evaluate(`window.open('https://example.org/') === null`);
    await page.click('#blank');
    // A round trip to main and back: what came before it has been decided.
    await page.evaluate(`bridge.invoke('echo', 1)`);
    assert.deepEqual([opened, page.url(), await page.evaluate('window.mark')], [true, url, 1]);
    assert.deepEqual(windows, []);
  });

  test('a utility process answers by message, prints, and its death is told', async () => {
    const seen = await page.evaluate(
      `(async () => [await bridge.invoke('child', { a: 1 }), await bridge.invoke('child', 'die')])()`,
    );
    const output = 'argument one utility\n';
    assert.deepEqual(seen, [
      { output, messages: [{ got: { a: 1 } }], code: 0 },
      { output, messages: [{ got: 'die' }], code: 137 },
    ]);
  });

  test('main is there for the test, with the name and version of the package', async () => {
    const seen = await app.evaluate(({ app: main }) => [main.getName(), main.getVersion()]);
    assert.deepEqual(seen, ['stand-in-check', '1.2.3']);
  });

  test('a second start on one profile ends, and the first one hears of it', async () => {
    const heard = new Promise((resolve) => {
      app.process().stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString('utf8').includes('second')) resolve(chunk.toString('utf8').trim());
      });
    });
    const { code } = await runSmall(profile, ['--mark']);
    assert.equal(code, 3);
    assert.equal(await heard, 'second --mark');
  });
});

/** A main file of one line of its own. */
function writeApplication(code: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'standin-application-'));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "main": "main.js" }');
  writeFileSync(path.join(folder, 'main.js'), code);
  return folder;
}

test(
  'whatever would weaken a window, or differ from Electron, is refused',
  { skip: chromiumMissing },
  async () => {
    const entry = writeApplication(`
import { app, BrowserWindow, ipcMain, protocol, session } from 'electron';
const tried = [];
const attempt = (run) => { try { run(); tried.push('allowed'); } catch (error) { tried.push(error.message); } };
attempt(() => new BrowserWindow());
await app.whenReady();
for (const webPreferences of [{ sandbox: false }, { contextIsolation: false }, { nodeIntegration: true },
  { webSecurity: false }, { webviewTag: true }, { nodeIntegrationInWorker: true }, { preload: 'a.cjs' },
  { partition: 'x' }]) attempt(() => new BrowserWindow({ webPreferences }));
attempt(() => protocol.registerSchemesAsPrivileged([]));
attempt(() => session.fromPartition('x'));
attempt(() => session.defaultSession.webRequest);
for (let i = 0; i < 2; i += 1) { protocol.handle('app' + i, () => {}); ipcMain.handle('a' + i, () => {}); }
attempt(() => protocol.handle('app0', () => {}));
attempt(() => ipcMain.handle('a0', () => {}));
console.log(JSON.stringify(tried));
app.exit(tried.includes('allowed') ? 4 : 0);`);
    const { code, output } = await runSmall(makeProfile(), [], entry);
    assert.equal(code, 0, output);
    assert.equal((JSON.parse(output.trim()) as string[]).length, 14);
  },
);

test(
  'code that cannot be loaded, or asks for what is not there, ends with 1',
  { skip: chromiumMissing },
  async () => {
    const entry = writeApplication(`import { TouchBar } from 'electron'; console.log(TouchBar);`);
    const { code, output } = await runSmall(makeProfile(), [], entry);
    assert.equal(code, 1);
    assert.match(output, /TouchBar/u);
  },
);

test(
  'a main that is killed takes Chromium and its profile with it',
  { skip: chromiumMissing },
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'standin-killed-'));
    const { app, page } = await launchSmall(makeProfile(), [], { TMPDIR: folder });
    const profiles = (): readonly string[] =>
      readdirSync(folder).filter((name) => name.startsWith('standin-chromium-'));
    const [profile = assert.fail('Chromium has no profile')] = profiles();
    const closed = page.waitForEvent('close');
    process.kill(app.process().pid ?? assert.fail(), 'SIGKILL');
    await closed;
    // Helpers of Chromium notice late that it is gone, and write until then.
    for (let n = 0; n < 10; n += 1) {
      mkdirSync(path.join(folder, profile, 'Late'), { recursive: true });
      await setTimeout(100);
    }
    await waitFor(
      () => profiles().length === 0,
      'the end of the profile, which the guard removes',
      50,
    );
  },
);
