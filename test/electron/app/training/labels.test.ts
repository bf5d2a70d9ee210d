import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLabels } from '../../../../electron/app/training/labels.ts';
import { listAuditLines } from '../../../../shared/database/audit.ts';
import { listLabelledImages } from '../../../../shared/database/labels.ts';
import type { LabelImport, SplitOverview } from '../../../../shared/ipc/evaluation-answers.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { StationError } from '../../../../shared/station-error.ts';
import { openSmallStation, storeReading, walk } from '../../../fixtures/small-station.ts';

const everything = { modality: null, includeSimulated: true } as const;

test('labels of a file: every fault is named with its line and changes nothing', async (t) => {
  // Images 0 and 1 are of one patient.
  const station = await openSmallStation({
    images: 5,
    patientOf: (i) => `id:${Math.max(1, i)}|clinic`,
  });
  t.after(() => station.close());
  const { database, users } = station;
  const labels = createLabels({ database, userId: () => users.agreed, nowMs: () => 77 });
  const take = (file: string | Uint8Array, skipUnknown = false): LabelImport =>
    labels['labels.import']({
      name: 'labels.csv',
      base64: Buffer.from(file).toString('base64'),
      skipUnknown,
    }) as LabelImport;
  const failure = (file: string | Uint8Array): string => {
    try {
      take(file);
    } catch (error) {
      if (!(error instanceof StationError)) throw error;
      const { code, details } = error;
      assert.doesNotMatch(wordError(error), /\?|undefined/u, code);
      return `${code} ${JSON.stringify(details)}`;
    }
    return 'none';
  };

  await t.test('bad files', () => {
    const cases: readonly (readonly [string | Uint8Array, string])[] = [
      ['', 'labels-without-columns {"found":""}'],
      ['name,class\na,b', 'labels-without-columns {"found":"name, class"}'],
      ['file,label\n0.png,a\n1.png', 'labels-malformed-line {"line":3}'],
      ['file,label\n0.png,\n', 'labels-malformed-line {"line":2}'],
      ['file,label\n0.png,a\n9.png,b\n8.png,b', 'labels-unknown-image {"line":3,"count":2}'],
      ['file,label\n0.png,a\n1.png,b\n0.png,a', 'labels-duplicate {"first":2,"line":4}'],
      ['file,label\n0.png,a\n1.png,b\n0.png,b', 'labels-conflict {"first":2,"line":4}'],
      ['file,label\n0.png,a\n1.png,a', 'labels-one-class {"class":"a"}'],
      ['file,label\n', 'labels-one-class {"class":""}'],
      [Uint8Array.of(0x66, 0xe4, 0x0a), 'labels-wrong-encoding {}'],
      [Buffer.from('\ufefffile,label\n0.png,a', 'utf16le'), 'labels-wrong-encoding {}'],
      [Buffer.from('file,label\n0.png,a', 'utf16le'), 'labels-wrong-encoding {}'],
    ];
    for (const [file, expected] of cases) assert.equal(failure(file), expected);
    assert.equal(database.prepare('SELECT count(*) FROM label_set').pluck().get(), 0);
    assert.equal(listAuditLines(database, 10).length, 0);
  });

  await t.test('a good file is stored with its hash and an audit line', () => {
    const file = '\ufeffFile;Label\r\n"folder\\0.png";"b ""x"""\r\n2.png;a\r\n\r\n9.png;a\r\n';
    const { labelSetId, ...counts } = take(file, true);
    assert.deepEqual(counts, {
      images: 2,
      classes: [
        { label: 'a', images: 1 },
        { label: 'b "x"', images: 1 },
      ],
      skipped: 1,
    });
    const [line] = listAuditLines(database, 10);
    assert.equal(line?.action, 'labels.import');
    assert.deepEqual([line.atMs, line.userId], [77, users.agreed]);
    const { images, source } = listLabelledImages(database, everything);
    assert.deepEqual(
      images.map(({ imageId, label }) => [imageId, label]),
      [
        [1, 'b "x"'],
        [3, 'a'],
      ],
    );
    assert.ok(source.kind === 'file');
    assert.deepEqual(
      [source.labelSetId, source.fileSha256],
      [labelSetId, line.details['fileSha256']],
    );
  });

  await t.test('a patient’s label is that of all images; the newest file counts', () => {
    take('patient,label\n1,a\n3,b');
    const { images } = listLabelledImages(database, everything);
    assert.deepEqual(
      images.map(({ imageId, label }) => [imageId, label]),
      [
        [1, 'a'],
        [2, 'a'],
        [4, 'b'],
      ],
    );
    const overview = labels['split.overview']({}) as SplitOverview;
    assert.deepEqual(overview.parts.train, { patients: 4, images: 5 });
    assert.deepEqual(overview.labelled.train.patientsByClass, [1, 1]);
    assert.deepEqual(overview.labelled.test.images, 0);
  });
});

test('without a file the newest assessment of the study counts, a person’s before a program’s', async (t) => {
  const station = await openSmallStation({ images: 2 });
  t.after(() => station.close());
  const { database, users } = station;
  const read = (image: number, userId: number, assessment: string): void => {
    const reading = storeReading(database, {
      imageId: image,
      studyId: image,
      userId,
      source: 'simulated',
      places: walk(1, 1),
    });
    database.prepare('UPDATE reading SET assessment = ? WHERE id = ?').run(assessment, reading);
  };
  const labelled = (includeSimulated: boolean): unknown[] =>
    listLabelledImages(database, { modality: null, includeSimulated }).images.map(
      ({ imageId, label, simulatedLabel }) => [imageId, label, simulatedLabel],
    );
  assert.deepEqual(labelled(true), []);
  read(1, users.agreed, 'suspicious');
  read(1, users.simulated, 'normal');
  read(2, users.simulated, 'benign');
  assert.deepEqual(labelled(true), [
    [1, 'suspicious', false],
    [2, 'not suspicious', true],
  ]);
  assert.deepEqual(labelled(false), [[1, 'suspicious', false]]);
  read(1, users.agreed, 'normal');
  assert.deepEqual(labelled(false), [[1, 'not suspicious', false]]);
});
