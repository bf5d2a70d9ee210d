import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import { installFakeCases } from './fake-cases.ts';
import { installFakeModels } from './fake-models.ts';
import { installFakeSchedule } from './fake-schedule.ts';
import { type Fake, type FakeOptions, installFakeStation } from './fake-station.ts';
import { hangLimitMs } from '../../fixtures/hang-limit.ts';

declare global {
  interface Window {
    readonly fake: Fake;
  }
}

const screenshots = path.resolve(import.meta.dirname, '../../../out/screenshots');

/** The two sizes at which every page is looked at. */
export const windowSizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

const usual: FakeOptions = {
  studies: 10_000,
  state: {},
  configuration: demonstrationConfiguration,
  runs: [],
  refusals: [],
  delayMs: 2,
};

export type ShellPage = {
  readonly page: Page;
  /** Console errors, uncaught errors and policy violations so far. */
  readonly trouble: readonly string[];
  /** Names and bytes of uploaded files. */
  readonly uploads: readonly { readonly name: string; readonly bytes: number }[];
};

/** Opens the built page at `url` over a station of its own in the page. */
export async function openShell(
  browser: Browser,
  url: string,
  options: Partial<FakeOptions> = {},
): Promise<ShellPage> {
  const page = await browser.newPage({ viewport: windowSizes[0] });
  const trouble: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(String(error)));
  const uploads: { name: string; bytes: number }[] = [];
  await page.route('**/upload/**', async (route) => {
    const request = route.request();
    uploads.push({
      name: new URL(request.url()).searchParams.get('name') ?? '',
      bytes: request.postDataBuffer()?.length ?? 0,
    });
    await route.fulfill({ status: 204 });
  });
  await page.addInitScript(installFakeStation, { ...usual, ...options });
  await page.addInitScript(installFakeCases);
  await page.addInitScript(installFakeModels);
  await page.addInitScript(installFakeSchedule);
  page.setDefaultTimeout(hangLimitMs);
  await page.goto(url);
  await page.locator('#content').waitFor();
  // Keys are heard once the first frame has been drawn.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return { page, trouble, uploads };
}

/** Leaves out/screenshots/shell-<name>-<width>.png at both window sizes. */
export async function takeScreenshots(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  for (const size of windowSizes) {
    await page.setViewportSize(size);
    await page.screenshot({ path: path.join(screenshots, `shell-${name}-${size.width}.png`) });
  }
  await page.setViewportSize(windowSizes[0]);
}

/** Rows of the table in the page that are in the document now, as text. */
export async function rowsShown(page: Page): Promise<readonly string[]> {
  return page.locator('[role="grid"] [data-row]').allInnerTexts();
}

/** Text of the row under the keyboard. */
export async function rowUnderCursor(page: Page): Promise<string> {
  const text = await page.locator('[role="grid"] [aria-selected="true"]').innerText();
  return text.replaceAll('\n', ' ');
}

/** Inputs of every call of that name so far. */
export const calls = (page: Page, name: string): Promise<readonly unknown[]> =>
  page.evaluate(
    (wanted) => window.fake.calls.filter((call) => call.name === wanted).map(({ input }) => input),
    name,
  );
