import type { Codec, FromMainWorld, ToMainWorld } from './messages.ts';

/**
 * The page's half of contextBridge, and the gate of window.open. Runs in the page's own world as source text:
 * nothing from outside may be used in it. `tag` is a random name that only the two halves know.
 */
export function installMainWorld(codec: Codec, tag: string): void {
  if (window !== window.top) return;
  const callbacks = new Map<number, Function>();
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  let answer: ToMainWorld | undefined;

  const tell = (message: FromMainWorld): void => {
    window.dispatchEvent(new CustomEvent(`${tag}up`, { detail: JSON.stringify(message) }));
  };
  const keep = (callback: Function): number => {
    lastId += 1;
    callbacks.set(lastId, callback);
    return lastId;
  };
  const proxy =
    (id: number) =>
    (...args: unknown[]): unknown => {
      lastId += 1;
      const call = lastId;
      const encoded = codec.encode(args, keep);
      // Dispatching is synchronous: the other half has answered when `tell` returns.
      answer = undefined;
      const promise = new Promise((resolve, reject) => {
        pending.set(call, { resolve, reject });
      });
      tell({ kind: 'call', call, id, args: encoded });
      const given = answer as ToMainWorld | undefined;
      answer = undefined;
      if (given?.kind === 'promised') return promise;
      pending.delete(call);
      if (given?.kind === 'threw') throw new Error(given.message);
      return given?.kind === 'returned' ? codec.decode(given.value, proxy) : undefined;
    };
  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      for (const inner of Object.values(value)) freeze(inner);
      Object.freeze(value);
    }
    return value;
  };

  // A refused child window must never exist: the host is asked, and the page gets null.
  const open = (url: string): null => {
    tell({ kind: 'open', url: String(new URL(url || 'about:blank', document.baseURI)) });
    return null;
  };
  Object.defineProperty(window, 'open', {
    value: (url?: string | URL) => open(String(url ?? '')),
    configurable: true,
    writable: true,
  });
  window.addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[target]') : null;
      if (!(link instanceof HTMLAnchorElement)) return;
      if (['', '_self', '_top', '_parent'].includes(link.target)) return;
      event.preventDefault();
      open(link.href);
    },
    true,
  );

  window.addEventListener(`${tag}down`, (event) => {
    if (!(event instanceof CustomEvent)) return;
    const message = JSON.parse(String(event.detail)) as ToMainWorld;
    switch (message.kind) {
      case 'expose':
        Object.defineProperty(window, message.key, {
          value: freeze(codec.decode(message.api, proxy)),
          enumerable: true,
          configurable: false,
          writable: false,
        });
        break;
      case 'returned':
      case 'threw':
      case 'promised':
        answer = message;
        break;
      case 'resolved':
        pending.get(message.call)?.resolve(codec.decode(message.value, proxy));
        pending.delete(message.call);
        break;
      case 'rejected':
        pending.get(message.call)?.reject(new Error(message.message));
        pending.delete(message.call);
        break;
      case 'callback':
        callbacks.get(message.id)?.(...(codec.decode(message.args, proxy) as unknown[]));
        break;
      default:
        message satisfies never;
    }
  });
}
