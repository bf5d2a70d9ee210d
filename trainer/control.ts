import { setImmediate } from 'node:timers/promises';
import { StationError } from '../shared/station-error.ts';

/** What a stage does once where a pause lasts long. */
export type LongPause = {
  readonly afterMs: number;
  readonly act: () => Promise<void>;
};

/** What main has asked for while a run goes on; it takes effect between two steps. */
export class RunControl {
  #cancelled = false;
  #paused = false;
  #yielding: ReturnType<typeof setTimeout> | undefined;
  #wake: (() => void) | undefined;
  readonly #onPaused: (paused: boolean) => void;

  /** `onPaused` is told when a run really holds and when it goes on. */
  constructor(onPaused: (paused: boolean) => void) {
    this.#onPaused = onPaused;
  }

  cancel(): void {
    this.#cancelled = true;
    this.#wake?.();
  }

  pause(): void {
    this.#paused = true;
    this.#wake?.();
  }

  resume(): void {
    this.#paused = false;
    this.#wake?.();
  }

  /** Lets the reader go first for so long from now; this is no pause that anybody is told of. */
  yieldFor(ms: number): void {
    clearTimeout(this.#yielding);
    this.#yielding = setTimeout(() => {
      this.#yielding = undefined;
      this.#wake?.();
    }, ms);
  }

  /** Lets messages in; holds while paused or while the reader goes first. Throws StationError cancelled. */
  async checkpoint(longPause?: LongPause): Promise<void> {
    await setImmediate();
    while (!this.#cancelled && (this.#paused || this.#yielding !== undefined))
      if (this.#paused) await this.#hold(longPause);
      else await this.#wait();
    if (this.#cancelled) throw new StationError('cancelled');
  }

  async #hold(longPause: LongPause | undefined): Promise<void> {
    this.#onPaused(true);
    let left = longPause;
    while (this.#paused && !this.#cancelled) {
      if (await this.#wait(left?.afterMs)) continue;
      await left?.act();
      left = undefined;
    }
    if (!this.#cancelled) this.#onPaused(false);
  }

  /** Waits for a change, at most so long; false: there was none. */
  async #wait(limitMs?: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#wake = () => resolve(true);
    const limit = limitMs === undefined ? undefined : setTimeout(() => resolve(false), limitMs);
    try {
      return await promise;
    } finally {
      clearTimeout(limit);
    }
  }
}
