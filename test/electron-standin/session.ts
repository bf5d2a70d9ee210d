import { EventEmitter } from 'node:events';
import { connection } from './runtime.ts';
import { protocol } from './protocol.ts';
import { refuse } from './refuse.ts';

type Details = Readonly<Record<string, unknown>>;
type RequestHandler = (
  contents: object,
  permission: string,
  decide: (granted: boolean) => void,
  details: Details,
) => void;
type CheckHandler = (
  contents: object,
  permission: string,
  origin: string,
  details: Details,
) => boolean;

/** Chromium's names of permissions, with what Electron's handlers are asked. */
const asked: readonly (readonly [string, string, Details])[] = [
  ['camera', 'media', { mediaTypes: ['video'], mediaType: 'video' }],
  ['microphone', 'media', { mediaTypes: ['audio'], mediaType: 'audio' }],
  ['geolocation', 'geolocation', {}],
  ['notifications', 'notifications', {}],
  ['midi', 'midi', {}],
  ['clipboard-read', 'clipboard-read', {}],
  ['idle-detection', 'idle-detection', {}],
  ['display-capture', 'display-capture', {}],
];

/** Electron's default session. Both permission handlers are asked before each load, not at each use. */
class Session extends EventEmitter {
  readonly protocol = protocol;
  #decideRequest: RequestHandler | undefined;
  #decideCheck: CheckHandler | undefined;

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#decideRequest = handler ?? undefined;
  }
  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.#decideCheck = handler ?? undefined;
  }
  setDevicePermissionHandler(): void {}
  setDisplayMediaRequestHandler(): void {}
  setSpellCheckerEnabled(): void {}
  get webRequest(): never {
    return refuse('webRequest is not supported');
  }

  /** Tells Chromium the handlers' answers for a page at `url` (`app://...`), served at `loopbackOrigin`. */
  async applyPermissions(contents: object, url: string, loopbackOrigin: string): Promise<void> {
    const { protocol: scheme, host } = new URL(url);
    for (const [name, permission, more] of asked) {
      const details = { requestingUrl: url, securityOrigin: url, isMainFrame: true, ...more };
      const granted =
        (this.#decideCheck?.(contents, permission, `${scheme}//${host}/`, details) ?? true) &&
        (await this.#request(contents, permission, details));
      await connection().send('Browser.setPermission', {
        permission: { name },
        setting: granted ? 'granted' : 'denied',
        origin: loopbackOrigin,
      });
    }
  }

  #request(contents: object, permission: string, details: Details): Promise<boolean> {
    const decide = this.#decideRequest;
    if (decide === undefined) return Promise.resolve(true);
    return new Promise((resolve) => decide(contents, permission, resolve, details));
  }
}

const defaultSession = new Session();

export const session = {
  defaultSession,
  fromPartition: (): never => refuse('partitions are not supported'),
};
