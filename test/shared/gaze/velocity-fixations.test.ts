import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { cohensKappa } from '../../../shared/gaze/agreement.ts';
import type { TimedPoint } from '../../../shared/gaze/fixations.ts';
import {
  classifyGaze,
  detectFixationsByVelocity,
  gazeEvents,
  velocityDefaults,
} from '../../../shared/gaze/velocity-fixations.ts';
import { createRandom } from '../../../shared/random.ts';

/** One unit is one hundredth of a degree. */
const options = { ...velocityDefaults, degreesPerUnit: 0.01 };

/** Rests of 300 ms at each place with a jump of 30 ms between them, `stepMs` apart. */
function scan(places: readonly (readonly [number, number])[], stepMs: number): TimedPoint[] {
  const points: TimedPoint[] = [];
  const random = createRandom(1);
  for (let tMs = 0; tMs < places.length * 330 - 30; tMs += stepMs) {
    const i = Math.floor(tMs / 330);
    const here = places[i] ?? [0, 0];
    const next = places[i + 1] ?? here;
    const part = Math.max(0, tMs - i * 330 - 300) / 30;
    points.push({
      tMs,
      x: here[0] + (next[0] - here[0]) * part + random.normal(),
      y: here[1] + (next[1] - here[1]) * part + random.normal(),
    });
  }
  return points;
}

const places = [
  [0, 0],
  [500, 0],
  [500, 700],
  [-300, 200],
] as const;

test('rests between jumps are found where they are, at every rate the filter is for', () => {
  for (const hz of [100, 250, 500, 1000]) {
    const found = detectFixationsByVelocity(scan(places, 1000 / hz), options);
    assert.equal(found.length, places.length, `${hz} Hz`);
    for (const [i, { x, y, startMs, durationMs }] of found.entries()) {
      const [wantX, wantY] = places[i] ?? [Number.NaN, Number.NaN];
      assert.ok(Math.hypot(x - wantX, y - wantY) < 20, `${hz} Hz: ${x}, ${y}`);
      assert.ok(Math.abs(startMs - i * 330) <= 30 && Math.abs(durationMs - 300) <= 50);
    }
  }
});

test('order, double times and times that are no number change nothing', () => {
  const points = scan(places, 2);
  const wanted = detectFixationsByVelocity(points, options);
  const shuffled = points
    .toReversed()
    .concat({ tMs: Number.NaN, x: 1, y: 1 }, ...points.slice(10, 20));
  assert.deepEqual(detectFixationsByVelocity(shuffled, options), wanted);
  const labels = classifyGaze(shuffled, options);
  assert.equal(labels.length, shuffled.length);
  assert.equal(labels[points.length], gazeEvents.lost);
  assert.deepEqual(labels.slice(0, points.length).toReversed(), classifyGaze(points, options));
});

test('a blink and its margins are lost; the rests on its sides stay one where they are near', () => {
  const points = scan([[0, 0]], 2).map((point, i) =>
    i >= 60 && i < 70 ? { ...point, x: null, y: Number.NaN } : point,
  );
  const labels = classifyGaze(points, options);
  assert.ok(labels.slice(52, 78).every((label) => label === gazeEvents.lost));
  assert.equal(labels[40], gazeEvents.fixation);
  const merged = detectFixationsByVelocity(points, options);
  assert.equal(merged.length, 1);
  assert.ok(Math.abs((merged[0]?.durationMs ?? 0) - 300) < 1e-6);
  assert.equal(detectFixationsByVelocity(points, { ...options, mergeGapMs: 50 }).length, 2);
});

test('nothing, one sample, all lost or all too short give no fixation', () => {
  for (const points of [
    [],
    [{ tMs: 0, x: 1, y: 1 }],
    scan(places, 2).map((point) => ({ ...point, x: null })),
    scan([[0, 0]], 2).slice(0, 15),
  ])
    assert.deepEqual(detectFixationsByVelocity(points, options), []);
});

test('Cohen’s kappa is 1 for the same judgements, 0 at chance, and 0.4 for the textbook’s table', () => {
  // 20 both yes, 5 and 10 apart, 15 both no: 0.7 observed, 0.5 expected.
  const a = [...Array<boolean>(25).fill(true), ...Array<boolean>(25).fill(false)];
  const b = a.map((_, i) => i < 20 || (i >= 25 && i < 35));
  assert.ok(Math.abs(cohensKappa(a, b) - 0.4) < 1e-12);
  assert.equal(cohensKappa(a, a), 1);
  assert.ok(
    Math.abs(
      cohensKappa(
        a,
        a.map((_, i) => i % 2 === 0),
      ),
    ) < 0.05,
  );
  assert.ok(Number.isNaN(cohensKappa([], [])));
  assert.throws(() => cohensKappa([true], []));
});

const folder = path.resolve(import.meta.dirname, '../../../../shared/data/gaze-andersson2017');

test(
  'human coders of real recordings agree with the filter nearly as well as with each other',
  {
    skip: existsSync(folder) ? false : 'the shared recordings are absent',
  },
  () => {
    const script = path.resolve(import.meta.dirname, '../../../scripts/fixation-agreement.ts');
    const lines = execFileSync(process.execPath, [script, folder], { encoding: 'utf8' }).trim();
    const rows = lines.split('\n').map(
      (line) =>
        JSON.parse(line) as {
          set: string;
          recording: string;
          kappaMN: number;
          kappaRA: number;
          coders: number;
        },
    );
    const pictures = rows.find(({ set, recording }) => set === 'img' && recording === 'all');
    assert.ok(pictures !== undefined && rows.length === 15);
    assert.ok(Math.abs(pictures.coders - 0.789) < 0.001);
    assert.ok(pictures.kappaMN >= pictures.coders - 0.05, `${pictures.kappaMN}`);
    assert.ok(pictures.kappaRA >= pictures.coders - 0.05, `${pictures.kappaRA}`);
  },
);
