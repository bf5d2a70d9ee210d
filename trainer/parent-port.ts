import { setTimeout } from 'node:timers/promises';
import type { TrainerReport } from '../shared/trainer-protocol.ts';

/** Milliseconds after which a utility process takes its messages for sent. */
const utilityFlushMs = 250;

/** The way to main, whichever kind of child this process is. */
export interface ParentPort {
  send(report: TrainerReport): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Main is gone: nobody waits for this process any more. */
  onGone(listener: () => void): void;
  /** Resolves once main's side of the channel has everything that was sent. */
  flush(): Promise<void>;
}

type UtilityPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
};

/** Electron's utility process has `process.parentPort`; a forked child has `process.send`. */
export function openParentPort(): ParentPort {
  const utility = (process as { readonly parentPort?: UtilityPort }).parentPort;
  if (utility !== undefined)
    return {
      send: (report) => utility.postMessage(report),
      onMessage: (listener) => utility.on('message', ({ data }) => listener(data)),
      // Electron ends its utility processes itself.
      onGone: () => undefined,
      // It does not say when a message has left.
      flush: () => setTimeout(utilityFlushMs),
    };
  if (process.send === undefined)
    throw new Error('The trainer is started by the station, not by itself.');
  let sent = Promise.resolve();
  return {
    send: (report) => {
      if (!process.connected) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      sent = promise;
      process.send?.(report, undefined, undefined, () => resolve());
    },
    flush: () => sent,
    onMessage: (listener) => void process.on('message', listener),
    onGone: (listener) => void process.on('disconnect', listener),
  };
}
