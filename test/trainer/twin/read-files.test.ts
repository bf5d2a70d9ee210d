import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { StationError } from '../../../shared/station-error.ts';
import { decodePgm } from '../../../trainer/twin/decode-pgm.ts';
import { lostShareOf, readGaze, toImageGaze } from '../../../trainer/twin/read-gaze.ts';
import { ImageFolder } from '../../../trainer/twin/read-images.ts';
import { readLabels } from '../../../trainer/twin/read-labels.ts';
import { splitByPatient } from '../../../trainer/twin/split-patients.ts';
import { writeMadeUpFiles } from '../../fixtures/twin-files.ts';

function openFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-twin-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Asserts that something fails for this place and for a reason that says this. */
async function assertBad(work: Promise<unknown>, place: string, reason: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof StationError);
    assert.equal(error.code, 'invalid-input');
    assert.equal(error.details['field'], place);
    assert.match(String(error.details['problem']), reason);
    return true;
  });
}

test('labels find their images with and without an ending, by whatever separator', async (t) => {
  const folder = openFolder(t);
  const { images } = writeMadeUpFiles(folder);
  const opened = await ImageFolder.open(images);
  const file = path.join(folder, 'other.csv');
  writeFileSync(
    file,
    '\uFEFFFile Name;Class;Subject;Side\nmade-up-00.pgm;a;"p;1";left\nmade-up-01;b;p2;R\nnot-there;b;p3;R\n',
  );
  const { images: found, labels, missing, patientsKnown } = await readLabels(file, opened);
  assert.deepEqual(
    found.map((image) => [image.file, image.label, image.patient, image.laterality]),
    [
      ['made-up-00.pgm', 'a', 'p;1', 'L'],
      ['made-up-01.pgm', 'b', 'p2', 'R'],
    ],
  );
  assert.deepEqual([labels, missing, patientsKnown], [['a', 'b'], ['not-there'], true]);
});

test('a mark of the byte order, line ends of Windows and rows that stand twice change nothing', async (t) => {
  const folder = openFolder(t);
  const opened = await ImageFolder.open(writeMadeUpFiles(folder).images);
  const file = path.join(folder, 'labels.csv');
  writeFileSync(file, 'image,label,patient\nmade-up-00,lésion,p1\nmade-up-01,b,p2\n');
  const plain = await readLabels(file, opened);
  assert.equal(plain.images[0]?.label, 'lésion');
  writeFileSync(
    file,
    '\uFEFF"image";"label";"patient"\r\n\r\nmade-up-00;lésion;p1\r\nmade-up-01;b;p2\r\nmade-up-00;lésion;p1\r\n',
  );
  assert.deepEqual(await readLabels(file, opened), plain);
});

test('a bad table is refused with its place and what is wrong there', async (t) => {
  const folder = openFolder(t);
  const opened = await ImageFolder.open(writeMadeUpFiles(folder).images);
  const file = path.join(folder, 'bad.csv');
  const labelsOf = (text: string) => {
    writeFileSync(file, text);
    return readLabels(file, opened);
  };
  await assertBad(labelsOf('picture,label\na,b\n'), 'bad.csv, line 1', /no column "image"/u);
  await assertBad(labelsOf('image,label\nmade-up-00\n'), 'bad.csv, line 2', /1 fields/u);
  await assertBad(labelsOf('image,label\nmade-up-00,\n'), 'bad.csv, line 2', /no label/u);
  await assertBad(
    labelsOf('image,label\nmade-up-00,a\nmade-up-00,b\n'),
    'bad.csv, line 3',
    /made-up-00 stands in line 2 already/u,
  );
  await assertBad(labelsOf('image,label\nmade-up-00,a\n'), 'bad.csv', /same label/u);
  await assertBad(labelsOf(''), 'bad.csv', /empty/u);
  writeFileSync(file, 'image,x,y,time_ms\na,left,2,0\n');
  await assertBad(readGaze(file), 'bad.csv, line 2', /x is "left"/u);
  writeFileSync(file, 'image,x,y\na,1,2\n');
  await assertBad(readGaze(file), 'bad.csv, line 2', /no time/u);
  await assert.rejects(readGaze(path.join(folder, 'nowhere.csv')), { code: 'file-missing' });
});

