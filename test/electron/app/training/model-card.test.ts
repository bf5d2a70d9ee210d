import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CardFacts, describeModelCard } from '../../../../electron/app/training/model-card.ts';
import { wordPreprocessing } from '../../../../shared/training/preprocessing.ts';
import { demonstrationConfiguration } from '../../../../shared/training/run-configuration.ts';

const bare: CardFacts = {
  model: {
    version: 3,
    runId: 9,
    aliases: [],
    createdAtMs: Date.UTC(2026, 10, 24),
    encoder: 'resnet-18',
    method: 'moco-v2',
    positivesFrom: null,
    simulated: false,
    erasedReadings: 0,
    erasedImages: 0,
    withdrawnReadings: 0,
    fileDeletedAtMs: null,
    evaluation: null,
    refusal: null,
    file: `models/${'a'.repeat(64)}.safetensors`,
    sha256: 'a'.repeat(64),
    parameters: 11_000_000,
    fileState: 'whole',
    appVersion: '0.1.0',
    engine: null,
    lineage: {
      readings: 0,
      images: 0,
      readers: [],
      imagesBy: [],
      sources: [],
      pairs: [],
      readingList: [],
    },
  },
  configuration: { ...demonstrationConfiguration, useGaze: false },
  engineReason: null,
  mined: [],
  history: [],
};

test('a card says research use only, and what is not known is said to be not known', () => {
  const card = describeModelCard(bare);
  assert.match(card, /^\*\*Research use only\. Not for diagnosis\.\*\*$/mu);
  assert.match(card, /^## Metrics\n\nNot evaluated\.$/mu);
  assert.match(card, /^- Images: not known$/mu);
  assert.match(card, /^- Engine: not known; Fovea 0\.1\.0$/mu);
  assert.match(card, /^Trained without gaze/mu);
  assert.doesNotMatch(card, /undefined|NaN|null/u);
  const { recipe, imageSide } = demonstrationConfiguration;
  assert.ok(card.includes(`\n- Pictures: ${wordPreprocessing(recipe, imageSide, imageSide)}\n`));
  for (const title of ['Intended use', 'Data', 'Recipe', 'Limitations', 'Lineage', 'Licence'])
    assert.match(card, new RegExp(`^## ${title}$`, 'mu'));
});

test('a card states data, simulated share, mining by chance, metrics with intervals and erasure', () => {
  const card = describeModelCard({
    ...bare,
    model: {
      ...bare.model,
      aliases: ['champion'],
      positivesFrom: 'multimatch',
      simulated: true,
      erasedReadings: 2,
      evaluation: {
        evaluationId: 9,
        evaluatedAtMs: Date.UTC(2026, 10, 24),
        classes: ['normal', 'suspicious'],
        labels: 'file',
        testPatients: 20,
        testImages: 40,
        simulated: true,
        metrics: [
          {
            method: 'linear-probe',
            metric: 'auc',
            figure: { value: 0.7213, low: 0.6, high: 0.8333 },
          },
        ],
      },
      lineage: {
        readings: 6,
        images: 8,
        readers: [
          { reader: null, readings: 2, simulated: 0, withdrawn: false },
          { reader: 'reader-1', readings: 4, simulated: 3, withdrawn: false },
        ],
        imagesBy: [
          { modality: 'MG', images: 6, simulated: 6 },
          { modality: null, images: 2, simulated: 0 },
        ],
        sources: [{ source: 'webgazer', readings: 1 }],
        pairs: [{ measure: 'multimatch', pairs: 12 }],
        readingList: [
          { readingId: 1, erased: true },
          { readingId: 2, erased: false },
        ],
      },
    },
    configuration: { ...demonstrationConfiguration, falsePositiveRate: 0.05 },
    mined: [
      {
        measure: 'multimatch',
        images: 8,
        compared: 28,
        found: 12,
        undefinedPairs: 0,
        agreement: null,
        groups: [
          {
            group: 'MG CC',
            threshold: 0.8125,
            falsePositiveRate: 0.048,
            compared: 28,
            found: 12,
            falseDiscoveryRate: 0.11,
            chancePairs: 4000,
            chanceCounts: [],
            chancePartCounts: [],
            pairCounts: [],
          },
        ],
      },
    ],
    history: [
      {
        alias: 'champion',
        version: 3,
        kind: 'promoted',
        by: 'Dr. *Ada*',
        changedAtMs: 0,
        reason: 'better\n## A title',
        shown: { championVersion: 2, championEvaluationId: 9, candidateEvaluationId: 9 },
      },
    ],
  });
  assert.match(card, /drawn by a program: 6 of 8 \(75 %\)/u);
  assert.match(card, /6 of 1 readers; gaze that no eye made .*: 3 of 6 \(50 %\)/u);
  assert.match(card, /^- Erased since: 2 readings, 0 images\. \*\*The weights still hold/mu);
  assert.match(card, /^\| multimatch \| MG CC \| 0\.813 \| 0\.048 \| 0\.110 \| 12 of 28 \|$/mu);
  assert.match(card, /^\| linear-probe \| AUC \| 0\.721 \| 0\.600 to 0\.833 \|$/mu);
  assert.match(card, /promoted by Dr\. \\\*Ada\\\*\. Reason: better \\#\\# A title/u);
  assert.match(card, /Readings by number: 1 \(erased\), 2, and 4 more/u);
  assert.doesNotMatch(card, /^## A title/mu);
});
