import { EventEmitter } from 'node:events';
import { fromLoopback, toLoopback } from './address.ts';
import { app } from './app.ts';
import type { CdpSession } from './cdp.ts';
import { decode, encode } from './codec.ts';
import { ipcMain } from './ipc-main.ts';
import { isolatedWorldSource, mainWorldSource } from './page-source.ts';
import type { FromHost, ToHost } from './page/messages.ts';
import { preventable } from './refuse.ts';
import { connection, runtime } from './runtime.ts';
import { session } from './session.ts';

const isolatedWorld = 'Electron Isolated Context';

type OpenHandler = (details: {
  url: string;
  frameName: string;
  features: string;
  disposition: string;
}) => { action: 'allow' | 'deny' };
type PausedRequest = { requestId: string; frameId: string; request: { url: string } };

const all = new Set<WebContents>();
let lastId = 0;

/** Electron's `webContents`: one page of Chromium. */
export class WebContents extends EventEmitter {
  readonly id: number;
  readonly session = session.defaultSession;
  readonly #started: Promise<CdpSession>;
  #targetId = '';
  #contextId: number | undefined;
  #url = '';
  #loading = '';
  #destroyed = false;
  #open: OpenHandler | undefined;

  constructor(preload: string | undefined, size: { width?: number; height?: number }) {
    super();
    lastId += 1;
    this.id = lastId;
    all.add(this);
    this.#started = this.#start(preload, size);
    this.#started.catch((error: unknown) => {
      console.error('electron stand-in: a page could not be made.', error);
      app.exit(1);
    });
    queueMicrotask(() => app.emit('web-contents-created', {}, this));
  }

  async #start(
    preload: string | undefined,
    size: { width?: number; height?: number },
  ): Promise<CdpSession> {
    this.#targetId = await takeTarget();
    const page = await connection().attach(this.#targetId);
    this.#listen(page);
    await Promise.all([
      page.send('Page.enable'),
      page.send('Runtime.enable'),
      page.send('Inspector.enable'),
      page.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] }),
    ]);
    // The function exists in the preload's world alone: the page cannot see it.
    await page.send('Runtime.addBinding', {
      name: '__standinSend',
      executionContextName: isolatedWorld,
    });
    await page.send('Page.addScriptToEvaluateOnNewDocument', {
      source: mainWorldSource(runtime.tag),
    });
    if (preload !== undefined)
      await page.send('Page.addScriptToEvaluateOnNewDocument', {
        worldName: isolatedWorld,
        source: isolatedWorldSource(runtime.tag, preload),
      });
    await resizeWindow(this.#targetId, size);
    return page;
  }

  #listen(page: CdpSession): void {
    page.on(
      'Runtime.executionContextCreated',
      ({ context }: { context: { id: number; name: string; auxData?: { frameId?: string } } }) => {
        if (context.name === isolatedWorld && context.auxData?.frameId === this.#targetId)
          this.#contextId = context.id;
      },
    );
    page.on('Runtime.executionContextsCleared', () => (this.#contextId = undefined));
    page.on(
      'Runtime.bindingCalled',
      (called: { name: string; payload: string; executionContextId: number }) => {
        // Only the preload's world of the main frame may talk.
        if (called.name === '__standinSend' && called.executionContextId === this.#contextId)
          void this.#hear(JSON.parse(called.payload) as ToHost);
      },
    );
    page.on('Page.domContentEventFired', () => this.emit('dom-ready'));
    page.on('Page.loadEventFired', () => this.emit('did-finish-load'));
    page.on('Inspector.targetCrashed', () =>
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }),
    );
    page.on('Fetch.requestPaused', (paused: PausedRequest) => this.#decide(page, paused));
  }

  async #hear(message: ToHost): Promise<void> {
    if (message.kind === 'open') {
      await this.openChild(message.url);
      return;
    }
    const { protocol, host } = new URL(this.#url);
    const senderFrame = { url: this.#url, origin: `${protocol}//${host}`, parent: null };
    const event = preventable({ type: 'frame', sender: this, senderFrame });
    const args = decode(message.args) as unknown[];
    if (message.kind === 'send') {
      ipcMain.emit(message.channel, event, ...args);
      return;
    }
    try {
      const value = encode(await ipcMain.answer(message.channel, event, args));
      this.#tell({ kind: 'reply', id: message.id, value });
    } catch (error) {
      this.#tell({ kind: 'failed', id: message.id, message: String(error) });
    }
  }

  #tell(message: FromHost): void {
    const contextId = this.#contextId;
    if (this.#destroyed || contextId === undefined) return;
    this.#started
      .then((page) =>
        page.send('Runtime.evaluate', {
          expression: `__standinReceive(${JSON.stringify(message)})`,
          contextId,
        }),
      )
      .catch(() => {
        // The page went away in the meantime; Electron drops such a message too.
      });
  }

  /** Lets a paused document through, unless it is a navigation that a listener prevents. */
  #decide(page: CdpSession, { requestId, frameId, request }: PausedRequest): void {
    const event = preventable({ url: fromLoopback(request.url, runtime.port), isMainFrame: true });
    if (frameId === this.#targetId && request.url !== this.#loading)
      this.emit('will-navigate', event, event.url);
    const answer = event.defaultPrevented
      ? page.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
      : page.send('Fetch.continueRequest', { requestId });
    answer.catch(() => {
      // The page went away in the meantime.
    });
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#started;
    const address = toLoopback(url, new Set(runtime.schemes.keys()), runtime.port);
    this.#loading = address;
    this.#url = url;
    if (address !== url) {
      const { origin } = new URL(address);
      const cookie = { name: 'standin', value: runtime.cookie, url: origin, httpOnly: true };
      await connection().send('Storage.setCookies', {
        cookies: [{ ...cookie, sameSite: 'Strict' }],
      });
      await this.session.applyPermissions(this, url, origin);
    }
    const loaded = new Promise<void>((resolve) => this.once('did-finish-load', () => resolve()));
    const { errorText } = await page.send<{ errorText?: string }>('Page.navigate', {
      url: address,
    });
    if (errorText !== undefined) throw new Error(`${errorText} loading '${url}'`);
    await loaded;
  }
  reload(): void {
    void this.#started.then((page) => page.send('Page.reload'));
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#open = handler;
  }
  /** Makes the child window that the handler allows; without a handler every child is allowed, as in Electron. */
  async openChild(address: string): Promise<void> {
    const url = fromLoopback(address, runtime.port);
    const answer = this.#open?.({ url, frameName: '', features: '', disposition: 'new-window' });
    if (answer?.action !== 'deny')
      await connection().send('Target.createTarget', { url: address, newWindow: true });
  }
  send(channel: string, ...args: unknown[]): void {
    this.#tell({ kind: 'message', channel, args: encode(args) });
  }
  async executeJavaScript(code: string): Promise<unknown> {
    const page = await this.#started;
    const { result, exceptionDetails } = await page.send<{
      result: { value?: unknown };
      exceptionDetails?: { exception?: { description?: string } };
    }>('Runtime.evaluate', { expression: code, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? 'The script failed.');
    return result.value;
  }
  getURL(): string {
    return this.#url;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  close(): void {
    void this.#started
      .then(() => connection().send('Target.closeTarget', { targetId: this.#targetId }))
      .catch(() => this.targetDestroyed());
  }
  openDevTools(): void {}
  toggleDevTools(): void {}

  /** For the bootstrap, which hears of all targets. */
  get targetId(): string {
    return this.#targetId;
  }
  targetChanged(address: string): void {
    this.#url = fromLoopback(address, runtime.port);
  }
  targetDestroyed(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this);
    this.emit('destroyed');
  }
}

/** The blank page that is there at the start, or a new one. */
async function takeTarget(): Promise<string> {
  const first = runtime.browser?.firstTargetId;
  if (runtime.browser !== undefined) runtime.browser.firstTargetId = undefined;
  if (first !== undefined) return first;
  const { targetId } = await connection().send<{ targetId: string }>('Target.createTarget', {
    url: 'about:blank',
    newWindow: true,
  });
  return targetId;
}

async function resizeWindow(
  targetId: string,
  { width, height }: { width?: number; height?: number },
): Promise<void> {
  if (width === undefined || height === undefined) return;
  const { windowId } = await connection().send<{ windowId: number }>('Browser.getWindowForTarget', {
    targetId,
  });
  await connection().send('Browser.setWindowBounds', { windowId, bounds: { width, height } });
}

/** Electron's `webContents` module. */
export const webContents = {
  getAllWebContents: (): WebContents[] => [...all],
  fromId: (id: number): WebContents | undefined => [...all].find((one) => one.id === id),
  fromDevToolsTargetId: (targetId: string): WebContents | undefined =>
    [...all].find((one) => one.targetId === targetId),
};
