import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitByImage } from '../../../shared/gaze/image-gaze.ts';
import { noLandmarks } from '../../../shared/gaze/landmarks.ts';
import { type GazeGeometry, noScreenFacts } from '../../../shared/gaze/geometry.ts';
import type { GazeSample } from '../../../shared/gaze/samples.ts';
import { type CanonicalGaze, toCanonical } from '../../../shared/gaze/canonical.ts';
import { stationMeasures } from '../../../shared/gaze/similarity/station-measures.ts';
import { describeReading } from '../../../shared/database/canonical-gaze.ts';
import { deleteDemonstration } from '../../../shared/database/demonstration.ts';
import { insertRecording, nextNumbers, prepareAppending } from '../../../shared/database/gaze.ts';
import { insertReading } from '../../../shared/database/readings.ts';
import { listSnapshotImages } from '../../../shared/database/snapshot.ts';
import { measureQuality } from '../../../shared/gaze/quality.ts';
import { createRandom } from '../../../shared/random.ts';
import { gazeAt, paneState } from '../../fixtures/gaze.ts';
import {
  addReader,
  addStudy,
  openIn,
  sampleAt,
  stateShowing,
  temporaryFolder,
} from '../../fixtures/station-rows.ts';

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

/** 1 degree is 40 DIP: at 100 samples a second fixations are then found by velocity. */
const degrees: GazeGeometry = {
  mmPerDip: 0.25,
  viewingDistanceMm: 5 / Math.tan(Math.PI / 360),
  gazeErrorDip: null,
};

/** The canonical gaze of samples, or undefined where none lies on an image that is there. */
function canonical(
  samples: readonly GazeSample[],
  known = sizes,
  geometry?: GazeGeometry,
): CanonicalGaze | undefined {
  const gaze = splitByImage(samples, [state], known, geometry)[0];
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
  for (const geometry of [undefined, degrees]) {
    const gaze = canonical(scan(12, 1), sizes, geometry);
    assert.ok(gaze !== undefined && gaze.fixations.length === 12);
    assert.equal(answers(gaze).length, stationMeasures.length);
  }
});

test('no sample, lost samples alone, samples beside the image and a deleted image are no case', () => {
  for (const geometry of [undefined, degrees]) {
    assert.equal(canonical([], sizes, geometry), undefined);
    const lost = scan(3, 1).map((each) => ({ ...each, xDip: null, yDip: null, valid: false }));
    assert.equal(canonical(lost, sizes, geometry), undefined);
    const beside = scan(3, 1).map((each) => ({ ...each, xDip: 5000 }));
    assert.equal(canonical(beside, sizes, geometry), undefined);
    assert.equal(canonical(scan(3, 1), new Map(), geometry), undefined);
  }
});

test('a sample with a time or place that is no number counts as lost, and is never compared', () => {
  const broken: readonly Partial<GazeSample>[] = [
    { xDip: Number.NaN },
    { yDip: Number.NaN },
    { xDip: Infinity },
    { tUs: Number.NaN },
  ];
  const usual = scan(12, 5);
  for (const geometry of [undefined, degrees]) {
    for (const change of broken) {
      const all = usual.map((each) => ({ ...each, ...change }));
      assert.equal(canonical(all, sizes, geometry), undefined);
      assert.equal(measureQuality(all).lostShare, 1);
    }
    const some = usual.map((each, i) =>
      i % 7 === 3 ? { ...each, ...broken[(i % 4) as 0 | 1 | 2 | 3] } : each,
    );
    const missing = usual.map((each, i) =>
      i % 7 === 3 ? { ...each, xDip: null, yDip: null, valid: false } : each,
    );
    assert.equal(measureQuality(some).lostShare, measureQuality(missing).lostShare);
    const [gaze, without] = [some, missing].map((list) => canonical(list, sizes, geometry));
    assert.ok(gaze !== undefined && without !== undefined);
    assert.deepEqual(gaze.points, without.points);
    assert.ok(gaze.points.flat().every((value) => Number.isInteger(value)));
    assert.ok(gaze.fixations.every(({ x, y, duration }) => Number.isFinite(x + y + duration)));
    assert.equal(answers(gaze).length, stationMeasures.length);
  }
});

