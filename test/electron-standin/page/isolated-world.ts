import type { Codec, FromHost, FromMainWorld, ToHost, ToMainWorld } from './messages.ts';

type Listener = (event: object, ...args: unknown[]) => void;
type PreloadScript = (
  require: (name: string) => unknown,
  process: object,
  module: { exports: unknown },
  exports: unknown,
) => void;

/**
 * The preload's half: Electron's renderer modules, then the preload itself. Runs in an isolated world as
 * source text: nothing from outside may be used in it, save what the host installs there, `__standinSend`.
 */
export function installIsolatedWorld(
  codec: Codec,
  tag: string,
  platform: string,
  version: string,
  runPreload: PreloadScript,
): void {
  if (window !== window.top) return;
  const world = globalThis as unknown as {
    __standinSend(text: string): void;
    __standinReceive: (message: FromHost) => void;
  };
  const functions = new Map<number, Function>();
  const pending = new Map<
    number,
    { channel: string; resolve(value: unknown): void; reject(error: Error): void }
  >();
  const listeners = new Map<string, Set<Listener>>();
  let lastId = 0;

  const toPage = (message: ToMainWorld): void => {
    window.dispatchEvent(new CustomEvent(`${tag}down`, { detail: JSON.stringify(message) }));
  };
  const toHost = (message: ToHost): void => world.__standinSend(JSON.stringify(message));
  const describe = (error: unknown): string =>
    error instanceof Error ? error.message : String(error);
  const keep = (kept: Function): number => {
    lastId += 1;
    functions.set(lastId, kept);
    return lastId;
  };
  const callback =
    (id: number) =>
    (...args: unknown[]): void =>
      toPage({ kind: 'callback', id, args: codec.encode(args, keep) });

  const settle = async (call: number, promise: Promise<unknown>): Promise<void> => {
    try {
      toPage({ kind: 'resolved', call, value: codec.encode(await promise, keep) });
    } catch (error) {
      toPage({ kind: 'rejected', call, message: describe(error) });
    }
  };
  window.addEventListener(`${tag}up`, (event) => {
    if (!(event instanceof CustomEvent)) return;
    const message = JSON.parse(String(event.detail)) as FromMainWorld;
    if (message.kind === 'open') {
      toHost(message);
      return;
    }
    try {
      const args = codec.decode(message.args, callback) as unknown[];
      const result: unknown = functions.get(message.id)?.(...args);
      if (result instanceof Promise) {
        toPage({ kind: 'promised' });
        void settle(message.call, result);
      } else toPage({ kind: 'returned', value: codec.encode(result, keep) });
    } catch (error) {
      toPage({ kind: 'threw', message: describe(error) });
    }
  });

  const never = (what: string) => (): never => {
    throw new Error(`electron stand-in: ${what} is not supported.`);
  };
  const ipcRenderer = {
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        lastId += 1;
        pending.set(lastId, { channel, resolve, reject });
        toHost({ kind: 'invoke', id: lastId, channel, args: codec.encode(args) });
      }),
    send: (channel: string, ...args: unknown[]): void =>
      toHost({ kind: 'send', channel, args: codec.encode(args) }),
    sendSync: never('sendSync'),
    postMessage: never('a MessagePort'),
    on(channel: string, listener: Listener): object {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      return ipcRenderer;
    },
    once(channel: string, listener: Listener): object {
      const single: Listener = (event, ...args) => {
        ipcRenderer.off(channel, single);
        listener(event, ...args);
      };
      return ipcRenderer.on(channel, single);
    },
    off(channel: string, listener: Listener): object {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
    removeListener: (channel: string, listener: Listener): object =>
      ipcRenderer.off(channel, listener),
    removeAllListeners(channel: string): object {
      listeners.delete(channel);
      return ipcRenderer;
    },
  };
  world.__standinReceive = (message) => {
    if (message.kind === 'message') {
      const args = codec.decode(message.args) as unknown[];
      for (const listener of Array.from(listeners.get(message.channel) ?? []))
        listener({ sender: ipcRenderer, ports: [] }, ...args);
      return;
    }
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === 'reply') waiting?.resolve(codec.decode(message.value));
    else
      waiting?.reject(
        new Error(`Error invoking remote method '${waiting.channel}': ${message.message}`),
      );
  };

  const electron = {
    ipcRenderer,
    contextBridge: {
      exposeInMainWorld: (key: string, api: unknown): void =>
        toPage({ kind: 'expose', key, api: codec.encode(api, keep) }),
    },
    webUtils: { getPathForFile: (): string => '' },
  };
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };
  const process = {
    platform,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    versions: { electron: version },
    env: {},
  };
  const module: { exports: unknown } = { exports: {} };
  runPreload(require, process, module, module.exports);
}
