import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePreset, type Preset, twinWithoutGaze } from '../../../shared/training/preset.ts';
import { findPreset, presets } from '../../../shared/training/presets.ts';

/** The preset of this name, which must be there. */
function presetOf(name: string): Preset {
  const preset = findPreset(name);
  assert.ok(preset !== undefined, `${name} is missing`);
  return preset;
}

for (const preset of presets)
  test(`the preset ${preset.name} is complete and does not contradict itself`, () => {
    assert.deepEqual(parsePreset(preset), preset);
    const { relation, name } = preset;
    assert.equal(relation === null, name.includes('-plain-'), 'the relation is named');
    assert.equal(relation?.measure === 'tima', name.includes('-gzpt-'), 'GzPT is by TIMA');
    for (const field of preset.inferred) {
      let value: unknown = preset;
      for (const part of field.split('.')) value = Object(value)[part] as unknown;
      assert.notEqual(value, undefined, `${field} is no field of ${name}`);
    }
  });

test('every line of the published table has its presets', () => {
  const expected = [
    ...['r50', 'r101', 'r18'].map((r) => `mammo-moco-mcgip-${r}`),
    ...['r50', 'r101'].map((r) => `dental-moco-mcgip-${r}`),
    'oai-moco-mcgip-r50',
    'mammo-moco-gzpt-r50',
    ...['r50', 'r50-b32', 'r101', 'r18'].map((r) => `mammo-byol-mcgip-${r}`),
    ...['r18', 'r50', 'r101'].map((r) => `dental-byol-mcgip-${r}`),
    'oai-byol-mcgip-r50',
    ...['r18', 'r50', 'r101'].map((r) => `mammo-byol-gzpt-${r}`),
    'oai-byol-gzpt-r50',
    ...['mammo', 'oai'].flatMap((set) =>
      [10, 30, 70, 90].map((drop) => `${set}-byol-gzpt-r50-drop-${drop}`),
    ),
    ...['r50', 'r101'].map((r) => `mammo-simsiam-gzpt-${r}`),
    ...['mammo', 'oai'].flatMap((set) => [`${set}-moco-plain-r50`, `${set}-byol-plain-r50`]),
    'mammo-simsiam-mcgip-r50',
    'mammo-simsiam-mcgip-r101',
    'oai-simsiam-mcgip-r50',
    'mammo-simclr-mcgip-r50',
  ];
  const names = presets.map(({ name }) => name);
  assert.deepEqual(names.toSorted(), expected.toSorted());
  assert.equal(new Set(names).size, names.length);
});

/** Threshold, drop probability, batch, accumulation, learning rate, warm-up, epochs: as in the table. */
const figures: readonly (readonly [string, readonly (number | undefined)[]])[] = [
  ['mammo-moco-mcgip-r50', [0.95, 0, 16, 1, 2e-3, 10, 300]],
  ['mammo-moco-mcgip-r101', [0.95, 0, 16, 1, 4e-3, 10, 300]],
  ['mammo-moco-mcgip-r18', [0.95, 0, 16, 1, 4e-3, 10, 240]],
  ['dental-moco-mcgip-r50', [0.7, 0, 8, 1, 4e-5, 40, 300]],
  ['dental-moco-mcgip-r101', [0.7, 0, 8, 1, 4e-5, 40, 300]],
  ['oai-moco-mcgip-r50', [0.95, 0, 32, 1, 8e-4, 10, 800]],
  ['mammo-moco-gzpt-r50', [0.95, 0, 16, 1, 4e-5, 40, 300]],
  ['mammo-byol-mcgip-r50', [0.95, 0, 16, 2, 2e-5, 40, 200]],
  ['mammo-byol-mcgip-r50-b32', [0.95, 0.5, 32, 16, 2e-5, 40, 300]],
  ['mammo-byol-mcgip-r101', [0.95, 0, 16, 16, 2e-5, 40, 270]],
  ['mammo-byol-mcgip-r18', [0.95, 0, 16, 16, 2e-5, 40, 270]],
  ['dental-byol-mcgip-r18', [0.9, 0.5, 8, 16, 2e-5, 40, 300]],
  ['dental-byol-mcgip-r50', [0.9, 0.5, 8, 16, 2e-5, 40, 300]],
  ['dental-byol-mcgip-r101', [0.9, 0.5, 8, 16, 2e-5, 40, 300]],
  ['oai-byol-mcgip-r50', [0.95, 0.5, 32, 4, 8e-4, 10, 800]],
  ['mammo-byol-gzpt-r18', [0.95, 0.5, 32, 16, 2e-5, 40, 300]],
  ['mammo-byol-gzpt-r50', [0.95, 0.5, 32, 16, 2e-5, 40, 400]],
  ['mammo-byol-gzpt-r50-drop-10', [0.95, 0.1, 32, 16, 2e-5, 40, 400]],
  ['mammo-byol-gzpt-r50-drop-30', [0.95, 0.3, 32, 16, 2e-5, 40, 400]],
  ['mammo-byol-gzpt-r50-drop-70', [0.95, 0.7, 32, 16, 2e-5, 40, 400]],
  ['mammo-byol-gzpt-r50-drop-90', [0.95, 0.9, 32, 16, 2e-5, 40, 200]],
  ['mammo-byol-gzpt-r101', [0.95, 0.5, 16, 16, 2e-5, 40, 400]],
  ['oai-byol-gzpt-r50', [0.95, 0, 32, 4, 8e-4, 10, 800]],
  ['oai-byol-gzpt-r50-drop-10', [0.95, 0.1, 32, 4, 8e-4, 10, 800]],
  ['oai-byol-gzpt-r50-drop-30', [0.95, 0.3, 32, 4, 8e-4, 10, 800]],
  ['oai-byol-gzpt-r50-drop-70', [0.95, 0.7, 32, 4, 8e-4, 10, 800]],
  ['oai-byol-gzpt-r50-drop-90', [0.95, 0.9, 32, 4, 8e-4, 10, 800]],
  ['mammo-simsiam-gzpt-r50', [0.95, 0.5, 32, 16, 2e-5, 40, 200]],
  ['mammo-simsiam-gzpt-r101', [0.95, 0.5, 16, 16, 2e-5, 40, 300]],
  ['mammo-moco-plain-r50', [undefined, 0, 16, 1, 2e-3, 10, 240]],
  ['oai-moco-plain-r50', [undefined, 0, 16, 1, 2e-3, 10, 240]],
  ['mammo-byol-plain-r50', [undefined, 0, 16, 16, 1e-3, 10, 250]],
  ['oai-byol-plain-r50', [undefined, 0, 16, 4, 4e-3, 10, 250]],
  ['mammo-simsiam-mcgip-r50', [0.7, 0, 16, 1, 0.05, 0, 200]],
  ['mammo-simsiam-mcgip-r101', [0.7, 0, 32, 16, 2e-5, 40, 200]],
  ['oai-simsiam-mcgip-r50', [0.95, 0, 32, 4, 4e-4, 10, 800]],
  ['mammo-simclr-mcgip-r50', [0.7, 0, 16, 1, 2e-5, 40, 270]],
];

