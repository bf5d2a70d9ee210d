import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hangStudy } from '../../../renderer/viewer/hanging.ts';
import type { Modality } from '../../../shared/imaging/study.ts';
import type { StudyImage } from '../../../shared/ipc/answers.ts';

let ids = 0;
const image = (laterality: 'R' | 'L' | null, viewPosition: string | null = null): StudyImage => ({
  imageId: (ids += 1),
  url: '',
  format: 'dicom',
  laterality,
  viewPosition,
  rows: 1,
  columns: 1,
  frames: 1,
  transferSyntax: null,
  simulated: false,
  attribution: '',
});

/** Each page as "laterality view anchor" of its panes. */
const hang = (modality: Modality, images: readonly StudyImage[]): string[][] =>
  hangStudy(modality, images).map(({ panes }) =>
    panes.map(({ image: each, anchor }) =>
      [each.laterality ?? '-', each.viewPosition ?? '-', anchor].join(' '),
    ),
  );

test('four mammograms hang as if the patient stood before the reader, whatever their order', () => {
  const images = [image('L', 'MLO'), image('L', 'CC'), image('R', 'MLO'), image('R', 'CC')];
  const wanted = [['R CC right', 'L CC left', 'R MLO right', 'L MLO left']];
  assert.deepEqual(hang('MG', images), wanted);
  assert.deepEqual(hang('MG', images.toReversed()), wanted);
  assert.equal(hangStudy('MG', images)[0]?.columns, 2);
});

test('a view that was taken twice hangs on a page after the full set', () => {
  const images = [
    image('R', 'CC'),
    image('R', 'CC'),
    image('L', 'CC'),
    image('R', 'MLO'),
    image('L', 'MLO'),
  ];
  const pages = hang('MG', images);
  assert.deepEqual(pages, [
    ['R CC right', 'L CC left', 'R MLO right', 'L MLO left'],
    ['R CC right'],
  ]);
});

test('two eyes hang beside each other, R left, and are not anchored', () => {
  assert.deepEqual(hang('OP', [image('L'), image('R')]), [['R - centre', 'L - centre']]);
});

test('one image, and images without a side, hang alone', () => {
  assert.deepEqual(hang('OP', [image('R')]), [['R - centre']]);
  assert.deepEqual(hang('OT', [image('R'), image('L')]), [['R - centre'], ['L - centre']]);
  assert.deepEqual(hang('MG', [image(null), image(null)]), [['- - centre'], ['- - centre']]);
});

test('every image hangs exactly once and no page is empty', () => {
  for (let n = 0; n < 40; n += 1) {
    const images = Array.from({ length: n % 11 }, (_, i) =>
      image(
        ([null, 'R', 'L'] as const)[(i * 7 + n) % 3] ?? null,
        [null, 'CC', 'MLO', 'ML'][(i + n) % 4],
      ),
    );
    const pages = hangStudy('MG', images);
    const shown = pages.flatMap(({ panes }) => panes.map((pane) => pane.image.imageId));
    assert.deepEqual(
      shown.toSorted((a, b) => a - b),
      images.map(({ imageId }) => imageId),
    );
    assert.ok(pages.every(({ panes }) => panes.length > 0 && panes.length <= 4));
  }
});
