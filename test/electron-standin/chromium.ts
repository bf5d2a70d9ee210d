import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromiumArguments } from './argv.ts';
import { Cdp } from './cdp.ts';
import { type Browser, runtime } from './runtime.ts';

const startLimitMs = 30_000;
const endLimitMs = 3000;

/** Ends the child with SIGKILL when it has not ended by itself. */
function end(cdp: Cdp, child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), endLimitMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    cdp.send('Browser.close').catch(() => child.kill('SIGKILL'));
  });
}

/**
 * Ends Chromium and removes its profile when this process is gone, however it went: the shell reads a pipe
 * that only this process holds open. In a process group of its own, so that it outlives the group's end.
 */
function guard(child: ChildProcess, profile: string): void {
  if (child.pid === undefined) return;
  // Chromium's helpers notice late that it is gone, and may write into the profile once more.
  const script =
    'cat >/dev/null; kill -9 "$1" 2>/dev/null; for s in 0.3 1 3 10 30; do sleep "$s"; rm -rf "$2"; done';
  const shell = spawn('sh', ['-c', script, 'sh', String(child.pid), profile], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  child.once('exit', () => shell.kill('SIGKILL'));
}

function headless(): boolean {
  return process.env['STANDIN_HEADLESS'] !== '0';
}

/**
 * Starts installed Chromium and connects to it. `onExit` hears that Chromium ended, wanted or not (null: killed).
 * `STANDIN_CHROMIUM` names the browser, `STANDIN_HEADLESS=0` shows its windows, `STANDIN_CHROMIUM_ARGS` adds
 * switches. Gives the browser and, where a port was wanted, the address of its debugging socket.
 */
export async function startChromium(
  onExit: (code: number | null) => void,
): Promise<{ browser: Browser; socketUrl: string | undefined }> {
  const profile = mkdtempSync(path.join(tmpdir(), 'standin-chromium-'));
  const { wantsPort } = runtime.arguments;
  const child = spawn(
    process.env['STANDIN_CHROMIUM'] ?? 'chromium',
    chromiumArguments({
      profile,
      wantsPort,
      headless: headless(),
      isRoot: process.getuid?.() === 0,
      extra: process.env['STANDIN_CHROMIUM_ARGS']?.split(' ').filter(Boolean) ?? [],
      argv: process.argv.slice(1),
      switches: runtime.switches,
    }),
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  );
  guard(child, profile);
  let output = '';
  const failed = (reason: string): never => {
    child.kill('SIGKILL');
    console.error(`electron stand-in: ${reason}\n${output}`);
    process.exit(1);
  };
  const timer = setTimeout(() => failed('Chromium did not start within 30 s.'), startLimitMs);
  child.on('error', (error) => failed(`Chromium could not be started: ${error.message}`));
  child.on('exit', (code) => {
    // Its helpers may still be writing into the profile.
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    onExit(code);
  });
  const listening = new Promise<string>((resolve) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
      const url = /DevTools listening on (?<url>ws:\/\/\S+)/u.exec(output)?.groups?.['url'];
      if (url !== undefined) resolve(url);
    });
  });
  const cdp = new Cdp();
  const socketUrl = wantsPort ? await listening : undefined;
  if (socketUrl === undefined) cdp.connectPipe(child);
  else await cdp.connectSocket(socketUrl);
  await cdp.send('Browser.getVersion');
  clearTimeout(timer);
  const browser = { cdp, firstTargetId: undefined, end: () => end(cdp, child) };
  return { browser, socketUrl };
}
