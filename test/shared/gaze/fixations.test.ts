import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectFixationsByDispersion } from '../../../shared/gaze/fixations.ts';
import { createRandom } from '../../../shared/random.ts';

const options = { maxDispersion: 40, minDurationMs: 100, maxGapMs: 75 };

test('resting places with noise between jumps are found with their centroid and duration', () => {
  const random = createRandom(3);
  const places = [
    { x: 100, y: 100, n: 20 },
    { x: 400, y: 300, n: 40 },
    { x: 150, y: 500, n: 12 },
  ];
  let tMs = 0;
  const points = places.flatMap(({ x, y, n }) =>
    Array.from({ length: n }, () => ({
      tMs: (tMs += 10),
      x: x + random.next() * 8,
      y: y + random.next() * 8,
    })),
  );
  const found = detectFixationsByDispersion(points, options);
  assert.deepEqual(
    found.map((fixation) => fixation.durationMs),
    [200, 400, 120],
  );
  for (const [i, fixation] of found.entries())
    assert.ok(
      Math.hypot(fixation.x - (places[i]?.x ?? 0) - 4, fixation.y - (places[i]?.y ?? 0) - 4) < 3,
    );
});

test('a blink shorter than the gap is bridged, a longer one ends the fixation', () => {
  const rest = (from: number, to: number): { tMs: number; x: number; y: number }[] =>
    Array.from({ length: (to - from) / 10 }, (_, i) => ({ tMs: from + i * 10, x: 50, y: 50 }));
  const short = detectFixationsByDispersion([...rest(0, 200), ...rest(250, 450)], options);
  assert.deepEqual(
    short.map((each) => each.durationMs),
    [450],
  );
  const long = detectFixationsByDispersion([...rest(0, 200), ...rest(300, 500)], options);
  assert.deepEqual(
    long.map((each) => each.durationMs),
    [200, 200],
  );
});

test('odd input: nothing, one sample, all lost, not a number, times out of order', () => {
  assert.deepEqual(detectFixationsByDispersion([], options), []);
  assert.deepEqual(detectFixationsByDispersion([{ tMs: 1, x: 1, y: 1 }], options), []);
  assert.deepEqual(detectFixationsByDispersion([{ tMs: 1, x: null, y: null }], options), []);
  const shuffled = [30, 10, 20, 0, 50, 40, 60, 80, 70, 90, 100].map((tMs) => ({ tMs, x: 5, y: 5 }));
  const found = detectFixationsByDispersion(
    [...shuffled, { tMs: 55, x: Number.NaN, y: 1 }],
    options,
  );
  assert.deepEqual(found, [{ x: 5, y: 5, startMs: 0, durationMs: 110 }]);
});
