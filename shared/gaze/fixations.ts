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

/** A fixation of the published filter; its duration is a number of samples. */
export type CountedFixation = { readonly x: number; readonly y: number; readonly samples: number };

/**
 * The published gaze filter (McGIP; mcgip defects 1 and 2): a group lasts while |dx| and |dy| from its
 * FIRST sample stay below `threshold` (40 px on an 800 px canvas). As published a fixation lies at the
 * group's first sample and the last group is never emitted; otherwise it lies at the group's centroid and
 * every group is emitted. The samples have no times: where there are any, the other filters give durations.
 */
export function filterGaze(
  samples: readonly (readonly [number, number])[],
  { threshold = 40, asPublished }: { readonly threshold?: number; readonly asPublished: boolean },
): CountedFixation[] {
  return asPublished ? filterAsPublished(samples, threshold) : groupGaze(samples, threshold);
}

function filterAsPublished(
  samples: readonly (readonly [number, number])[],
  threshold: number,
): CountedFixation[] {
  const first = samples[0];
  if (first === undefined || samples.length < 2) return [];
  const found: CountedFixation[] = [];
  let [x, y] = first;
  let count = 0;
  for (const sample of samples.slice(1)) {
    // The sample that breaks the group is still counted into it.
    count += 1;
    if (Math.abs(sample[0] - x) < threshold && Math.abs(sample[1] - y) < threshold) continue;
    found.push({ x, y, samples: count });
    [x, y] = sample;
    count = 0;
  }
  return found;
}

function groupGaze(
  samples: readonly (readonly [number, number])[],
  threshold: number,
): CountedFixation[] {
  const found: CountedFixation[] = [];
  let from = 0;
  for (let i = 1; i <= samples.length; i += 1) {
    const [first, sample] = [samples[from], samples[i]];
    if (first === undefined) break;
    if (
      sample !== undefined &&
      Math.abs(sample[0] - first[0]) < threshold &&
      Math.abs(sample[1] - first[1]) < threshold
    )
      continue;
    const group = samples.slice(from, i);
    found.push({
      x: group.reduce((sum, [x]) => sum + x, 0) / group.length,
      y: group.reduce((sum, [, y]) => sum + y, 0) / group.length,
      samples: group.length,
    });
    from = i;
  }
  return found;
}
