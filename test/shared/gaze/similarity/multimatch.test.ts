import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { filterGaze } from '../../../../shared/gaze/fixations.ts';
import {
  alignmentPath,
  createMultimatch,
  type MultimatchOptions,
  type MultimatchSignature,
  multimatchWeights,
  publishedMultimatch,
  stationMultimatch,
} from '../../../../shared/gaze/similarity/multimatch.ts';
import type { MultimatchFixation } from '../../../../shared/gaze/similarity/saccades.ts';
import { createRandom } from '../../../../shared/random.ts';
import { type GoldenScanpath, goldenMissing, readGolden } from '../../golden.ts';

type GoldenPair = {
  readonly i: number;
  readonly j: number;
  readonly sim: readonly number[];
  readonly relation?: number;
  readonly path?: readonly number[];
  readonly n_optimal?: number;
};

type Named = { readonly scanpaths: readonly GoldenScanpath[] };

function published(
  gaze: readonly (readonly [number, number])[],
  options: MultimatchOptions = publishedMultimatch,
): MultimatchSignature {
  const fixations = filterGaze(gaze, { asPublished: true }).map(({ x, y, samples }) => ({
    x,
    y,
    duration: samples,
  }));
  const signature = createMultimatch(options).describe(fixations);
  if (typeof signature === 'string') assert.fail(signature);
  return signature;
}

function worstDeviation(
  pairs: readonly GoldenPair[],
  signatures: readonly MultimatchSignature[],
  options: MultimatchOptions,
): number {
  const measure = createMultimatch(options);
  let worst = 0;
  for (const pair of pairs) {
    const [a, b] = [signatures[pair.i], signatures[pair.j]];
    if (a === undefined || b === undefined) assert.fail('the pair has no scanpath');
    const { parts, relation } = measure.compare(a, b);
    for (const [k, value] of pair.sim.entries())
      worst = Math.max(worst, Math.abs(value - (parts[k] ?? Infinity)));
    if (pair.relation !== undefined) worst = Math.max(worst, Math.abs(pair.relation - relation));
    if (pair.path !== undefined && pair.n_optimal === 1)
      assert.deepEqual(alignmentPath(a, b), pair.path);
  }
  return worst;
}

