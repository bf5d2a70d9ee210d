import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UsableReading } from '../../../shared/database/snapshot.ts';
import { findMeasure } from '../../../shared/gaze/similarity/station-measures.ts';
import type { Assessment } from '../../../shared/imaging/study.ts';
import { measureAgreement } from '../../../trainer/mining/assessment-agreement.ts';
import { randomCases } from '../../fixtures/chance-check.ts';
import { miningOptions, signCases } from '../../fixtures/mining.ts';

const { cases, images } = randomCases(40);
const options = miningOptions('multimatch', cases);

const readings = (assessmentOf: (i: number) => Assessment): UsableReading[] =>
  cases.map(({ readingId }, i) => ({
    readingId,
    recordingId: readingId,
    simulated: true,
    readerId: 1,
    assessment: assessmentOf(i),
  }));

test('images looked at alike that have one assessment show in the agreement, beside its shuffled control', async () => {
  // Two ways of looking, each with its own assessment.
  const two = cases.map((each, i) => ({ ...each, gaze: (cases[i % 2] ?? each).gaze }));
  const found = await measureAgreement(
    signCases(findMeasure('multimatch'), two),
    images,
    readings((i) => (i % 2 === 0 ? 'normal' : 'suspicious')),
    options,
  );
  assert.ok(found !== undefined);
  assert.equal(found.pairs, (40 * 39) / 2);
  assert.equal(found.auc.value, 1);
  assert.ok(found.controlAuc.high < 0.7 && found.pValue < 0.01);
});

test('unrelated assessments agree as by chance; one assessment for all says nothing', async () => {
  const signed = signCases(findMeasure('multimatch'), cases);
  const chance = await measureAgreement(
    signed,
    images,
    readings((i) => (['normal', 'benign', 'suspicious'] as const)[(i * 7) % 3] ?? 'normal'),
    options,
  );
  assert.ok(chance !== undefined);
  assert.ok(chance.auc.value > chance.controlAuc.low && chance.auc.value < chance.controlAuc.high);
  assert.equal(
    await measureAgreement(
      signed,
      images,
      readings(() => 'normal'),
      options,
    ),
    undefined,
  );
});

test('of several readings of an image the newest assessment counts', async () => {
  const twice = cases.map((each, i) => ({ ...each, imageId: i % 20 }));
  const signed = signCases(findMeasure('multimatch'), twice);
  const of = (assess: (i: number) => Assessment) =>
    measureAgreement(signed, images, readings(assess), options);
  const half = (i: number): Assessment => (i % 20 < 10 ? 'normal' : 'benign');
  assert.deepEqual(await of((i) => (i < 20 ? 'suspicious' : half(i))), await of(half));
});
