import assert from 'node:assert/strict';
import { test } from 'node:test';
import { degreesToDip, type GazeGeometry } from '../../../shared/gaze/geometry.ts';
import { type ImageGaze, splitByImage } from '../../../shared/gaze/image-gaze.ts';
import type { GazeSample, ViewportState } from '../../../shared/gaze/samples.ts';
import { gazeAt, paneState } from '../../fixtures/gaze.ts';

/** 1 degree is 40 DIP. */
const geometry: GazeGeometry = {
  mmPerDip: 0.25,
  viewingDistanceMm: 5 / Math.tan(Math.PI / 360),
  gazeErrorDip: null,
};
const sizes = new Map([[1, { columns: 500, rows: 400 }]]);

/** Samples from `fromMs` to before `toMs`, one each `stepMs`, at the place that `at` gives by time. */
function samplesOf(
  [fromMs, toMs, stepMs]: readonly [number, number, number],
  at: (tMs: number, i: number) => readonly [number, number],
): GazeSample[] {
  return Array.from({ length: Math.round((toMs - fromMs) / stepMs) }, (_, i) => {
    const tMs = fromMs + i * stepMs;
    return gazeAt(tMs * 1000, ...at(tMs, i));
  });
}

function gazeOn(
  samples: readonly GazeSample[],
  states: readonly ViewportState[],
  known: GazeGeometry | null = geometry,
): ImageGaze {
  const [gaze, ...others] = splitByImage(samples, states, sizes, known ?? undefined);
  assert.ok(gaze !== undefined && others.length === 0);
  return gaze;
}

const durations = (gaze: ImageGaze): number[] => gaze.fixations.map((each) => each.durationMs);

/** The picture magnified so many times about its top left corner. */
const zoomed = (zoom: number, change: Partial<ViewportState> = {}): ViewportState =>
  paneState({ m00: 1 / zoom, m11: 1 / zoom, ...change });

test('the spread of a fixation is measured on the screen, whatever the zoom', () => {
  assert.ok(Math.abs(degreesToDip(geometry, 1) - 40) < 1e-9);
  const trembling = (spread: number): GazeSample[] =>
    samplesOf([0, 600, 20], (_, i) => [150 + (i % 2) * spread, 150]);
  for (const zoom of [0.5, 1, 4]) {
    assert.deepEqual(durations(gazeOn(trembling(39), [zoomed(zoom)])), [600], `zoom ${zoom}`);
    assert.deepEqual(durations(gazeOn(trembling(41), [zoomed(zoom)])), [], `zoom ${zoom}`);
  }
  // Without a geometry 8 % of the mean side count: 36 image pixels, which are 144 DIP at fourfold zoom.
  assert.deepEqual(durations(gazeOn(trembling(140), [zoomed(4)], null)), [600]);
  assert.deepEqual(durations(gazeOn(trembling(37), [zoomed(1)], null)), []);
});

test('a source whose measured error is larger than a degree may tremble by its error', () => {
  const samples = samplesOf([0, 600, 20], (_, i) => [200 + (i % 2) * 90, 200]);
  assert.deepEqual(durations(gazeOn(samples, [zoomed(1)])), []);
  const webcam = { ...geometry, gazeErrorDip: 100 };
  assert.deepEqual(durations(gazeOn(samples, [zoomed(1)], webcam)), [600]);
});

test('a picture that moves under a resting eye ends the fixation; window and level do not', () => {
  const resting = samplesOf([0, 600, 20], () => [200, 100]);
  const moved = zoomed(1, { tUs: 300_000, m02: 5 });
  for (const known of [geometry, null]) {
    const gaze = gazeOn(resting, [zoomed(1), moved], known);
    assert.deepEqual(
      gaze.fixations.map(({ x, startMs, durationMs }) => [x, startMs, durationMs]),
      [
        [200, 0, 300],
        [205, 300, 300],
      ],
    );
  }
  const level = zoomed(1, { tUs: 300_000, windowCenter: 100, windowWidth: 50 });
  assert.deepEqual(durations(gazeOn(resting, [zoomed(1), level])), [600]);
  // Away and back between two samples: the eye has seen nothing of it.
  const blinked = [zoomed(1), { ...moved, tUs: 301_000 }, zoomed(1, { tUs: 305_000 })];
  assert.deepEqual(durations(gazeOn(resting, blinked)), [600]);
});

test('there is no fixation while a picture is being dragged', () => {
  const resting = samplesOf([0, 600, 20], () => [200, 100]);
  const dragged = Array.from({ length: 30 }, (_, i) => zoomed(1, { tUs: i * 20_000, m02: i }));
  assert.deepEqual(durations(gazeOn(resting, dragged)), []);
});

