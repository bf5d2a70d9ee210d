import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { switchValue } from './argv.ts';
import { preventable } from './refuse.ts';
import { runtime } from './runtime.ts';
import { releaseInstance, takeInstance } from './single-instance.ts';

type PackageFile = {
  readonly name?: string;
  readonly productName?: string;
  readonly version?: string;
};

/** Electron's `app`: life cycle, paths and switches. */
class App extends EventEmitter {
  readonly isPackaged = false;
  readonly #ready = Promise.withResolvers<void>();
  readonly #wanted = Promise.withResolvers<void>();
  readonly #paths = new Map<string, string>();
  #isReady = false;
  #armed = false;
  #ended = false;
  #quitting = false;
  #name = 'app';
  #version = '0.0.0';
  #folder = process.cwd();

  readonly commandLine = {
    appendSwitch: (name: string, value = ''): void => {
      runtime.switches.set(name, value);
    },
    hasSwitch: (name: string): boolean =>
      runtime.switches.has(name) ||
      process.argv.some((item) => item === `--${name}` || item.startsWith(`--${name}=`)),
    getSwitchValue: (name: string): string =>
      runtime.switches.get(name) ?? switchValue(process.argv, name) ?? '',
    removeSwitch: (name: string): void => {
      runtime.switches.delete(name);
    },
  };

  get name(): string {
    return this.#name;
  }
  getName(): string {
    return this.#name;
  }
  setName(name: string): void {
    this.#name = name;
  }
  getVersion(): string {
    return this.#version;
  }
  getAppPath(): string {
    return this.#folder;
  }
  getLocale(): string {
    return 'en-US';
  }
  isReady(): boolean {
    return this.#isReady;
  }
  whenReady(): Promise<void> {
    this.#want();
    return this.#ready.promise;
  }
  override on(event: string, listener: (...args: unknown[]) => void): this {
    if (event === 'ready') this.#want();
    return super.on(event, listener);
  }
  override once(event: string, listener: (...args: unknown[]) => void): this {
    if (event === 'ready') this.#want();
    return super.once(event, listener);
  }
  #want(): void {
    if (this.#armed) this.#wanted.resolve();
  }

  getPath(name: string): string {
    const folder = this.#paths.get(name) ?? this.#defaultPath(name);
    if (name !== 'exe') mkdirSync(folder, { recursive: true });
    return folder;
  }
  setPath(name: string, folder: string): void {
    this.#paths.set(name, folder);
  }
  #defaultPath(name: string): string {
    switch (name) {
      case 'userData':
      case 'sessionData':
        return path.resolve(
          switchValue(process.argv, 'user-data-dir') ?? path.join(homedir(), '.config', this.#name),
        );
      case 'temp':
        return tmpdir();
      case 'home':
        return homedir();
      case 'exe':
        return process.execPath;
      default:
        return path.join(homedir(), name);
    }
  }

  requestSingleInstanceLock(): boolean {
    return takeInstance(this.getPath('userData'), (argv, folder) =>
      this.emit('second-instance', preventable({}), argv, folder, {}),
    );
  }
  releaseSingleInstanceLock(): void {
    releaseInstance();
  }
  enableSandbox(): void {}
  setAppUserModelId(): void {}
  focus(): void {}

  /** Asks everybody, closes the windows, then ends; stops where a listener prevents it. */
  quit(): void {
    if (this.#ended || this.#quitting) return;
    const before = preventable({});
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    this.#quitting = true;
    void this.#closeAndEnd().finally(() => (this.#quitting = false));
  }
  async #closeAndEnd(): Promise<void> {
    const closed = await Promise.all(Array.from(runtime.windows, (one) => one.closeForQuit()));
    if (closed.includes(false) || this.#ended) return;
    const last = preventable({});
    this.emit('will-quit', last);
    if (!last.defaultPrevented) this.exit(0);
  }
  /** Ends at once, without asking. */
  exit(code = 0): void {
    if (this.#ended) return;
    this.#ended = true;
    this.emit('quit', {}, code);
    releaseInstance();
    const ended = runtime.browser?.end() ?? Promise.resolve();
    void ended.finally(() => process.exit(code));
  }

  /** For the stand-in's own bootstrap: what it does around the application's code. */
  readonly bootstrap = {
    describe: (file: PackageFile, folder: string): void => {
      this.#name = file.productName ?? file.name ?? 'app';
      this.#version = file.version ?? '0.0.0';
      this.#folder = folder;
    },
    /** From now on somebody who asks for ready is the application and not a `-r` file. */
    arm: (): void => {
      this.#armed = true;
    },
    wanted: this.#wanted.promise,
    ready: (): void => {
      this.#isReady = true;
      this.#ready.resolve();
      this.emit('ready', {}, {});
    },
    hasEnded: (): boolean => this.#ended,
    /** While it quits, Electron does not tell that all windows are closed. */
    isQuitting: (): boolean => this.#quitting,
  };
}

export const app = new App();
