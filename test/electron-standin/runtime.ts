import { randomBytes } from 'node:crypto';
import type { Cdp } from './cdp.ts';
import { readElectronArguments } from './argv.ts';

/** Chromium, once it runs. */
export type Browser = {
  readonly cdp: Cdp;
  /** The blank page that Chromium opens with; the first window takes it. */
  firstTargetId: string | undefined;
  /** Asks Chromium to end, kills it after 3 s, resolves when it is gone. */
  end(): Promise<void>;
};

/** What one run of the stand-in has; filled in while it starts. */
export const runtime: {
  /** Read before any `-r` file runs, because Playwright's loader cuts its arguments out of argv. */
  readonly arguments: ReturnType<typeof readElectronArguments>;
  /** Begins the names by which the two halves of a page find each other. */
  readonly tag: string;
  /** Without it the loopback server answers nothing. */
  readonly cookie: string;
  readonly schemes: Map<string, (request: Request) => Response | Promise<Response>>;
  readonly switches: Map<string, string>;
  readonly windows: Set<{
    /** Resolves with true when the window is gone, with false where a listener keeps it. */
    closeForQuit(): Promise<boolean>;
  }>;
  browser: Browser | undefined;
  /** Of the loopback server. */
  port: number;
} = {
  arguments: readElectronArguments(process.argv),
  tag: `standin_${randomBytes(6).toString('hex')}_`,
  cookie: randomBytes(16).toString('hex'),
  schemes: new Map(),
  switches: new Map(),
  windows: new Set(),
  browser: undefined,
  port: 0,
};

/** Chromium's connection; throws before it stands. */
export function connection(): Cdp {
  if (runtime.browser === undefined) throw new Error('electron stand-in: Chromium does not run.');
  return runtime.browser.cdp;
}
