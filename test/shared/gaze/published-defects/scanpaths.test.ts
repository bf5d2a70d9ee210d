// Defects of the published code that concern the gaze filter and MultiMatch: ours does not have them, and
// `asPublished: true` gives the published result where it differs. Numbers as in the list of defects.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { detectFixationsByDispersion, filterGaze } from '../../../../shared/gaze/fixations.ts';
import {
  createMultimatch,
  type MultimatchOptions,
  multimatchParts,
  multimatchWeights,
  publishedMultimatch,
  stationMultimatch,
} from '../../../../shared/gaze/similarity/multimatch.ts';
import type { MultimatchFixation } from '../../../../shared/gaze/similarity/saccades.ts';

type Gaze = readonly (readonly [number, number])[];

const repeat = (count: number, x: number, y: number): Gaze =>
  Array.from({ length: count }, () => [x, y] as const);

const close = (a: number | undefined, b: number): void =>
  assert.ok(a !== undefined && Math.abs(a - b) < 1e-12, `${a} and ${b}`);

/** Fixations at these places, 200 ms each. */
const at = (...places: Gaze): MultimatchFixation[] =>
  places.map(([x, y]) => ({ x, y, duration: 200 }));

function compare(
  options: MultimatchOptions,
  a: readonly MultimatchFixation[],
  b: readonly MultimatchFixation[],
): { readonly relation: number; readonly parts: readonly number[] } {
  const measure = createMultimatch(options);
  const [one, other] = [measure.describe(a), measure.describe(b)];
  if (typeof one === 'string' || typeof other === 'string') assert.fail('both are described');
  return measure.compare(one, other);
}

/** Every fixation as it is, so that what is compared can be seen. */
const plain: MultimatchOptions = { ...stationMultimatch, grouping: undefined };

describe('the gaze filter', () => {
  const gaze = [...repeat(5, 0, 0), ...repeat(4, 100, 0)];

  // 1
  test('the last group is emitted; as published it is lost', () => {
    assert.deepEqual(filterGaze(gaze, { asPublished: true }), [{ x: 0, y: 0, samples: 5 }]);
    assert.deepEqual(filterGaze(gaze, { asPublished: false }), [
      { x: 0, y: 0, samples: 5 },
      { x: 100, y: 0, samples: 4 },
    ]);
    assert.deepEqual(filterGaze([[3, 4]], { asPublished: true }), []);
    assert.deepEqual(filterGaze([[3, 4]], { asPublished: false }), [{ x: 3, y: 4, samples: 1 }]);
    for (const asPublished of [true, false]) assert.deepEqual(filterGaze([], { asPublished }), []);
  });

  // 2
  test('a fixation lies at the centroid of its samples; as published at the first', () => {
    const drifting: Gaze = [
      [0, 0],
      [10, 0],
      [20, 30],
      [300, 300],
      [300, 300],
    ];
    assert.deepEqual(filterGaze(drifting, { asPublished: true }), [{ x: 0, y: 0, samples: 3 }]);
    assert.deepEqual(filterGaze(drifting, { asPublished: false })[0], { x: 10, y: 10, samples: 3 });
  });

  // 2
  test('a duration is milliseconds of the time stamps, not a number of samples', () => {
    // Four samples every 50 ms, then one that came 20 ms late: 220 ms and one interval.
    const timed = [0, 50, 100, 150, 220].map((tMs) => ({ tMs, x: 10, y: 10 }));
    const options = { maxDispersion: 40, minDurationMs: 100, maxGapMs: 75 };
    assert.equal(detectFixationsByDispersion(timed, options)[0]?.durationMs, 270);
  });
});