/** Follows something slowly for a second, 5 degrees in all, then rests for 400 ms 10 degrees away. */
const following = (stepMs: number): GazeSample[] =>
  samplesOf([0, 1400, stepMs], (tMs) => (tMs < 1000 ? [50 + tMs / 5, 80] : [450, 300]));

test('from 100 samples a second on fixations are told apart by velocity', () => {
  const fast = gazeOn(following(4), [zoomed(1)]);
  assert.equal(fast.fixations.length, 2);
  const [first, second] = fast.fixations;
  assert.ok(first !== undefined && second !== undefined);
  assert.ok(first.durationMs > 900 && Math.abs(first.x - 150) < 5, 'following is one fixation');
  assert.deepEqual([second.x, second.y], [450, 300]);
  assert.ok(Math.abs(second.startMs + second.durationMs - 1400) < 1e-6);
  // At 50 a second, and where degrees are not known, the spread decides.
  assert.ok(gazeOn(following(20), [zoomed(1)]).fixations.length > 3);
  assert.ok(gazeOn(following(4), [zoomed(1)], null).fixations.length > 3);
});

test('by velocity too a fixation ends with the view, and with a pause of the recording', () => {
  const moved = zoomed(1, { tUs: 200_000, m02: 5 });
  const resting = samplesOf([0, 600, 4], () => [200, 100]);
  assert.deepEqual(
    gazeOn(resting, [zoomed(1), moved]).fixations.map(({ x, durationMs }) => [x, durationMs]),
    [
      [200, 200],
      [205, 400],
    ],
  );
  const [before, after] = [
    samplesOf([0, 1000, 4], () => [200, 100]),
    samplesOf([1500, 3000, 4], () => [200, 100]),
  ];
  const paused = gazeOn([...before, ...after], [zoomed(1)]).fixations;
  assert.equal(paused.length, 2);
  assert.ok(paused.every(({ durationMs }) => durationMs < 1500));
});

test('by velocity a rest on two pictures side by side belongs to each for its own time', () => {
  const left = zoomed(1, { widthCss: 200 });
  const right = zoomed(1, { pane: 1, imageId: 2, xCss: 200 });
  const both = new Map([...sizes, [2, { columns: 500, rows: 400 }]]);
  const samples = samplesOf([0, 800, 4], (tMs) => [180 + tMs / 20, 100]);
  const split = splitByImage(samples, [left, right], both, geometry);
  assert.deepEqual(
    split.map(({ imageId, fixations }) => [imageId, fixations.map((each) => each.durationMs)]),
    [
      [1, [400]],
      [2, [400]],
    ],
  );
});

test('one look is as wide as its degrees at the zooms at which the picture was looked at', () => {
  const samples = samplesOf([0, 400, 20], () => [200, 100]);
  assert.ok(Math.abs(gazeOn(samples, [zoomed(1)]).sigmaPx - 40) < 1e-9);
  assert.ok(Math.abs(gazeOn(samples, [zoomed(4)]).sigmaPx - 10) < 1e-9);
  // A quarter of the samples at one to one, the rest at fourfold zoom: (40 + 3 * 10) / 4.
  const both = [zoomed(1), zoomed(4, { tUs: 100_000 })];
  assert.ok(Math.abs(gazeOn(samples, both).sigmaPx - 17.5) < 1e-9);
  const wide = { ...geometry, gazeErrorDip: 30 };
  assert.ok(Math.abs(gazeOn(samples, [zoomed(1)], wide).sigmaPx - 50) < 1e-9);
  // Page zoom: 2 DIP for one CSS pixel, so half as many image pixels for one DIP.
  assert.ok(Math.abs(gazeOn(samples, [zoomed(1, { zoomFactor: 2 })]).sigmaPx - 20) < 1e-9);
  const unknown = gazeOn(samples, [zoomed(4)], null).sigmaPx;
  assert.ok(Math.abs(unknown - (30.2 / 800) * Math.sqrt(500 * 400)) < 1e-9);
});

test('samples that are no number are lost, not beside the picture', () => {
  const samples = samplesOf([0, 400, 20], () => [200, 100]);
  const broken = samples.map((sample, i) => {
    if (i % 4 === 1) return { ...sample, xDip: Number.NaN };
    if (i % 4 === 2) return { ...sample, yDip: Infinity };
    return i % 4 === 3 ? { ...sample, tUs: Number.NaN } : sample;
  });
  for (const known of [geometry, null]) {
    const gaze = gazeOn(broken, [zoomed(1)], known);
    assert.deepEqual([gaze.points.length, gaze.beside], [5, 0]);
  }
});
