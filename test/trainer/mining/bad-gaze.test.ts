import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitByImage } from '../../../shared/gaze/image-gaze.ts';
import { noLandmarks } from '../../../shared/gaze/landmarks.ts';
import type { GazeSample } from '../../../shared/gaze/samples.ts';
import { type CanonicalGaze, toCanonical } from '../../../shared/gaze/canonical.ts';
import { stationMeasures } from '../../../shared/gaze/similarity/station-measures.ts';
import { createRandom } from '../../../shared/random.ts';
import { gazeAt, paneState } from '../../fixtures/gaze.ts';

const side = 400;
const state = paneState({ widthCss: side, heightCss: side });
const image = { rows: side, columns: side, laterality: null, landmarks: noLandmarks };
const sizes = new Map([[1, image]]);

const sample = (tMs: number, x: number, y: number): GazeSample => gazeAt(tMs * 1000, x, y);

/** Rests of 200 ms at random places, one sample each 10 ms. */
function scan(rests: number, seed: number): GazeSample[] {
  const random = createRandom(seed);
  const place = (): number => 40 + random.below(320);
  return Array.from({ length: rests }, () => [place(), place()] as const).flatMap(([x, y], rest) =>
    Array.from({ length: 20 }, (_, i) => sample(rest * 200 + i * 10, x, y)),
  );
}

/** The canonical gaze of samples, or undefined where none lies on an image that is there. */
function canonical(samples: readonly GazeSample[], known = sizes): CanonicalGaze | undefined {
  const gaze = splitByImage(samples, [state], known, undefined)[0];
  return gaze === undefined || gaze.points.length === 0 ? undefined : toCanonical(gaze, image);
}

/** What each measure says of the gaze: why it has no answer, or its likeness to itself and to usual gaze. */
function judge(gaze: CanonicalGaze): Record<string, string | readonly [number, number]> {
  const usual = canonical(scan(12, 99));
  assert.ok(usual !== undefined);
  return Object.fromEntries(
    stationMeasures.map((measure) => {
      const compared = measure.open();
      compared.add(measure.describe(gaze));
      compared.add(measure.describe(usual));
      const reason = compared.reason(0);
      if (reason !== undefined) {
        assert.equal(compared.compare(0, 1), undefined, `${measure.name} gives no silent number`);
        return [measure.name, reason];
      }
      const self = compared.compare(0, 0)?.relation ?? Number.NaN;
      const other = compared.compare(0, 1)?.relation ?? Number.NaN;
      assert.ok(Math.abs(self - 1) < 1e-6, `${measure.name}: ${self} with itself`);
      assert.ok(other >= 0 && other <= 1, `${measure.name}: ${other}`);
      return [measure.name, [self, other] as const];
    }),
  );
}

const answers = (gaze: CanonicalGaze): string[] =>
  Object.entries(judge(gaze)).flatMap(([name, found]) => (typeof found === 'string' ? [] : [name]));

test('usual gaze has a likeness by every measure', () => {
  const gaze = canonical(scan(12, 1));
  assert.ok(gaze !== undefined && gaze.fixations.length === 12);
  assert.equal(answers(gaze).length, stationMeasures.length);
});

test('no sample, lost samples alone, samples beside the image and a deleted image are no case', () => {
  assert.equal(canonical([]), undefined);
  const lost = scan(3, 1).map((each) => ({ ...each, xDip: null, yDip: null, valid: false }));
  assert.equal(canonical(lost), undefined);
  assert.equal(canonical(scan(3, 1).map((each) => ({ ...each, xDip: 5000 }))), undefined);
  assert.equal(canonical(scan(3, 1), new Map()), undefined);
});

test('one sample, two fixations and all samples at one point are refused by scanpath measures, by name', () => {
  const one = canonical([sample(5, 100, 100)]);
  assert.ok(one !== undefined);
  assert.equal(judge(one)['multimatch'], 'too-few-fixations');
  assert.equal(judge(one)['heatmap-cosine'], 'empty-map', 'a single sample is no fixation');
  const still = canonical(Array.from({ length: 300 }, (_, i) => sample(i * 10, 200, 200)));
  assert.ok(still !== undefined && still.fixations.length === 1);
  assert.equal(judge(still)['multimatch'], 'too-few-fixations');
  const two = canonical(scan(2, 4));
  assert.ok(two !== undefined && two.fixations.length === 2);
  assert.equal(judge(two)['multimatch'], 'too-few-fixations');
  assert.ok(answers(two).includes('heatmap-correlation'));
});

test('order, double times and a clock that jumps back change no likeness of where was looked', () => {
  const samples = scan(12, 7);
  const usual = canonical(samples);
  const mixed = canonical([...samples.toReversed(), ...samples.slice(50, 60)]);
  assert.ok(usual !== undefined && mixed !== undefined);
  for (const measure of stationMeasures.filter(({ ordered }) => !ordered)) {
    const compared = measure.open();
    compared.add(measure.describe(usual));
    compared.add(measure.describe(mixed));
    const relation = compared.compare(0, 1)?.relation ?? Number.NaN;
    assert.ok(relation > 0.99, `${measure.name}: ${relation}`);
  }
  // Half of the recording again with the clock set back: its samples fall between those that are there.
  const jumped = canonical(
    samples.map((each, i) => (i < 120 ? each : { ...each, tUs: each.tUs - 1_200_000 })),
  );
  assert.ok(jumped !== undefined);
  judge(jumped);
});

test('ten hours of gaze are described; a scanpath too long to be aligned is refused by name', () => {
  const random = createRandom(3);
  const samples: GazeSample[] = [];
  for (let tMs = 0; tMs < 10 * 3600 * 1000; tMs += 200) {
    const [x, y] = [40 + random.below(320), 40 + random.below(320)];
    // 25 samples a second.
    for (let i = 0; i < 5; i += 1) samples.push(sample(tMs + i * 40, x, y));
  }
  assert.equal(samples.length, 900_000);
  const gaze = canonical(samples);
  assert.ok(gaze !== undefined && gaze.fixations.length > 100_000);
  assert.equal(judge(gaze)['multimatch'], 'too-many-fixations');
  assert.equal(answers(gaze).length, stationMeasures.length - 1);
});
