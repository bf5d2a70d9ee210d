import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Reply } from '../../shared/ipc/contract.ts';
import { type ElectronApplication, type Page, _electron } from 'playwright-core';
import { hangLimitMs } from '../fixtures/hang-limit.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What a page did that no journey expects; every list is empty in a journey that went well. */
export type Complaints = {
  readonly pageErrors: readonly string[];
  readonly consoleErrors: readonly string[];
  /** Addresses outside the station's own origin. */
  readonly foreignRequests: readonly string[];
  /** `directive blocked-address` of each violated Content-Security-Policy. */
  readonly policyViolations: readonly string[];
};

export type LaunchOptions = {
  /** Absolute path; a fresh empty folder where left out. */
  readonly dataFolder?: string;
  /** Further arguments of the program, such as --use-fake-device-for-media-stream. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

export type LaunchedStation = {
  readonly app: ElectronApplication;
  /** The first window; its document is loaded. */
  readonly page: Page;
  readonly dataFolder: string;
  /** `app://station` or what stands for it. */
  readonly origin: string;
  /** What main wrote to standard output and error since its first window opened. */
  readonly output: () => string;
  readonly complaints: () => Promise<Complaints>;
  /** Fails where anything was complained about. */
  readonly assertQuiet: () => Promise<void>;
  /** Ends the program; removes its user folder, and the data folder where it was made here. */
  readonly close: () => Promise<void>;
};

/** The chosen Electron: what `scripts/start.mjs` set, the downloaded one, or the stand-in. */
function findElectron(): string {
  const chosen = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (chosen !== undefined) return path.join(chosen, 'electron');
  const electron = path.join(root, 'node_modules/electron');
  const named = path.join(electron, 'path.txt');
  return existsSync(named)
    ? path.join(electron, 'dist', readFileSync(named, 'utf8'))
    : path.join(root, 'test/electron-standin/electron');
}

/** The command line that opens the station as a person would, for journeys that Playwright cannot watch. */
export function stationCommand(args: readonly string[]): { program: string; args: string[] } {
  const needsFlag = process.platform === 'linux' && process.getuid?.() === 0;
  return {
    program: findElectron(),
    args: [root, ...(needsFlag ? ['--no-sandbox'] : []), ...args],
  };
}

function collectViolations(): void {
  const page = globalThis as typeof globalThis & { foveaViolations?: Set<string> };
  if (page.foveaViolations !== undefined) return;
  const found = new Set<string>();
  page.foveaViolations = found;
  document.addEventListener('securitypolicyviolation', (event) => {
    found.add(`${event.effectiveDirective} ${event.blockedURI}`);
  });
  // What happened before this listener stood.
  new ReportingObserver(
    (reports) => {
      for (const { body } of reports) {
        const { effectiveDirective, blockedURL } = body as unknown as {
          effectiveDirective: string;
          blockedURL: string;
        };
        found.add(`${effectiveDirective} ${blockedURL}`);
      }
    },
    { types: ['csp-violation'], buffered: true },
  ).observe();
}

function isOwn(url: string, origin: string): boolean {
  return /^(?:data|blob|about):/u.test(url) || url === origin || url.startsWith(`${origin}/`);
}

/**
 * Starts the built station as a person would and waits for its first window. The same on real Electron
 * and on the stand-in.
 */
export async function launchStation(options: LaunchOptions = {}): Promise<LaunchedStation> {
  if (!existsSync(path.join(root, 'out/main/main.js')))
    throw new Error('The station is not built: run "npm run build" first.');
  const userFolder = mkdtempSync(path.join(tmpdir(), 'fovea-user-'));
  const dataFolder = options.dataFolder ?? path.join(userFolder, 'data');
  if (options.dataFolder === undefined) mkdirSync(dataFolder);
  const app = await _electron.launch({
    executablePath: findElectron(),
    args: [
      root,
      `--user-data-dir=${userFolder}`,
      `--data-folder=${dataFolder}`,
      ...(options.args ?? []),
    ],
    cwd: root,
    env: { ...process.env, ...options.env } as Record<string, string>,
    timeout: hangLimitMs,
  });
  let output = '';
  for (const stream of [app.process().stdout, app.process().stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));

  const pageErrors: string[] = [];
  const consoleErrors: string[] = [];
  const requested = new Set<string>();
  const context = app.context();
  context.on('request', (request) => requested.add(request.url()));
  context.on('weberror', (error) => pageErrors.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  await context.addInitScript(collectViolations);

  const page = await app.firstWindow({ timeout: hangLimitMs });
  page.setDefaultTimeout(hangLimitMs);
  await page.waitForURL(
    ({ protocol, hostname }) => protocol === 'app:' || hostname.endsWith('.localhost'),
  );
  await page.waitForLoadState('load');
  await page.evaluate(collectViolations);
  const { protocol, host } = new URL(page.url());
  const origin = `${protocol}//${host}`;

  const complaints = async (): Promise<Complaints> => ({
    pageErrors,
    consoleErrors,
    foreignRequests: [...requested].filter((url) => !isOwn(url, origin)),
    policyViolations: page.isClosed()
      ? []
      : await page.evaluate(() => [
          ...((globalThis as typeof globalThis & { foveaViolations?: Set<string> })
            .foveaViolations ?? []),
        ]),
  });
  return {
    app,
    page,
    dataFolder,
    origin,
    output: () => output,
    complaints,
    assertQuiet: async () =>
      assert.deepEqual(await complaints(), {
        pageErrors: [],
        consoleErrors: [],
        foreignRequests: [],
        policyViolations: [],
      }),
    close: async () => {
      await app.close();
      rmSync(userFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

/** Asks main from the page as any script there could, well or ill formed, and gives the plain reply. */
export function callStation(page: Page, name: unknown, input: unknown): Promise<Reply<unknown>> {
  return page.evaluate(
    ([request, value]) => {
      const { station } = globalThis as unknown as {
        station: { call(name: unknown, input: unknown): Promise<Reply<unknown>> };
      };
      return station.call(request, value);
    },
    [name, input],
  );
}

/** Keeps a picture of the page in out/screenshots/NAME.png. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(root, 'out/screenshots', `${name}.png`) });
}
