import { setImmediate } from 'node:timers/promises';
import { StationError } from '../shared/station-error.ts';

/** What main has asked for while a run goes on; it takes effect between two steps. */
export class RunControl {
  #cancelled = false;
  #paused = false;
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
  }

  resume(): void {
    this.#paused = false;
    this.#wake?.();
  }

  /** Lets messages in; holds while paused. Throws StationError cancelled. */
  async checkpoint(): Promise<void> {
    await setImmediate();
    if (this.#paused && !this.#cancelled) {
      this.#onPaused(true);
      while (this.#paused && !this.#cancelled)
        await new Promise<void>((resolve) => (this.#wake = resolve));
      if (!this.#cancelled) this.#onPaused(false);
    }
    if (this.#cancelled) throw new StationError('cancelled');
  }
}
