import { type Fixation, medianStepMs, type TimedPoint } from './fixations.ts';

/** What the eye did at a sample; numbers as Andersson et al. 2017 code them. */
export const gazeEvents = { fixation: 1, saccade: 2, settling: 3, lost: 5, undefined: 6 } as const;
export type GazeEvent = (typeof gazeEvents)[keyof typeof gazeEvents];

export type VelocityOptions = {
  /** Degrees of visual angle for one unit of the coordinates. */
  readonly degreesPerUnit: number;
  /** Velocity is the slope of a straight line through the samples of so long a window. */
  readonly windowMs: number;
  /** A faster sample belongs to a saccade, degrees a second. */
  readonly saccadeSpeed: number;
  /** After a saccade the eye still settles (post-saccadic oscillation) while it is faster than this... */
  readonly settlingSpeed: number;
  /** ...at most for so long. */
  readonly settlingMs: number;
  /** A blink spoils what lies so near a lost sample. */
  readonly lossMarginMs: number;
  readonly minFixationMs: number;
  /** Two fixations with no saccade between them, so near in time and place, are one. */
  readonly mergeGapMs: number;
  readonly mergeDegrees: number;
};

/**
 * 30 degrees a second over 20 ms, as Tobii's I-VT filter has it; the rest as human coders set fixations apart
 * (scripts/fixation-agreement.ts): no figure there hangs on the exact value of one of them.
 */
export const velocityDefaults: Omit<VelocityOptions, 'degreesPerUnit'> = {
  windowMs: 20,
  saccadeSpeed: 30,
  settlingSpeed: 15,
  settlingMs: 20,
  lossMarginMs: 20,
  minFixationMs: 40,
  mergeGapMs: 75,
  mergeDegrees: 0.5,
};

type Sample = {
  readonly tMs: number;
  readonly x: number;
  readonly y: number;
  readonly here: boolean;
};

/** Samples in order of time, one for each time (the last given), lost where a coordinate is not finite. */
function putInOrder(points: readonly TimedPoint[]): Sample[] {
  const track: Sample[] = [];
  const timed = points.filter((point) => Number.isFinite(point.tMs));
  for (const { tMs, x, y } of timed.toSorted((a, b) => a.tMs - b.tMs)) {
    const here = x !== null && y !== null && Number.isFinite(x) && Number.isFinite(y);
    const sample = { tMs, x: here ? x : 0, y: here ? y : 0, here };
    if (track.at(-1)?.tMs === tMs) track[track.length - 1] = sample;
    else track.push(sample);
  }
  return track;
}

/** Speeds in units a second; 0 where the window is cut off or holds a lost sample. */
function measureSpeeds(track: readonly Sample[], windowMs: number, stepMs: number): Float64Array {
  const speeds = new Float64Array(track.length);
  // A clock that trembles must not take a sample from the window's end.
  const half = windowMs / 2 + stepMs / 4;
  const firstMs = track[0]?.tMs ?? 0;
  const lastMs = track.at(-1)?.tMs ?? 0;
  let [from, to] = [0, 0];
  for (const [i, { tMs }] of track.entries()) {
    while ((track[from]?.tMs ?? Infinity) < tMs - half) from += 1;
    while ((track[to]?.tMs ?? Infinity) <= tMs + half) to += 1;
    const count = to - from;
    if (count < 3 || tMs - half < firstMs - stepMs / 2 || tMs + half > lastMs + stepMs / 2)
      continue;
    let [sumT, sumX, sumY, whole] = [0, 0, 0, true];
    for (let j = from; j < to && whole; j += 1) {
      const sample = track[j];
      if (sample === undefined || !sample.here) whole = false;
      else {
        sumT += sample.tMs;
        sumX += sample.x;
        sumY += sample.y;
      }
    }
    if (!whole) continue;
    let [tt, tx, ty] = [0, 0, 0];
    for (let j = from; j < to; j += 1) {
      const sample = track[j];
      if (sample === undefined) break;
      const t = sample.tMs - sumT / count;
      tt += t * t;
      tx += t * (sample.x - sumX / count);
      ty += t * (sample.y - sumY / count);
    }
    speeds[i] = tt === 0 ? 0 : (1000 * Math.hypot(tx, ty)) / tt;
  }
  return speeds;
}

/** Runs of samples for which `belongs` holds, as [first, one past the last]. */
function* runsOf(length: number, belongs: (i: number) => boolean): Generator<[number, number]> {
  for (let i = 0; i < length; i += 1) {
    if (!belongs(i)) continue;
    const first = i;
    while (i < length && belongs(i)) i += 1;
    yield [first, i];
  }
}

