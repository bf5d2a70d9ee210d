import type { GazeSample } from '../../shared/gaze/samples.ts';
import type { GazeSource, RecordingClock, SourceStatus, SourceTrouble } from './gaze-source.ts';
import { readPageGeometry } from './page-geometry.ts';
import { webcam } from './webcam.ts';

/** Without a face for this long the reader is told. */
const noFaceMs = 3000;

/** Gaze from a webcam by WebGazer 3.5.3, in the page. Time is that of the camera's frame. */
export class WebgazerSource implements GazeSource {
  readonly id = 'webgazer';
  readonly nominalHz = null;
  onSample: (sample: GazeSample) => void = () => undefined;
  onStatus: (status: SourceStatus) => void = () => undefined;
  #running = false;
  #lastFaceMs = 0;
  #trouble: SourceTrouble | undefined;
  #deviceListening: AbortController | undefined;

  get device(): string {
    return `WebGazer 3.5.3${webcam.label === '' ? '' : `, ${webcam.label}`}`;
  }

  get gazeErrorDip(): number | null {
    return webcam.errorDip ?? null;
  }

  async start(clock: RecordingClock): Promise<void> {
    this.stop();
    this.#running = true;
    this.onStatus({ kind: 'starting' });
    this.#deviceListening = new AbortController();
    // A camera that comes back is taken again.
    navigator.mediaDevices.addEventListener(
      'devicechange',
      () => {
        if (this.#running && this.#trouble !== undefined && this.#trouble !== 'no-face')
          void this.#open(clock);
      },
      { signal: this.#deviceListening.signal },
    );
    await this.#open(clock);
  }

  stop(): void {
    this.#running = false;
    this.#trouble = undefined;
    this.#deviceListening?.abort();
    this.#deviceListening = undefined;
    webcam.close();
  }

  async #open(clock: RecordingClock): Promise<void> {
    this.#lastFaceMs = performance.now();
    const trouble = await webcam.open(
      (gaze, frameMs) => this.#take(clock, gaze, frameMs),
      (trouble) => {
        webcam.close();
        this.#lose(trouble);
      },
    );
    if (!this.#running) return;
    if (trouble !== undefined) this.#lose(trouble);
    else if (webcam.calibrationPoints === 0) this.#lose('not-calibrated');
    else this.#recover();
  }

  #take(
    clock: RecordingClock,
    gaze: { readonly xCss: number; readonly yCss: number } | undefined,
    frameMs: number,
  ): void {
    if (!this.#running) return;
    const nowMs = performance.now();
    const tUs = Math.max(0, Math.round(clock.nowUs() - Math.max(0, nowMs - frameMs) * 1000));
    if (gaze === undefined) {
      this.onSample({ tUs, xDip: null, yDip: null, valid: false, confidence: null });
      if (nowMs - this.#lastFaceMs > noFaceMs && this.#trouble === undefined) this.#lose('no-face');
      return;
    }
    this.#lastFaceMs = nowMs;
    if (this.#trouble === 'no-face') this.#recover();
    const { contentXDip, contentYDip, zoomFactor } = readPageGeometry();
    this.onSample({
      tUs,
      xDip: contentXDip + gaze.xCss * zoomFactor,
      yDip: contentYDip + gaze.yCss * zoomFactor,
      valid: true,
      confidence: null,
    });
  }

  #lose(trouble: SourceTrouble): void {
    this.#trouble = trouble;
    this.onStatus({ kind: 'lost', trouble });
  }

  #recover(): void {
    this.#trouble = undefined;
    this.onStatus({ kind: 'running' });
  }
}
