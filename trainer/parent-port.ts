import type { TrainerReport } from '../shared/trainer-protocol.ts';

/** The way to main, whichever kind of child this process is. */
export interface ParentPort {
  send(report: TrainerReport): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Main is gone: nobody waits for this process any more. */
  onGone(listener: () => void): void;
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
    };
  if (process.send === undefined)
    throw new Error('The trainer is started by the station, not by itself.');
  return {
    send: (report) => {
      if (process.connected) process.send?.(report);
    },
    onMessage: (listener) => void process.on('message', listener),
    onGone: (listener) => void process.on('disconnect', listener),
  };
}