test('of gaze on an image that was deleted nothing is left to compare', (t) => {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database, 'Simulated reader', 1);
  const { studyId, imageIds } = addStudy(database, 'one');
  const [kept = 0] = imageIds;
  // Shown beside the study that was read, and then removed with the demonstration library.
  const [gone = 0] = addStudy(database, 'shown', { demonstration: true }).imageIds;
  const readingId = insertReading(database, {
    studyId,
    userId,
    state: 'finished',
    startedAtMs: 1,
    endedAtMs: 2,
    assessment: 'normal',
    note: '',
  });
  const recordingId = insertRecording(database, {
    ...noScreenFacts,
    readingId,
    source: 'simulated',
    device: 'test',
    nominalHz: 60,
    appVersion: '0',
    consentId: null,
    startedAtMs: 1,
  });
  prepareAppending(database)(recordingId, nextNumbers(database, recordingId), {
    samples: Array.from({ length: 40 }, (_, i) => sampleAt(i * 10_000, 200, 100)),
    states: [stateShowing(0, gone), stateShowing(200_000, kept)],
    events: [],
  });
  const seen = (): readonly number[] => {
    const images = listSnapshotImages(database, { modality: null, includeSimulated: true });
    const byId = new Map(images.map((image) => [image.imageId, image]));
    return describeReading(database, { readingId, recordingId }, byId).cases.map(
      ({ imageId }) => imageId,
    );
  };
  assert.deepEqual(seen(), [kept, gone]);
  deleteDemonstration(database);
  assert.deepEqual(seen(), [kept]);
  database.close();
});

test('one sample, two fixations and all samples at one point are refused by scanpath measures, by name', () => {
  const one = canonical([sample(5, 100, 100)]);
  assert.ok(one !== undefined);
  assert.equal(judge(one)['multimatch'], 'too-few-fixations');
  for (const name of ['difference-hash', 'hu-moments', 'heatmap-cosine', 'heatmap-correlation'])
    assert.equal(judge(one)[name], 'empty-map', 'a single sample is no fixation');
  assert.deepEqual(answers(one), ['tima'], 'samples are clustered as they are');
  const still = canonical(Array.from({ length: 300 }, (_, i) => sample(i * 10, 200, 200)));
  assert.ok(still !== undefined && still.fixations.length === 1);
  assert.equal(judge(still)['multimatch'], 'too-few-fixations');
  const two = canonical(scan(2, 4));
  assert.ok(two !== undefined && two.fixations.length === 2);
  assert.equal(judge(two)['multimatch'], 'too-few-fixations');
  assert.equal(answers(two).length, stationMeasures.length - 1);
  assert.equal(answers(still).length, stationMeasures.length - 1);
});

test('order, double times and a clock that jumps back change no likeness of where was looked', () => {
  const samples = scan(12, 7);
  for (const geometry of [undefined, degrees]) {
    const usual = canonical(samples, sizes, geometry);
    const shuffled = canonical(samples.toReversed(), sizes, geometry);
    assert.deepEqual(shuffled, usual, 'samples are put in order');
    const doubled = canonical([...samples, ...samples.slice(50, 60)], sizes, geometry);
    assert.ok(usual !== undefined && doubled !== undefined);
    for (const measure of stationMeasures.filter(({ ordered }) => !ordered)) {
      const compared = measure.open();
      compared.add(measure.describe(usual));
      compared.add(measure.describe(doubled));
      const relation = compared.compare(0, 1)?.relation ?? Number.NaN;
      assert.ok(relation > 0.99, `${measure.name}: ${relation}`);
    }
    // Half of the recording again with the clock set back: its samples fall between those that are there.
    const jumped = canonical(
      samples.map((each, i) => (i < 120 ? each : { ...each, tUs: each.tUs - 1_200_000 })),
      sizes,
      geometry,
    );
    assert.ok(jumped !== undefined);
    judge(jumped);
  }
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
  for (const geometry of [undefined, degrees]) {
    const gaze = canonical(samples, sizes, geometry);
    assert.ok(gaze !== undefined && gaze.fixations.length > 100_000);
    const found = judge(gaze);
    assert.equal(found['multimatch'], 'too-many-fixations');
    const refused = Object.values(found).filter((each) => typeof each === 'string');
    assert.equal(refused.length, 1);
  }
});
