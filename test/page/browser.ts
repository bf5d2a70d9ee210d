import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath =
  process.env['STANDIN_CHROMIUM'] ??
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
    existsSync(file),
  );

/** False where a browser is installed, otherwise the reason to skip a test. */
export const browserMissing: string | false =
  executablePath === undefined ? 'no Chromium is installed' : false;

/** Installed Chromium without a window. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  if (executablePath === undefined) throw new Error('No Chromium is installed.');
  return chromium.launch({
    executablePath,
    headless: true,
    chromiumSandbox: false,
    args: ['--disable-background-networking', ...args],
  });
}
