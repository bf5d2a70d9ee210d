import type { Input } from '../../shared/ipc/contract.ts';
import type {
  GazeSample,
  RecordingEvent,
  RecordingEventKind,
  ViewportState,
} from '../../shared/gaze/samples.ts';
import type { GazeSource, RecordingClock, SourceStatus, SourceTrouble } from './gaze-source.ts';
import { type PageGeometry, readPageGeometry } from './page-geometry.ts';

/** Milliseconds between two batches: what a killed station can lose at most. */
export const batchIntervalMs = 250;

/** Samples kept while main does not answer; beyond it the oldest go and the reader is told. */
const samplesKept = 200_000;

/** Main's limits for one batch (shared/ipc/contract.ts). */
const samplesPerBatch = 5000;
const statesPerBatch = 2000;
const eventsPerBatch = 200;

/** What the indicator shows: whether gaze is stored at this moment and, if not, why. */
export type RecordingStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'recording'; readonly source: GazeSource['id']; readonly device: string }
  | { readonly kind: 'paused'; readonly source: GazeSource['id'] }
  | {
      readonly kind: 'off';
      readonly why: SourceTrouble | 'no-consent' | 'switched-off' | 'not-stored' | 'ended';
    };

/** A pane's state as the viewer knows it; time and the window's place are added here. */
export type PaneState = Omit<ViewportState, 'tUs' | keyof PageGeometry>;

type Batch = Omit<Input<'reading.gaze'>, 'readingId'>;

type RecordingOptions = {
  readonly readingId: number;
  readonly source: GazeSource;
  /** Stores one batch; rejects where main could not. */
  readonly send: (batch: Input<'reading.gaze'>) => Promise<unknown>;
  /** Milliseconds, monotonic; `performance.now` unless a test gives another. */
  readonly nowMs?: () => number;
  /** `readPageGeometry` unless a test gives another. */
  readonly readGeometry?: () => PageGeometry;
};