test('samples without a place are lost, times are milliseconds, and fixations come out', async (t) => {
  const folder = openFolder(t);
  const file = path.join(folder, 'gaze.csv');
  const rows = Array.from({ length: 20 }, (_, k) => `a,${k * 0.02},${k === 3 ? 'NaN' : 10},12`);
  writeFileSync(file, `image,time_s,x,y\n${rows.join('\n')}\n`);
  const [track] = await readGaze(file);
  assert.ok(track);
  assert.equal(lostShareOf(track), 1 / 20);
  const gaze = toImageGaze(track, 1, { columns: 100, rows: 100 }, 10);
  assert.equal(gaze.points.length, 19);
  assert.equal(gaze.fixations.length, 1);
  assert.ok(Math.abs((gaze.fixations[0]?.durationMs ?? 0) - 400) < 1e-6);
  assert.deepEqual([gaze.fixations[0]?.x, gaze.fixations[0]?.y], [10, 12]);
});

test('rows with a duration are fixations as they stand', async (t) => {
  const file = path.join(openFolder(t), 'fixations.csv');
  writeFileSync(
    file,
    'image,time_ms,x,y,duration_ms\na,0,5,5,200\na,300,50,5,100\na,500,500,5,90\n',
  );
  const [track] = await readGaze(file);
  assert.ok(track);
  const gaze = toImageGaze(track, 1, { columns: 100, rows: 100 }, undefined);
  assert.deepEqual(
    gaze.fixations.map(({ x, durationMs }) => [x, durationMs]),
    [
      [5, 200],
      [50, 100],
    ],
  );
  assert.equal(gaze.beside, 1);
});

test('a row of gaze that stands twice counts once: rate and durations stay', async (t) => {
  const file = path.join(openFolder(t), 'twice.csv');
  const rows = Array.from({ length: 60 }, (_, k) => `a,${k * 16},${k < 30 ? 10 : 60},12`);
  writeFileSync(file, ['image,time_ms,x,y', ...rows].join('\n'));
  const plain = await readGaze(file);
  for (const twice of [rows.flatMap((row) => [row, row]), [...rows, ...rows]]) {
    writeFileSync(file, ['image,time_ms,x,y', ...twice].join('\n'));
    assert.deepEqual(await readGaze(file), plain);
  }
});

test('a fixation without a duration among others that have one is refused', async (t) => {
  const file = path.join(openFolder(t), 'fixations.csv');
  const head = 'image,time_ms,x,y,duration_ms\n';
  writeFileSync(file, `${head}a,0,5,5,200\na,300,50,5,\n`);
  await assertBad(readGaze(file), 'fixations.csv, line 3', /no duration_ms/u);
  // What is lost has none, and a reader who has samples alone needs none.
  writeFileSync(file, `${head}a,0,5,5,200\na,300,,,\nb,0,5,5,\nb,20,5,5,\n`);
  assert.equal((await readGaze(file)).length, 2);
});

test('grey maps are read in both kinds and depths; a short one is refused', () => {
  const plain = decodePgm(Buffer.from('P2\n# a comment\n2 1\n7\n0 7\n'));
  assert.deepEqual([plain.width, plain.height, [...plain.values]], [2, 1, [0, 7]]);
  const deep = decodePgm(Buffer.from([...Buffer.from('P5 1 1 65535\n'), 1, 2]));
  assert.deepEqual([...deep.values], [258]);
  assert.throws(() => decodePgm(Buffer.from('P5 4 4 255\nab')), /ends too early/u);
});

test('images of one patient lie in one part, the same whatever else there is', () => {
  const images = Array.from({ length: 200 }, (_, k) => ({ k, patient: `p${Math.floor(k / 2)}` }));
  const { train, test: held } = splitByPatient(images, 0.4);
  const patients = new Set(train.map(({ patient }) => patient));
  assert.ok(held.every(({ patient }) => !patients.has(patient)));
  assert.ok(held.length > 40 && held.length < 120);
  const fewer = splitByPatient(images.slice(0, 50), 0.4).test;
  assert.deepEqual(
    fewer,
    held.filter(({ k }) => k < 50),
  );
});
