import type { GazeSample, GazeSourceId } from '../../shared/gaze/samples.ts';

/** Why a source gives nothing: each has a sentence in the message catalogue. */
export type SourceTrouble =
  | 'camera-denied'
  | 'camera-missing'
  | 'camera-busy'
  | 'camera-unplugged'
  | 'not-calibrated'
  | 'no-face'
  | 'models-missing'
  | 'nothing-to-replay';

export type SourceStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'lost'; readonly trouble: SourceTrouble }
  | { readonly kind: 'stopped' };

/** Station clock of one recording: microseconds, monotonic, 0 at its start. */
export type RecordingClock = { readonly nowUs: () => number };

/** One way to know where the reader looks. No sample comes after `stop()` has been called. */
export interface GazeSource {
  readonly id: GazeSourceId;
  /** Shown to the reader and stored with the recording, for example "WebGazer 3.5.3, FaceTime HD". */
  readonly device: string;
  readonly nominalHz: number | null;
  /** Mean error of its validation, screen DIP; null where it was not measured or is no eye. */
  readonly gazeErrorDip: number | null;
  /** Resolves once samples can come; rejects never: trouble is told by `onStatus`. */
  start(clock: RecordingClock): Promise<void>;
  /** Ends it and everything it holds (camera tracks, timers, listeners). */
  stop(): void;
  onSample: (sample: GazeSample) => void;
  onStatus: (status: SourceStatus) => void;
}
