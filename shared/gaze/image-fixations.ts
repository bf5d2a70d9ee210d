import {
  detectFixationsByDispersion,
  type Fixation,
  medianStepMs,
  type TimedPoint,
} from './fixations.ts';
import { degreesToDip, dipToDegrees, type GazeGeometry } from './geometry.ts';
import { measureQuality } from './quality.ts';
import type { GazeSample } from './samples.ts';
import { detectFixationsByVelocity, velocityDefaults } from './velocity-fixations.ts';

/** A sample on an image and the number of the view (place, zoom, pan, turn) through which it was seen. */
export type ViewedPoint = {
  readonly tMs: number;
  readonly x: number;
  readonly y: number;
  readonly view: number;
};

/** Samples of a recording on one image, in order of time. */
export type ViewedImage = {
  readonly columns: number;
  readonly rows: number;
  readonly points: readonly ViewedPoint[];
  /** Image pixels for one DIP, by the number of the view. */
  readonly pixelsPerDip: readonly number[];
};

/**
 * Largest spread of a fixation (x + y) on the screen: 1 degree, as Gazepoint's filter has it and the upper end
 * of what Salvucci and Goldberg (2000) give.
 */
const dispersionDegrees = 1;
/** The same as a share of the mean of the image's sides, where screen or distance are not known. */
const dispersionShare = 0.08;
const minDurationMs = 100;
const maxGapMs = 75;
/** From this rate on velocity tells saccades apart. */
const minVelocityHz = 100;

/**
 * What a source cannot tell apart cannot end a fixation: where its measured error is larger than 1 degree, the
 * error is the largest spread.
 */
const dispersionDip = (geometry: GazeGeometry): number =>
  Math.max(degreesToDip(geometry, dispersionDegrees), geometry.gazeErrorDip ?? 0);

/** Runs of neighbouring points that were seen through the same view. */
function* runsOfOneView(points: readonly ViewedPoint[]): Generator<readonly ViewedPoint[]> {
  let from = 0;
  for (let i = 1; i <= points.length; i += 1) {
    if (i < points.length && points[i]?.view === points[from]?.view) continue;
    if (i > from) yield points.slice(from, i);
    from = i;
  }
}

function detectByDispersion(image: ViewedImage, geometry: GazeGeometry | undefined): Fixation[] {
  const { columns, rows, points, pixelsPerDip } = image;
  const stepMs = medianStepMs(points.map(({ tMs }) => tMs));
  const found: Fixation[] = [];
  for (const run of runsOfOneView(points)) {
    const maxDispersion =
      geometry === undefined
        ? (dispersionShare * (columns + rows)) / 2
        : dispersionDip(geometry) * (pixelsPerDip[run[0]?.view ?? -1] ?? 0);
    for (const fixation of detectFixationsByDispersion(run, {
      maxDispersion,
      minDurationMs,
      maxGapMs,
      stepMs,
    }))
      found.push(fixation);
  }
  return found;
}

/** Fixations of the eye on the screen and what it takes to find their samples. */
export type ScreenFixations = {
  /** Coordinates in DIP, in order of time. */
  readonly fixations: readonly Fixation[];
  readonly stepMs: number;
};

/**
 * Fixations by velocity, on the screen, where the geometry is known and the recording has at least 100 valid
 * samples a second; otherwise undefined: at lower rates velocity is of no use. While nothing was recorded
 * (a pause) the eye counts as lost.
 */
export function detectOnScreen(
  samples: readonly GazeSample[],
  geometry: GazeGeometry | undefined,
): ScreenFixations | undefined {
  if (geometry === undefined) return undefined;
  const { effectiveHz, medianStepMs: stepMs } = measureQuality(samples);
  if (effectiveHz < minVelocityHz) return undefined;
  const inOrder = samples.toSorted((a, b) => a.tUs - b.tUs);
  const track: TimedPoint[] = [];
  for (const { tUs, xDip, yDip, valid } of inOrder) {
    const tMs = tUs / 1000;
    const lastMs = track.at(-1)?.tMs ?? tMs;
    if (tMs - lastMs > maxGapMs)
      for (const at of [lastMs + stepMs, tMs - stepMs]) track.push({ tMs: at, x: null, y: null });
    track.push({ tMs, x: valid ? xDip : null, y: valid ? yDip : null });
  }
  const fixations = detectFixationsByVelocity(track, {
    ...velocityDefaults,
    degreesPerUnit: dipToDegrees(geometry, 1),
  });
  return { fixations, stepMs };
}

/** The parts of the eye's fixations that lay on the image, each through one view. */
function cutToImage(points: readonly ViewedPoint[], screen: ScreenFixations): Fixation[] {
  const { fixations, stepMs } = screen;
  const found: Fixation[] = [];
  let from = 0;
  for (const { startMs, durationMs } of fixations) {
    const endMs = startMs + durationMs - stepMs / 2;
    while ((points[from]?.tMs ?? Infinity) < startMs) from += 1;
    let to = from;
    while ((points[to]?.tMs ?? Infinity) < endMs) to += 1;
    for (const run of runsOfOneView(points.slice(from, to))) {
      const [first, last] = [run[0], run.at(-1)];
      if (first === undefined || last === undefined || run.length < 2) continue;
      const lastsMs = last.tMs - first.tMs + stepMs;
      if (lastsMs < velocityDefaults.minFixationMs) continue;
      found.push({
        x: run.reduce((sum, { x }) => sum + x, 0) / run.length,
        y: run.reduce((sum, { y }) => sum + y, 0) / run.length,
        startMs: first.tMs,
        durationMs: lastsMs,
      });
    }
    from = to;
  }
  return found;
}

/**
 * Fixations on an image, in image pixels: those of the eye on the screen where `screen` has them (I-VT),
 * otherwise by dispersion (I-DT), in degrees where the geometry is known. A view ends with every move, zoom or
 * turn of the picture, and a fixation ends with its view: what the eye rests on is then another place of the
 * image. So there is no fixation while a picture is being dragged. A new window and level end nothing.
 */
export function detectImageFixations(
  image: ViewedImage,
  geometry: GazeGeometry | undefined,
  screen: ScreenFixations | undefined,
): Fixation[] {
  return screen === undefined
    ? detectByDispersion(image, geometry)
    : cutToImage(image.points, screen);
}
