import type { GazeSample } from '../../shared/gaze/samples.ts';
import type { GazeSource, RecordingClock, SourceStatus } from './gaze-source.ts';
import { readPageGeometry } from './page-geometry.ts';

const intervalMs = 1000 / 60;

/**
 * The mouse stands for the eye: for development and demonstration, never gaze. Gives the pointer's
 * place 60 times a second once it has been seen over the page; a lost sample while it is outside.
 */
export class PointerSource implements GazeSource {
  readonly id = 'pointer';
  readonly device = 'pointer (not gaze)';
  readonly nominalHz = 60;
  readonly gazeErrorDip = null;
  onSample: (sample: GazeSample) => void = () => undefined;
  onStatus: (status: SourceStatus) => void = () => undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #listening: AbortController | undefined;
  #at: { readonly xCss: number; readonly yCss: number } | undefined;

  start(clock: RecordingClock): Promise<void> {
    this.stop();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const options = { signal, capture: true, passive: true };
    window.addEventListener(
      'pointermove',
      (event) => (this.#at = { xCss: event.clientX, yCss: event.clientY }),
      options,
    );
    document.documentElement.addEventListener(
      'pointerleave',
      () => (this.#at = undefined),
      options,
    );
    this.#timer = setInterval(() => this.#sample(clock), intervalMs);
    this.onStatus({ kind: 'running' });
    return Promise.resolve();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#listening?.abort();
    this.#listening = undefined;
    this.#at = undefined;
  }

  #sample(clock: RecordingClock): void {
    const tUs = clock.nowUs();
    if (this.#at === undefined) {
      this.onSample({ tUs, xDip: null, yDip: null, valid: false, confidence: null });
      return;
    }
    const { contentXDip, contentYDip, zoomFactor } = readPageGeometry();
    this.onSample({
      tUs,
      xDip: contentXDip + this.#at.xCss * zoomFactor,
      yDip: contentYDip + this.#at.yCss * zoomFactor,
      valid: true,
      confidence: null,
    });
  }
}
