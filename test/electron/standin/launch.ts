import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ElectronApplication, type Page, _electron } from 'playwright-core';
import { hangLimitMs } from '../../fixtures/hang-limit.ts';

const binary = path.resolve(import.meta.dirname, '../../electron-standin/electron');
const application = path.join(import.meta.dirname, 'application');

const chromium =
  process.env['STANDIN_CHROMIUM'] ??
  (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'chromium'))
    .find((file) => existsSync(file));

/** False where Chromium is installed, otherwise why a test is skipped. */
export const chromiumMissing: string | false =
  chromium === undefined ? 'no Chromium is installed' : false;

/** A fresh profile folder. */
export function makeProfile(): string {
  return mkdtempSync(path.join(tmpdir(), 'standin-profile-'));
}

/** The small application of this folder, driven by Playwright as any Electron. */
export async function launchSmall(
  profile: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ app: ElectronApplication; page: Page }> {
  const app = await _electron.launch({
    executablePath: binary,
    args: [application, `--user-data-dir=${profile}`, ...args],
    env: { ...process.env, ...env } as Record<string, string>,
    timeout: hangLimitMs,
  });
  const page = await app.firstWindow({ timeout: hangLimitMs });
  page.setDefaultTimeout(hangLimitMs);
  await page.waitForSelector('#blank');
  return { app, page };
}

/** Runs `entry` (the small application where left out) without Playwright, as a person would, to its end. */
export async function runSmall(
  profile: string,
  args: readonly string[] = [],
  entry = application,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(binary, [entry, `--user-data-dir=${profile}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}