test('presets have the figures of the published table', () => {
  assert.deepEqual(
    figures.map(([name]) => name).toSorted(),
    presets.map(({ name }) => name).toSorted(),
  );
  for (const [name, expected] of figures) {
    const { relation, dropProbability, batchImages, accumulation, ...rest } = presetOf(name);
    const { optimizer, warmupEpochs, epochs } = rest;
    assert.deepEqual(
      [
        relation?.threshold,
        dropProbability,
        batchImages,
        accumulation,
        optimizer.learningRate,
        warmupEpochs,
        epochs,
      ],
      expected,
      name,
    );
  }
});

test('an option that is not known is refused at the start, p and drop rates by other names among them', () => {
  for (const option of ['p', 'dropRate', 'keepProbability'])
    assert.throws(
      () => parsePreset({ ...presetOf('mammo-byol-gzpt-r50'), [option]: 0.5 }),
      new RegExp(`"${option}"`, 'u'),
    );
  const { method, ...rest } = presetOf('mammo-moco-mcgip-r50');
  assert.throws(() => parsePreset({ ...rest, method: { ...method, p: 0.5 } }), /"p"/u);
});

test('a missing option is refused at the start', () => {
  for (const option of Object.keys(presetOf('mammo-byol-gzpt-r50'))) {
    const { [option]: _, ...rest }: Record<string, unknown> = presetOf('mammo-byol-gzpt-r50');
    assert.throws(() => parsePreset(rest), new RegExp(`"${option}"`, 'u'));
  }
});

const knees = 'oai-byol-mcgip-r50';
function withPredictor(preset: Preset, lengths: number[]): Preset {
  const { method } = preset;
  assert.ok('predictor' in method);
  return { ...preset, method: { ...method, predictor: { ...method.predictor, lengths } } };
}
/** A preset with one change that contradicts the rest, and the sentence that says so. */
const contradictions: readonly (readonly [string, Preset, RegExp])[] = [
  [
    'the relation of another data set',
    { ...presetOf(knees), relation: presetOf('mammo-byol-mcgip-r50').relation },
    /relation is of another data set/u,
  ],
  [
    'initial weights of another encoder',
    {
      ...presetOf('dental-byol-mcgip-r101'),
      initialWeights: { from: 'imagenet', encoder: 'resnet-50' },
    },
    /initial weights are of another encoder/u,
  ],
  [
    'a queue that batches do not fill evenly',
    { ...presetOf('mammo-moco-mcgip-r50'), batchImages: 24 },
    /queue must be a multiple of the batch of 24/u,
  ],
  [
    'a neck that does not take the features',
    { ...presetOf(knees), encoder: 'resnet-18' },
    /neck does not take the features/u,
  ],
  [
    "a predictor that does not give the neck's length",
    withPredictor(presetOf(knees), [256, 4096, 128]),
    /predictor does not go/u,
  ],
  [
    'pairs to drop without gaze',
    { ...presetOf(knees), relation: null },
    /Without gaze there is no pair/u,
  ],
  ['a warm-up without end', { ...presetOf(knees), warmupEpochs: 800 }, /warm-up does not end/u],
  ['views of another data set', { ...presetOf(knees), augmentation: 'mammo' }, /views are made/u],
  [
    'the name of another method',
    { ...presetOf(knees), name: 'oai-simsiam-mcgip-r50' },
    /name does not begin/u,
  ],
];
for (const [what, preset, sentence] of contradictions)
  test(`a preset with ${what} is refused`, () => {
    assert.throws(() => parsePreset(preset), sentence);
  });

test('what is called SimSiam is SimSiam, without momentum', () => {
  for (const { name, method } of presets) {
    assert.equal(method.kind === 'simsiam', name.includes('-simsiam-'));
    assert.equal('baseMomentum' in method, method.kind === 'byol');
  }
});

test('a run without gaze shares everything with its twin but the pairs', () => {
  for (const preset of presets) {
    const twin = parsePreset(twinWithoutGaze(preset));
    assert.equal(twin.relation, null);
    const { name, relation, dropProbability } = preset;
    assert.deepEqual({ ...twin, name, relation, dropProbability }, preset);
  }
});