function labelTrack(track: readonly Sample[], options: VelocityOptions): Uint8Array {
  const stepMs = medianStepMs(track.map(({ tMs }) => tMs));
  const windowMs = Math.max(options.windowMs, 2 * stepMs);
  const speeds = measureSpeeds(track, windowMs, stepMs);
  const timeOf = (i: number): number => track[i]?.tMs ?? 0;
  const speedOf = (i: number): number => (speeds[i] ?? 0) * options.degreesPerUnit;
  const labels = new Uint8Array(track.length).fill(gazeEvents.fixation);

  for (const [from, to] of runsOf(track.length, (i) => speedOf(i) > options.saccadeSpeed)) {
    labels.fill(gazeEvents.saccade, from, to);
    const untilMs = timeOf(to - 1) + options.settlingMs + 1e-6;
    let settled = to;
    for (let i = to; i < track.length && timeOf(i) <= untilMs; i += 1)
      if (speedOf(i) > options.settlingSpeed) settled = i + 1;
    for (let i = to; i < settled; i += 1)
      if (speedOf(i) <= options.saccadeSpeed) labels[i] = gazeEvents.settling;
  }
  for (const [from, to] of runsOf(track.length, (i) => track[i]?.here === false)) {
    const margin = options.lossMarginMs + 1e-6;
    let [first, end] = [from, to];
    while (first > 0 && timeOf(first - 1) >= timeOf(from) - margin) first -= 1;
    while (end < track.length && timeOf(end) <= timeOf(to - 1) + margin) end += 1;
    labels.fill(gazeEvents.lost, first, end);
  }
  // What the lids do to the signal before and after a blink is no saccade.
  for (const [from, to] of runsOf(track.length, (i) => labels[i] !== gazeEvents.fixation))
    if (labels.subarray(from, to).includes(gazeEvents.lost)) labels.fill(gazeEvents.lost, from, to);
  for (const [from, to] of runsOf(track.length, (i) => labels[i] === gazeEvents.fixation))
    if (timeOf(to - 1) - timeOf(from) + stepMs < options.minFixationMs)
      labels.fill(gazeEvents.undefined, from, to);
  return labels;
}

/**
 * I-VT (Salvucci and Goldberg 2000) with smoothed velocity, settling after saccades and blinks: what the
 * eye did at each of `points`. Samples may be out of order; of several at one time the last counts and the
 * others get its label; a time that is no number is lost. Slow following movements count as fixation.
 */
export function classifyGaze(
  points: readonly TimedPoint[],
  options: VelocityOptions,
): readonly GazeEvent[] {
  const track = putInOrder(points);
  const labels = labelTrack(track, options);
  const labelAt = new Map(track.map(({ tMs }, i) => [tMs, labels[i] as GazeEvent]));
  return points.map(({ tMs }) => labelAt.get(tMs) ?? gazeEvents.lost);
}

/** Fixations of `classifyGaze`, near neighbours merged; centroid in the units of the samples. */
export function detectFixationsByVelocity(
  points: readonly TimedPoint[],
  options: VelocityOptions,
): Fixation[] {
  const track = putInOrder(points);
  const labels = labelTrack(track, options);
  const stepMs = medianStepMs(track.map(({ tMs }) => tMs));
  type Group = { x: number; y: number; startMs: number; endMs: number; count: number; to: number };
  const groups: Group[] = [];
  for (const [from, to] of runsOf(track.length, (i) => labels[i] === gazeEvents.fixation)) {
    const members = track.slice(from, to);
    const count = members.length;
    const x = members.reduce((sum, sample) => sum + sample.x, 0) / count;
    const y = members.reduce((sum, sample) => sum + sample.y, 0) / count;
    const startMs = members[0]?.tMs ?? 0;
    const endMs = (members.at(-1)?.tMs ?? 0) + stepMs;
    const last = groups.at(-1);
    const apart = last === undefined ? Infinity : Math.hypot(x - last.x, y - last.y);
    if (
      last !== undefined &&
      startMs - last.endMs <= options.mergeGapMs &&
      apart * options.degreesPerUnit <= options.mergeDegrees &&
      !labels.subarray(last.to, from).includes(gazeEvents.saccade)
    ) {
      const all = last.count + count;
      last.x += ((x - last.x) * count) / all;
      last.y += ((y - last.y) * count) / all;
      Object.assign(last, { endMs, count: all, to });
    } else groups.push({ x, y, startMs, endMs, count, to });
  }
  return groups.map(({ x, y, startMs, endMs }) => ({
    x,
    y,
    startMs,
    durationMs: endMs - startMs,
  }));
}
