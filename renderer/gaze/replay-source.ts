import type { GazeSample } from '../../shared/gaze/samples.ts';
import type { GazeSource, RecordingClock, SourceStatus } from './gaze-source.ts';

const stepMs = 10;

/**
 * Plays the stored samples of an earlier reading at the pace at which they came, as screen points. Its
 * recordings are labelled: nobody looked at this image when they were made.
 */
export class ReplaySource implements GazeSource {
  readonly id = 'replay';
  readonly device: string;
  readonly nominalHz = null;
  readonly gazeErrorDip = null;
  onSample: (sample: GazeSample) => void = () => undefined;
  onStatus: (status: SourceStatus) => void = () => undefined;
  readonly #samples: readonly GazeSample[];
  #timer: ReturnType<typeof setInterval> | undefined;
  #next = 0;

  /** `samples` in order of time. */
  constructor(readingId: number, samples: readonly GazeSample[]) {
    this.device = `replay of reading ${readingId}`;
    this.#samples = samples;
  }

  start(clock: RecordingClock): Promise<void> {
    this.stop();
    const first = this.#samples[this.#next];
    if (first === undefined) {
      this.onStatus({ kind: 'lost', trouble: 'nothing-to-replay' });
      return Promise.resolve();
    }
    const shiftUs = clock.nowUs() - first.tUs;
    this.#timer = setInterval(() => this.#play(clock.nowUs(), shiftUs), stepMs);
    this.onStatus({ kind: 'running' });
    return Promise.resolve();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #play(nowUs: number, shiftUs: number): void {
    for (;;) {
      const sample = this.#samples[this.#next];
      if (sample === undefined) {
        this.stop();
        this.onStatus({ kind: 'lost', trouble: 'nothing-to-replay' });
        return;
      }
      if (sample.tUs + shiftUs > nowUs) return;
      this.#next += 1;
      this.onSample({ ...sample, tUs: sample.tUs + shiftUs });
    }
  }
}