describe('MultiMatch', () => {
  // 3
  test('the extent is that of the canvas on which gaze lies; as published it is 1920 x 1080', () => {
    const path = at([100, 100], [300, 100], [300, 300]);
    const shifted = path.map((fixation) => ({ ...fixation, x: fixation.x + 400 }));
    close(compare(plain, path, shifted).parts[3], 1 - 400 / Math.hypot(800, 800));
    const published = { ...publishedMultimatch, grouping: undefined };
    close(compare(published, path, shifted).parts[3], 1 - 400 / Math.hypot(1920, 1080));
  });

  // 3
  test('the duration below which saccades are merged is in the unit of the durations', () => {
    // Straight on by way of a rest of 400 ms, which is 24 samples at 60 Hz.
    const middle = (duration: number): MultimatchFixation[] =>
      at([0, 0], [200, 0], [400, 0], [400, 400]).map((fixation, i) =>
        i === 1 ? { ...fixation, duration } : fixation,
      );
    const countOf = (options: MultimatchOptions, duration: number): number => {
      const signature = createMultimatch(options).describe(middle(duration));
      return typeof signature === 'string' ? 0 : signature.count;
    };
    assert.equal(countOf(stationMultimatch, 400), 3, '400 ms is no short rest');
    assert.equal(countOf(stationMultimatch, 200), 2);
    assert.equal(countOf(publishedMultimatch, 24), 2, 'as published 100 samples, 1.7 s, are short');
  });

  // 4
  test('too short a scanpath has no similarity, with a reason; as published it is 0, to itself too', () => {
    const two = at([1, 1], [500, 500]);
    for (const short of [[], two.slice(1), two])
      assert.equal(createMultimatch(stationMultimatch).describe(short), 'too-few-fixations');
    assert.deepEqual(compare(publishedMultimatch, two, two), {
      relation: 0,
      parts: [0, 0, 0, 0, 0],
    });
  });

  // 5
  test('the five numbers stand in one order, by name', () => {
    assert.deepEqual(multimatchParts, ['shape', 'direction', 'length', 'position', 'duration']);
    const partsOf = (other: readonly MultimatchFixation[]): Record<string, number> => {
      const { parts } = compare(plain, path, other);
      return Object.fromEntries(multimatchParts.map((name, k) => [name, parts[k] ?? Number.NaN]));
    };
    const path = at([100, 100], [300, 100], [500, 100], [700, 100]);
    const slower = partsOf(path.map((fixation) => ({ ...fixation, duration: 400 })));
    assert.deepEqual(slower, { shape: 1, direction: 1, length: 1, position: 1, duration: 0.5 });
    const lower = partsOf(path.map((fixation) => ({ ...fixation, y: 500 })));
    assert.deepEqual({ ...lower, position: 1 }, { ...slower, duration: 1 });
    close(lower['position'], 1 - 400 / Math.hypot(800, 800));
    // A quarter turn keeps lengths; half as long keeps directions.
    const turned = partsOf(path.map(({ x, y, duration }) => ({ x: y, y: x, duration })));
    close(turned['direction'], 0.5);
    close(turned['length'], 1);
    const shorter = partsOf(path.map((fixation) => ({ ...fixation, x: fixation.x / 2 })));
    close(shorter['direction'], 1);
    close(shorter['length'], 1 - 100 / Math.hypot(800, 800));
  });

  // 6
  test('the step from five numbers to one is a weighted sum with a name', () => {
    const [a, b] = [
      at([100, 100], [300, 150], [320, 600], [700, 100]),
      at([90, 200], [500, 150], [300, 400], [720, 90]).map((fixation, i) => ({
        ...fixation,
        duration: 100 * (i + 1),
      })),
    ];
    for (const [name, wanted] of [
      ['published', [0.1, 0.1, 0.1, 0.1, 0.6]],
      ['mean', [0.2, 0.2, 0.2, 0.2, 0.2]],
    ] as const) {
      const { relation, parts } = compare({ ...plain, weights: multimatchWeights[name] }, a, b);
      close(
        relation,
        wanted.reduce((sum, weight, k) => sum + weight * (parts[k] ?? Number.NaN), 0),
      );
    }
  });

  // 31
  test('canvas and thresholds are parameters', () => {
    const small = (fixations: readonly MultimatchFixation[]): MultimatchFixation[] =>
      fixations.map(({ x, y, duration }) => ({ x: x / 8, y: y / 8, duration }));
    const [a, b] = [
      at([100, 100], [300, 150], [320, 600], [700, 100]),
      at([90, 200], [500, 150], [300, 400], [720, 90]),
    ];
    const { relation } = compare(stationMultimatch, a, b);
    const hundred = {
      ...stationMultimatch,
      width: 100,
      height: 100,
      grouping: { directionDeg: 45, duration: 300, amplitude: 10 },
    };
    close(compare(hundred, small(a), small(b)).relation, relation);
  });
});

// Faults of multimatch_gaze itself.
describe('where multimatch_gaze stops', () => {
  const wholly = (fixations: readonly MultimatchFixation[], count: number): void => {
    const signature = createMultimatch(stationMultimatch).describe(fixations);
    assert.ok(typeof signature === 'object' && signature.count === count);
    const { relation, parts } = compare(stationMultimatch, fixations, fixations);
    close(relation, 1);
    assert.deepEqual(parts, [1, 1, 1, 1, 1]);
  };

  test('a single saccade that is left is compared (there an IndexError)', () => {
    wholly(at([0, 0], [30, 0], [500, 0]), 1);
  });

  test('a cosine that rounding takes beyond 1 is an angle of 0 (there a domain error)', () => {
    // Twice the same way; of 400 such paths some have a cosine above 1.
    const paths = Array.from({ length: 400 }, (_, i) => {
      const [u, v] = [100 + 0.1 * i, 90 + 0.3 * i];
      return at([0, 0], [u, v], [2 * u, 2 * v]);
    });
    const beyond = paths.filter(([, middle, end]) => {
      if (middle === undefined || end === undefined) return false;
      const [dx, dy] = [end.x - middle.x, end.y - middle.y];
      const rhos =
        Math.sqrt(middle.x * middle.x + middle.y * middle.y) * Math.sqrt(dx * dx + dy * dy);
      return (middle.x * dx + middle.y * dy) / rhos > 1;
    });
    assert.ok(beyond.length > 0);
    for (const path of beyond) wholly(path, 1);
  });

  test('two durations of zero are alike (there 0 / 0)', () => {
    wholly(
      at([0, 0], [300, 0], [300, 500]).map((fixation) => ({ ...fixation, duration: 0 })),
      2,
    );
  });
});