describe('MultiMatch against the authors’ code', { skip: goldenMissing }, () => {
  test('filter, simplification, alignment and all 465 pairs of real scanpaths are reproduced', () => {
    const { scanpaths } = readGolden('scanpaths.json') as Named;
    const golden = readGolden('multimatch_authors.json') as {
      readonly filtered: readonly {
        readonly x: readonly number[];
        readonly y: readonly number[];
        readonly duration: readonly number[];
      }[];
      readonly simplified: readonly {
        readonly dur: readonly number[];
        readonly rho: readonly number[];
        readonly theta: readonly number[];
      }[];
      readonly pairs: readonly GoldenPair[];
    };
    for (const [i, { gaze }] of scanpaths.entries()) {
      const fixations = filterGaze(gaze, { asPublished: true });
      assert.deepEqual(
        fixations.map((fixation) => fixation.samples),
        golden.filtered[i]?.duration,
      );
      assert.deepEqual(
        fixations.map((fixation) => [fixation.x, fixation.y]),
        golden.filtered[i]?.x.map((x, k) => [x, golden.filtered[i]?.y[k]]),
      );
    }
    const signatures = scanpaths.map(({ gaze }) => published(gaze));
    for (const [i, simplified] of golden.simplified.entries()) {
      if ((golden.filtered[i]?.x.length ?? 0) < 3) continue;
      assert.deepEqual([...(signatures[i]?.durations ?? [])], simplified.dur);
      for (const [k, rho] of simplified.rho.entries())
        assert.ok(Math.abs(rho - (signatures[i]?.rho[k] ?? Infinity)) < 1e-12);
    }
    assert.equal(golden.pairs.length, 465);
    assert.ok(worstDeviation(golden.pairs, signatures, publishedMultimatch) < 1e-12);
  });

  test('real fixations in pixels and seconds, with and without simplification', () => {
    const { scanpaths } = readGolden('scanpaths.json') as Named;
    type Setting = { readonly pairs: readonly GoldenPair[] };
    const golden = readGolden('multimatch_fix.json') as {
      readonly ids: readonly string[];
      readonly grouping: Setting;
      readonly nogrouping: Setting;
    };
    const base: MultimatchOptions = {
      ...publishedMultimatch,
      width: 1280,
      height: 720,
      grouping: { directionDeg: 45, duration: 0.3, amplitude: 146.8 },
    };
    for (const [setting, options] of [
      [golden.grouping, base],
      [golden.nogrouping, { ...base, grouping: undefined }],
    ] as const) {
      const measure = createMultimatch(options);
      const signatures = golden.ids.map((id) => {
        const fix = scanpaths.find((scanpath) => scanpath.id === id)?.fix;
        const signature = measure.describe(
          (fix?.x ?? []).map((x, k) => ({
            x,
            y: fix?.y[k] ?? 0,
            duration: fix?.duration[k] ?? 0,
          })),
        );
        if (typeof signature === 'string') assert.fail(signature);
        return signature;
      });
      assert.equal(setting.pairs.length, 210);
      assert.ok(worstDeviation(setting.pairs, signatures, options) < 1e-12);
    }
  });

  test('scanpaths of 40 seconds', () => {
    const { scanpaths } = readGolden('scanpaths.json') as Named;
    const golden = readGolden('multimatch_long.json') as {
      readonly cases: readonly { readonly parts: readonly string[] }[];
      readonly grouping: { readonly pairs: readonly GoldenPair[] };
      readonly nogrouping: { readonly pairs: readonly GoldenPair[] };
    };
    const gazes = golden.cases.map(({ parts }) =>
      parts.flatMap((id) => scanpaths.find((scanpath) => scanpath.id === id)?.gaze ?? []),
    );
    const plain = { ...publishedMultimatch, width: 800, height: 800, grouping: undefined };
    for (const [pairs, options] of [
      [golden.grouping.pairs, publishedMultimatch],
      [golden.nogrouping.pairs, plain],
    ] as const) {
      const signatures = gazes.map((gaze) => published(gaze, options));
      assert.equal(pairs.length, 36);
      assert.ok(worstDeviation(pairs, signatures, options) < 1e-12);
    }
  });
});

const walk = (seed: number, n: number): MultimatchFixation[] => {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => ({
    x: random.next() * 800,
    y: random.next() * 800,
    duration: 100 + random.next() * 400,
  }));
};

function signatureOf(fixations: readonly MultimatchFixation[]): MultimatchSignature {
  const signature = createMultimatch(stationMultimatch).describe(fixations);
  if (typeof signature === 'string') assert.fail(signature);
  return signature;
}

test('a scanpath is wholly like itself and similarity does not depend on the order of the two', () => {
  const measure = createMultimatch(stationMultimatch);
  for (let seed = 1; seed <= 50; seed += 1) {
    const a = signatureOf(walk(seed, 5 + (seed % 30)));
    const b = signatureOf(walk(seed + 1000, 5 + ((seed * 7) % 30)));
    assert.ok(measure.compare(a, a).parts.every((part) => part === 1));
    const [ab, ba] = [measure.compare(a, b), measure.compare(b, a)];
    for (const [k, part] of ab.parts.entries())
      assert.ok(Math.abs(part - (ba.parts[k] ?? 2)) < 1e-12 && part >= 0 && part <= 1);
  }
});

test('too short a scanpath has no similarity instead of zero', () => {
  const measure = createMultimatch(stationMultimatch);
  assert.equal(measure.describe([]), 'too-few-fixations');
  assert.equal(measure.describe(walk(1, 2)), 'too-few-fixations');
});

test('rounding of the cosine, two zero durations and one saccade left are no errors', () => {
  const measure = createMultimatch({ ...stationMultimatch, asPublished: false });
  const straight = Array.from({ length: 6 }, (_, i) => ({ x: i * 0.1, y: i * 0.3, duration: 0 }));
  const signature = measure.describe(straight);
  if (typeof signature === 'string') assert.fail(signature);
  const { relation, parts } = measure.compare(signature, signature);
  assert.equal(signature.count, 1);
  assert.ok(Math.abs(relation - 1) < 1e-12 && parts.every((part) => part === 1));
});

test('every preset of weights sums to one', () => {
  for (const weights of Object.values(multimatchWeights))
    assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-12);
});
