import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import {
  type EvaluationResult,
  evaluationResult,
  type MeasuredEvaluation,
  type SplitPart,
} from '../../../shared/training/evaluation-result.ts';
import type { SplitImage } from '../../../shared/training/labelled-split.ts';
import { evaluateEncoders } from '../../../trainer/evaluation/evaluate-encoders.ts';
import { findLeaks } from '../../../trainer/evaluation/leaks.ts';
import { SealedTest } from '../../../trainer/evaluation/sealed-test.ts';

const parts: readonly SplitPart[] = ['train', 'train', 'train', 'validation', 'test'];

/** Two images of each patient; patients alternate between the classes and go round the parts. */
function makeImages(patients: number, classes: readonly string[] = ['ill', 'well']): SplitImage[] {
  return Array.from({ length: 2 * patients }, (_, i) => {
    const patient = i >>> 1;
    return {
      imageId: i + 1,
      patientKey: `patient-${patient}`,
      label: classes[patient % classes.length] ?? '',
      part: parts[Math.floor(patient / classes.length) % parts.length] ?? 'train',
    };
  });
}

/** Features of which the first says so much about the class. */
function makeFeatures(
  images: readonly SplitImage[],
  strength: number,
  seed: number,
): ReadonlyMap<number, Float32Array> {
  const random = createRandom(seed);
  const classes = [...new Set(images.map(({ label }) => label))].toSorted();
  return new Map(
    images.map(({ imageId, label }) => [
      imageId,
      Float32Array.from(
        { length: 6 },
        (_, d) => random.normal() + (d === classes.indexOf(label) ? strength : 0),
      ),
    ]),
  );
}

async function evaluate(
  images: readonly SplitImage[],
  strengths: readonly number[],
): Promise<EvaluationResult> {
  const { result } = await evaluateEncoders({
    images,
    labels: { kind: 'assessments', sha256: 'x' },
    simulated: true,
    encoders: strengths.map((strength, i) => ({
      encoder: { sha256: `e${i}`, runId: i, role: i === 0 ? 'new' : 'earlier' },
      features: makeFeatures(
        images.toSorted((a, b) => a.imageId - b.imageId),
        strength,
        3,
      ),
    })),
    bootstrap: { rounds: 200, seed: 1 },
    pause: () => Promise.resolve(),
  });
  return evaluationResult.parse(JSON.parse(JSON.stringify(result)));
}

const measured = (result: EvaluationResult): MeasuredEvaluation => {
  assert.ok(result.outcome === 'measured', JSON.stringify(result));
  return result;
};

const aucs = ({ encoders }: MeasuredEvaluation): number[] =>
  encoders.flatMap(({ methods }) =>
    methods.flatMap(({ result }) => (result.outcome === 'measured' ? [result.auc.value] : [])),
  );

test('an encoder that knows the classes is told from one that does not', async () => {
  const result = measured(await evaluate(makeImages(160), [3, 0]));
  const [nearest = 0, linear = 0, blindNearest = 0, blindLinear = 0] = aucs(result);
  assert.ok(nearest > 0.9 && linear > 0.9, String([nearest, linear]));
  assert.ok(Math.abs(blindNearest - 0.5) < 0.25 && Math.abs(blindLinear - 0.5) < 0.25);
  assert.deepEqual(
    result.differences.map(({ method, against }) => [method, against.runId]),
    [
      ['k-nn', 1],
      ['linear-probe', 1],
    ],
  );
  for (const { auc, deLong } of result.differences) {
    assert.ok(auc.low > 0 && auc.low <= auc.value && auc.value <= auc.high);
    assert.ok(deLong !== null && deLong.pValue < 0.001 && deLong.z > 3);
  }
  assert.deepEqual(result.split.test, {
    patients: 32,
    images: 64,
    patientsByClass: [16, 16],
    imagesByClass: [32, 32],
  });
});

test('the same inputs give the same figures, whatever order the images come in', async () => {
  const images = makeImages(80);
  const first = await evaluate(images, [1]);
  assert.deepEqual(await evaluate(images, [1]), first);
  assert.deepEqual(await evaluate(images.toReversed(), [1]), first);
});

test('an encoder does not differ from itself', async () => {
  const { differences } = measured(await evaluate(makeImages(80), [1, 1]));
  for (const { auc, accuracy, deLong } of differences) {
    assert.deepEqual(
      [auc, accuracy],
      [
        { value: 0, low: 0, high: 0 },
        { value: 0, low: 0, high: 0 },
      ],
    );
    assert.equal(deLong, null);
  }
});

test('three classes have an AUC of each against the rest and no DeLong', async () => {
  const images = makeImages(150, ['a', 'b', 'c']);
  const result = measured(await evaluate(images, [3, 0]));
  assert.ok((aucs(result)[1] ?? 0) > 0.9);
  assert.ok(result.differences.every(({ deLong }) => deLong === null));
  assert.ok(
    result.encoders.every(({ methods }) =>
      methods.every(
        ({ result: one }) => one.outcome === 'refused' || one.auc.standardError === null,
      ),
    ),
  );
});

test('no figure is stated where a class has too few patients, with the count that is missing', async () => {
  const refusal = async (images: readonly SplitImage[]): Promise<unknown> => {
    const result = await evaluate(images, [1]);
    return result.outcome === 'refused' ? [result.reason, result.details] : result.outcome;
  };
  assert.deepEqual(await refusal([]), ['no-labels', {}]);
  assert.deepEqual(await refusal(makeImages(80, ['ill'])), ['one-class', { class: 'ill' }]);
  // 50 patients: five of each class in test; one less is too few.
  const enough = makeImages(50);
  assert.equal(await refusal(enough), 'measured');
  const last = enough.findLast(({ part }) => part === 'test')?.patientKey;
  assert.deepEqual(await refusal(enough.filter(({ patientKey }) => patientKey !== last)), [
    'too-few-patients',
    { class: 'well', part: 'test', found: 4, needed: 5 },
  ]);
  // Twice as many images of a patient are not twice as many patients.
  assert.deepEqual(await refusal(makeImages(20)), [
    'too-few-patients',
    { class: 'ill', part: 'validation', found: 2, needed: 3 },
  ]);
});

test('the test part can be opened once', () => {
  const sealed = new SealedTest([1]);
  sealed.open();
  assert.throws(() => sealed.open(), /opened once/u);
});

test('every kind of leak of a test patient is found, and nothing where there is none', () => {
  const placed = makeImages(20);
  const learnt = placed.filter(({ part }) => part !== 'test').map(({ imageId }) => imageId);
  const clean = { placed, preTrained: learnt, paired: learnt, fitted: learnt };
  assert.deepEqual(findLeaks(clean), []);
  const held = placed.find(({ part }) => part === 'test')?.imageId ?? 0;
  for (const [use, kind] of [
    ['preTrained', 'pre-trained-on-test'],
    ['paired', 'paired-with-test'],
    ['fitted', 'fitted-on-test'],
  ] as const)
    assert.deepEqual(findLeaks({ ...clean, [use]: [...learnt, held] }), [{ kind, imageId: held }]);
  // The second image of a test patient that is said to be in train.
  const torn = placed.map((image) =>
    image.imageId === held + 1 ? { ...image, part: 'train' as const } : image,
  );
  assert.ok(
    findLeaks({ ...clean, placed: torn }).some(({ kind }) => kind === 'patient-in-two-parts'),
  );
  assert.ok(
    findLeaks({ ...clean, placed: torn, preTrained: [held + 1] }).some(
      ({ kind }) => kind === 'pre-trained-on-test',
    ),
  );
});
