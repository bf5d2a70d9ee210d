import { EventEmitter } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { preventable, refuse } from './refuse.ts';
import { runtime } from './runtime.ts';
import { WebContents } from './web-contents.ts';

type WebPreferences = {
  readonly preload?: string;
  readonly sandbox?: boolean;
  readonly contextIsolation?: boolean;
  readonly nodeIntegration?: boolean;
  readonly nodeIntegrationInWorker?: boolean;
  readonly nodeIntegrationInSubFrames?: boolean;
  readonly webSecurity?: boolean;
  readonly webviewTag?: boolean;
  readonly partition?: string;
};
type WindowOptions = {
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  readonly webPreferences?: WebPreferences;
};

/** Throws where a window would be less guarded than Electron's defaults. */
function refuseInsecure(preferences: WebPreferences): void {
  if (
    preferences.sandbox === false ||
    preferences.contextIsolation === false ||
    preferences.webSecurity === false ||
    preferences.nodeIntegration === true ||
    preferences.nodeIntegrationInWorker === true ||
    preferences.nodeIntegrationInSubFrames === true ||
    preferences.webviewTag === true
  )
    refuse(`insecure webPreferences are refused: ${JSON.stringify(preferences)}`);
  if (preferences.partition !== undefined) refuse('partitions are not supported');
  if (preferences.preload !== undefined && !path.isAbsolute(preferences.preload))
    refuse('preload must be an absolute path');
}

const all = new Set<BrowserWindow>();
let lastId = 0;

/** Electron's `BrowserWindow`: a window of Chromium with one page. */
export class BrowserWindow extends EventEmitter {
  readonly id: number;
  readonly webContents: WebContents;
  #title: string;
  #closed = false;

  constructor(options: WindowOptions = {}) {
    super();
    if (!app.isReady()) refuse('Cannot create BrowserWindow before app is ready');
    refuseInsecure(options.webPreferences ?? {});
    lastId += 1;
    this.id = lastId;
    this.#title = options.title ?? app.getName();
    this.webContents = new WebContents(options.webPreferences?.preload, options);
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    this.webContents.once('destroyed', () => this.#end());
    all.add(this);
    runtime.windows.add(this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...all];
  }
  static fromWebContents(contents: WebContents | undefined): BrowserWindow | null {
    return [...all].find((window) => window.webContents === contents) ?? null;
  }
  static fromId(id: number): BrowserWindow | null {
    return [...all].find((window) => window.id === id) ?? null;
  }
  static getFocusedWindow(): BrowserWindow | null {
    return [...all][0] ?? null;
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }
  loadFile(file: string): Promise<void> {
    return this.loadURL(pathToFileURL(file).href);
  }
  close(): void {
    void this.closeForQuit();
  }
  /** For `app.quit`: false where a listener keeps the window, true when it is gone. */
  closeForQuit(): Promise<boolean> {
    const event = preventable({});
    this.emit('close', event);
    if (event.defaultPrevented) return Promise.resolve(false);
    return new Promise((resolve) => {
      if (this.#closed) resolve(true);
      else this.once('closed', () => resolve(true));
      this.webContents.close();
    });
  }
  destroy(): void {
    this.webContents.close();
  }
  isDestroyed(): boolean {
    return this.#closed;
  }
  getTitle(): string {
    return this.#title;
  }
  setTitle(title: string): void {
    this.#title = title;
  }
  show(): void {}
  hide(): void {}
  focus(): void {}
  restore(): void {}
  maximize(): void {}
  isMinimized(): boolean {
    return false;
  }
  isVisible(): boolean {
    return true;
  }
  setFullScreen(): void {}
  isFullScreen(): boolean {
    return false;
  }
  setMenuBarVisibility(): void {}

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    all.delete(this);
    runtime.windows.delete(this);
    this.emit('closed');
    if (all.size > 0 || app.bootstrap.hasEnded() || app.bootstrap.isQuitting()) return;
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
    else app.quit();
  }
}
