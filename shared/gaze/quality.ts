import { medianStepMs } from './fixations.ts';
import { type GazeSample, hasPlace } from './samples.ts';

/** What a recording is worth, from its samples alone. */
export type RecordingQuality = {
  readonly samples: number;
  /** Share of samples without gaze (or with a time or place that is no number), in [0, 1]; NaN without samples. */
  readonly lostShare: number;
  /** Last minus first time plus one median interval, ms. */
  readonly durationMs: number;
  /** Valid samples a second; 0 without duration. */
  readonly effectiveHz: number;
  readonly medianStepMs: number;
};

/** Loss, duration and rates as ETDQualitizer defines them (capture of gaze, quality measures). */
export function measureQuality(samples: readonly GazeSample[]): RecordingQuality {
  const times = samples
    .map((sample) => sample.tUs / 1000)
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b);
  const stepMs = medianStepMs(times);
  const first = times[0];
  const last = times.at(-1);
  const durationMs = first === undefined || last === undefined ? 0 : last - first + stepMs;
  const valid = samples.reduce((count, sample) => count + Number(hasPlace(sample)), 0);
  return {
    samples: samples.length,
    lostShare: samples.length === 0 ? Number.NaN : 1 - valid / samples.length,
    durationMs,
    effectiveHz: durationMs > 0 ? (valid * 1000) / durationMs : 0,
    medianStepMs: stepMs,
  };
}
