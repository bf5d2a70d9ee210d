import assert from 'node:assert/strict';
import { test } from 'node:test';
import dicomParser from 'dicom-parser';
import { deriveUid } from '../../../../electron/app/demonstration/derive-uid.ts';
import { makePhantomStudies } from '../../../../electron/app/demonstration/phantom-studies.ts';
import { inspectImage } from '../../../../electron/app/import/inspect-image.ts';
import { renderPhantom } from '../../../../shared/imaging/phantom.ts';

const uidPattern = /^2\.25\.(?:0|[1-9]\d{0,38})$/u;

test('the library has six women, two of them with a prior, four views each', () => {
  const studies = makePhantomStudies(1);
  const byPatient = Map.groupBy(studies, ({ patientId }) => patientId);
  assert.deepEqual(
    [...byPatient.values()].map((list) => list.length),
    [2, 2, 1, 1, 1, 1],
  );
  for (const [prior, current] of byPatient.values())
    if (current !== undefined) assert.ok((prior?.studyDate ?? '') < current.studyDate);
  assert.ok(studies.every(({ pictures }) => pictures.length === 4));
});

test('every UID is valid and used once', () => {
  const studies = makePhantomStudies(1);
  const uids = studies.map(({ studyUid }) => studyUid);
  assert.ok(uids.every((uid) => uidPattern.test(uid)));
  assert.equal(new Set(uids).size, uids.length);
  assert.notDeepEqual(makePhantomStudies(2)[0]?.studyUid, uids[0]);
  for (let i = 0; i < 2000; i += 1) assert.match(deriveUid('word', i), uidPattern);
});

test('the same seed writes the same bytes', () => {
  const write = () => makePhantomStudies(1)[0]?.pictures[1]?.write();
  assert.deepEqual(write(), write());
});

test('a phantom is a valid mammogram that says SIMULATED and holds the pixels that were drawn', () => {
  const [study] = makePhantomStudies(1);
  assert.ok(study);
  for (const { view, write, name } of study.pictures) {
    const bytes = write();
    const set = dicomParser.parseDicom(bytes);
    const expected: Readonly<Record<string, string>> = {
      x00020010: '1.2.840.10008.1.2.1',
      x00080016: '1.2.840.10008.5.1.4.1.1.1.2',
      x00080060: 'MG',
      x00080068: 'FOR PRESENTATION',
      x00100010: 'Demonstration^Phantom 01',
      x0008103e: `SIMULATED ${view.laterality} ${view.viewPosition}`,
      x00181164: '0.28\\0.28',
      x00185101: view.viewPosition,
      x00200062: view.laterality,
      x00280004: 'MONOCHROME2',
      x00281050: '1400',
      x00281051: '2800',
      x00080018: set.string('x00020003') ?? '',
    };
    for (const [tag, value] of Object.entries(expected)) assert.equal(set.string(tag), value, tag);
    assert.match(set.string('x00204000') ?? '', /^SIMULATED/u);
    assert.deepEqual(
      ['x00280100', 'x00280101', 'x00280102', 'x00280103'].map((tag) => set.uint16(tag)),
      [16, 12, 11, 0],
    );
    const orientation = `${view.laterality}${view.viewPosition}`;
    const orientations: Readonly<Record<string, string>> = {
      RCC: 'P\\L',
      LCC: 'A\\R',
      RMLO: 'P\\FL',
      LMLO: 'A\\FR',
    };
    assert.equal(set.string('x00200020'), orientations[orientation]);
    const drawn = renderPhantom(study.woman, view);
    const pixels = set.elements['x7fe00010'];
    assert.ok(pixels);
    const stored = bytes.slice(pixels.dataOffset, pixels.dataOffset + pixels.length);
    assert.deepEqual(new Uint16Array(stored.buffer), drawn.pixels);
    const { study: found, image } = inspectImage(bytes, name);
    assert.deepEqual(
      [found.modality, found.simulated, found.patient, image.laterality, image.viewPosition],
      ['MG', true, 'Demonstration Phantom 01', view.laterality, view.viewPosition],
    );
    assert.deepEqual([image.rows, image.columns, image.simulated], [832, 640, true]);
  }
});
