/** A sample on an image or a screen; null coordinates: lost. Times rise. */
export type TimedPoint = {
  readonly tMs: number;
  readonly x: number | null;
  readonly y: number | null;
};

/** The eye resting: centroid and duration. Coordinates in the units of the samples. */
export type Fixation = {
  readonly x: number;
  readonly y: number;
  readonly startMs: number;
  readonly durationMs: number;
};

export type DispersionOptions = {
  /** (max x - min x) + (max y - min y) of a fixation's samples, in the units of the samples. */
  readonly maxDispersion: number;
  readonly minDurationMs: number;
  /** A gap in time longer than this ends a fixation. */
  readonly maxGapMs: number;
  /** Median interval of the recording, where the points are a part of it; otherwise that of the points. */
  readonly stepMs?: number;
};

/**
 * I-DT (Salvucci and Goldberg 2000): the longest runs of samples that stay within a dispersion. Lost
 * samples inside a short gap are bridged; a longer gap ends the fixation. The last run is emitted. A
 * fixation lasts from its first to its last sample plus one median interval.
 */
export function detectFixationsByDispersion(
  points: readonly TimedPoint[],
  { maxDispersion, minDurationMs, maxGapMs, ...given }: DispersionOptions,
): Fixation[] {
  const kept: { tMs: number; x: number; y: number }[] = [];
  for (const { tMs, x, y } of points)
    if (x !== null && y !== null && Number.isFinite(x + y + tMs)) kept.push({ tMs, x, y });
  kept.sort((a, b) => a.tMs - b.tMs);
  const stepMs = given.stepMs ?? medianStepMs(kept.map((point) => point.tMs));
  const found: Fixation[] = [];
  let start = 0;
  while (start < kept.length) {
    const first = kept[start];
    if (first === undefined) break;
    let [minX, maxX, minY, maxY] = [first.x, first.x, first.y, first.y];
    let [sumX, sumY] = [first.x, first.y];
    let end = start + 1;
    let lastMs = first.tMs;
    for (; end < kept.length; end += 1) {
      const point = kept[end];
      if (point === undefined || point.tMs - lastMs > maxGapMs) break;
      minX = Math.min(minX, point.x);
      maxX = Math.max(maxX, point.x);
      minY = Math.min(minY, point.y);
      maxY = Math.max(maxY, point.y);
      if (maxX - minX + (maxY - minY) > maxDispersion) break;
      sumX += point.x;
      sumY += point.y;
      lastMs = point.tMs;
    }
    const durationMs = lastMs - first.tMs + stepMs;
    const count = end - start;
    if (durationMs >= minDurationMs && count > 1) {
      found.push({ x: sumX / count, y: sumY / count, startMs: first.tMs, durationMs });
      start = end;
    } else start += 1;
  }
  return found;
}

/** Median difference of neighbouring times; 0 for fewer than two. */
export function medianStepMs(timesMs: readonly number[]): number {
  const steps: number[] = [];
  for (let i = 1; i < timesMs.length; i += 1) steps.push((timesMs[i] ?? 0) - (timesMs[i - 1] ?? 0));
  steps.sort((a, b) => a - b);
  const middle = steps.length >>> 1;
  if (steps.length === 0) return 0;
  return steps.length % 2 === 1
    ? (steps[middle] ?? 0)
    : ((steps[middle - 1] ?? 0) + (steps[middle] ?? 0)) / 2;
}

/** A fixation as the published filter gives it: the group's first sample, its duration in samples. */
export type CountedFixation = { readonly x: number; readonly y: number; readonly samples: number };

/**
 * The published gaze filter (McGIP; mcgip defects 1 and 2): a group lasts while |dx| and |dy| from its
 * FIRST sample stay below `threshold` (40 px on an 800 px canvas). As published the last group is never
 * emitted; `asPublished: false` emits it.
 */
export function filterGaze(
  samples: readonly (readonly [number, number])[],
  { threshold = 40, asPublished }: { readonly threshold?: number; readonly asPublished: boolean },
): CountedFixation[] {
  const first = samples[0];
  if (first === undefined || (asPublished && samples.length < 2)) return [];
  const found: CountedFixation[] = [];
  let [x, y] = first;
  let count = asPublished ? 0 : 1;
  for (let i = 1; i < samples.length; i += 1) {
    const sample = samples[i];
    if (sample === undefined) break;
    // As published the sample that breaks the group is still counted into it.
    if (asPublished) count += 1;
    if (Math.abs(sample[0] - x) < threshold && Math.abs(sample[1] - y) < threshold) {
      if (!asPublished) count += 1;
      continue;
    }
    found.push({ x, y, samples: count });
    [x, y] = sample;
    count = asPublished ? 0 : 1;
  }
  if (!asPublished) found.push({ x, y, samples: count });
  return found;
}