/**
 * Carries one reading's gaze from its source to the database: samples and viewport states, in batches
 * of 250 ms, in order, each sent again until main has stored it. While paused the source is stopped
 * (a camera is off) and nothing is kept.
 */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #clock: RecordingClock;
  readonly #listeners = new Set<() => void>();
  readonly #shown = new Map<number, PaneState>();
  #status: RecordingStatus = { kind: 'starting' };
  #samples: GazeSample[] = [];
  #states: ViewportState[] = [];
  #events: RecordingEvent[] = [];
  readonly #readGeometry: () => PageGeometry;
  #geometry: PageGeometry;
  #timer: ReturnType<typeof setInterval> | undefined;
  #sending: Promise<void> | undefined;
  #failures = 0;
  #lost = false;
  #ended = false;

  constructor(options: RecordingOptions) {
    this.#options = options;
    const nowMs = options.nowMs ?? (() => performance.now());
    const startMs = nowMs();
    this.#clock = { nowUs: () => Math.max(0, Math.round((nowMs() - startMs) * 1000)) };
    this.#readGeometry = options.readGeometry ?? readPageGeometry;
    this.#geometry = this.#readGeometry();
    options.source.onSample = (sample) => this.#takeSample(sample);
    options.source.onStatus = (status) => this.#takeStatus(status);
  }

  /** Starts the source and the batches. */
  async start(): Promise<void> {
    this.#note('started', this.#options.source.id);
    this.#timer = setInterval(() => void this.#tick(), batchIntervalMs);
    await this.#options.source.start(this.#clock);
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getStatus = (): RecordingStatus => this.#status;

  /** Tells what a pane shows from now on. */
  pushState(state: PaneState): void {
    this.#shown.set(state.pane, state);
    if (!this.#ended && this.#status.kind !== 'paused') this.#states.push(this.#stamp(state));
  }

  /** The reader's key: stops the source and keeps nothing until `resume`. */
  pause(reason: string): void {
    if (this.#ended || this.#status.kind === 'paused') return;
    this.#note('paused', reason);
    this.#options.source.stop();
    this.#show({ kind: 'paused', source: this.#options.source.id });
  }

  async resume(): Promise<void> {
    if (this.#ended || this.#status.kind !== 'paused') return;
    this.#show({ kind: 'starting' });
    this.#note('resumed', 'key');
    this.#pushAllStates();
    await this.#options.source.start(this.#clock);
  }

  toggle(reason: string): void {
    if (this.#status.kind === 'paused') void this.resume();
    else this.pause(reason);
  }

  /** Ends the source and stores what is left; resolves once nothing more can be stored. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#options.source.stop();
    this.#note('stopped', 'end of reading');
    this.#ended = true;
    clearInterval(this.#timer);
    this.#show({ kind: 'off', why: 'ended' });
    for (let attempt = 0; attempt < 8 && this.#hasSomething(); attempt += 1) await this.#flush();
  }

  #takeSample(sample: GazeSample): void {
    if (this.#ended || this.#status.kind === 'paused') return;
    this.#samples.push(sample);
    if (this.#samples.length > samplesKept) this.#samples.splice(0, samplesPerBatch);
  }

  #takeStatus(status: SourceStatus): void {
    if (this.#ended || this.#status.kind === 'paused') return;
    switch (status.kind) {
      case 'starting':
        this.#show({ kind: 'starting' });
        break;
      case 'running':
        if (this.#lost) this.#note('source-back', this.#options.source.id);
        this.#lost = false;
        this.#showRecording();
        break;
      case 'lost':
        if (!this.#lost) this.#note('source-lost', status.trouble);
        this.#lost = true;
        this.#show({ kind: 'off', why: status.trouble });
        break;
      case 'stopped':
        break;
      default:
        status satisfies never;
    }
  }

  #showRecording(): void {
    const { id, device } = this.#options.source;
    this.#show({ kind: 'recording', source: id, device });
  }

  #show(status: RecordingStatus): void {
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }

  #note(kind: RecordingEventKind, reason: string): void {
    this.#events.push({ tUs: this.#clock.nowUs(), kind, reason });
  }

  #stamp(state: PaneState): ViewportState {
    return { ...state, ...this.#geometry, tUs: this.#clock.nowUs() };
  }

  #pushAllStates(): void {
    for (const state of this.#shown.values()) this.#states.push(this.#stamp(state));
  }

  #hasSomething(): boolean {
    return this.#samples.length + this.#states.length + this.#events.length > 0;
  }

  async #tick(): Promise<void> {
    const geometry = this.#readGeometry();
    const moved = (Object.keys(geometry) as (keyof PageGeometry)[]).some(
      (name) => geometry[name] !== this.#geometry[name],
    );
    if (moved) {
      this.#geometry = geometry;
      if (this.#status.kind !== 'paused') this.#pushAllStates();
    }
    await this.#flush();
  }

  /** One batch at a time; what could not be stored goes back to the front. */
  async #flush(): Promise<void> {
    if (this.#sending !== undefined) return this.#sending;
    if (!this.#hasSomething()) return undefined;
    this.#sending = this.#sendBatch().finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #sendBatch(): Promise<void> {
    const batch: Batch = {
      samples: this.#samples.splice(0, samplesPerBatch),
      states: this.#states.splice(0, statesPerBatch),
      events: this.#events.splice(0, eventsPerBatch),
    };
    try {
      await this.#options.send({ readingId: this.#options.readingId, ...batch });
      if (this.#failures > 0 && !this.#ended && this.#status.kind === 'off' && !this.#lost)
        this.#showRecording();
      this.#failures = 0;
    } catch {
      this.#samples.unshift(...batch.samples);
      this.#states.unshift(...batch.states);
      this.#events.unshift(...batch.events);
      this.#failures += 1;
      if (this.#failures === 4 && !this.#ended && this.#status.kind === 'recording')
        this.#show({ kind: 'off', why: 'not-stored' });
    }
  }
}
