import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GazeGeometry } from '../../../../shared/gaze/geometry.ts';
import {
  createMultimatch,
  multimatchWeights,
  publishedMultimatch,
} from '../../../../shared/gaze/similarity/multimatch.ts';
import {
  multimatchInUnits,
  type MultimatchUnits,
  pxPerDegree,
} from '../../../../shared/gaze/similarity/multimatch-units.ts';

const usual: MultimatchUnits = {
  width: { px: 1920 },
  height: { px: 1080 },
  durations: 'ms',
  grouping: { directionDeg: 45, amplitude: { px: 160 }, duration: { ms: 300 } },
  weights: multimatchWeights.published,
};

test('the published parameters are 160 px and 100 samples', () => {
  const options = multimatchInUnits({
    ...usual,
    durations: { samplesAtHz: 60 },
    grouping: {
      directionDeg: 45,
      amplitude: { px: 160 },
      duration: { samples: 100, hz: 60 },
    },
  });
  assert.deepEqual(options, { ...publishedMultimatch, asPublished: false });
});

test('a time means the same whatever the unit of the durations', () => {
  const durationIn = (durations: MultimatchUnits['durations']): number | undefined =>
    multimatchInUnits({ ...usual, durations }).grouping?.duration;
  assert.equal(durationIn('ms'), 300);
  assert.equal(durationIn('s'), 0.3);
  assert.equal(durationIn({ samplesAtHz: 250 }), 75);
});

test('an amplitude in degrees is the pixels that it spans at the recording’s screen, distance and zoom', () => {
  const geometry: GazeGeometry = {
    mmPerDip: 0.25,
    viewingDistanceMm: 5 / Math.tan(Math.PI / 360),
    gazeErrorDip: null,
  };
  // One degree is 40 DIP; at half an image pixel for a DIP that is 20 pixels.
  assert.ok(Math.abs(pxPerDegree(geometry, 0.5) - 20) < 1e-9);
  const amplitude = { degrees: 3, pxPerDegree: pxPerDegree(geometry, 0.5) };
  const options = multimatchInUnits({
    ...usual,
    grouping: { directionDeg: 45, amplitude, duration: { ms: 300 } },
  });
  assert.ok(Math.abs((options.grouping?.amplitude ?? 0) - 60) < 1e-9);
});

test('the same scanpaths in other units are just as much alike', () => {
  const path = (shift: number) =>
    [40, 300, 310, 700, 650, 90].map((x, i) => ({
      x: x + shift * i,
      y: 500 - x / 2 + shift * i * i,
      duration: 120 + 70 * i,
    }));
  const similarity = (
    units: MultimatchUnits,
    [placed, timed]: readonly [number, number],
  ): readonly number[] => {
    const measure = createMultimatch(multimatchInUnits(units));
    const [a, b] = [path(0), path(4)].map((fixations) =>
      measure.describe(
        fixations.map(({ x, y, duration }) => ({
          x: x * placed,
          y: y * placed,
          duration: duration * timed,
        })),
      ),
    );
    if (typeof a !== 'object' || typeof b !== 'object') assert.fail('both are described');
    return measure.compare(a, b).parts;
  };
  const plain = similarity(usual, [1, 1]);
  // Coordinates in degrees (40 px each), durations in seconds.
  const degree = 40;
  const other = similarity(
    {
      ...usual,
      width: { degrees: 1920 / degree, pxPerDegree: 1 },
      height: { degrees: 1080 / degree, pxPerDegree: 1 },
      durations: 's',
      grouping: {
        directionDeg: 45,
        amplitude: { degrees: 160 / degree, pxPerDegree: 1 },
        duration: { ms: 300 },
      },
    },
    [1 / degree, 1 / 1000],
  );
  for (const [k, part] of plain.entries()) assert.ok(Math.abs(part - (other[k] ?? 2)) < 1e-12);
});

test('a value that is no positive number is refused by name', () => {
  assert.throws(() => multimatchInUnits({ ...usual, width: { px: 0 } }), /Width of MultiMatch/u);
  const grouping = { directionDeg: 45, amplitude: { px: 80 }, duration: { ms: Number.NaN } };
  assert.throws(() => multimatchInUnits({ ...usual, grouping }), /Duration of MultiMatch/u);
  assert.throws(
    () => multimatchInUnits({ ...usual, durations: { samplesAtHz: -60 } }),
    /Rate of MultiMatch/u,
  );
});
