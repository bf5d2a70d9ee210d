import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFrames, listLandmarks } from '../../../shared/database/landmarks.ts';
import { removeLandmark, setLandmark } from '../../../shared/database/mark-landmark.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { insertReading } from '../../../shared/database/readings.ts';
import { insertSignatures, listDescribed } from '../../../shared/database/signatures.ts';
import { listSnapshotImages } from '../../../shared/database/snapshot.ts';
import { noLandmarks } from '../../../shared/gaze/landmarks.ts';
import { addReader, addStudy, openIn, temporaryFolder } from '../../fixtures/station-rows.ts';

function setUp(t: { after: (end: () => void) => void }) {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database, 'Simulated reader', 1);
  const { studyId, imageIds } = addStudy(database, 'one', { images: 2 });
  const [imageId = 0, otherId = 0] = imageIds;
  return { database, userId, studyId, imageId, otherId };
}

const kind = { measure: 'difference-hash', version: '1' };

/** Readings of which each has looked at one image, described. */
function describeReadings(
  database: WriteDatabase,
  ids: { readonly userId: number; readonly studyId: number },
  imageIds: readonly number[],
): readonly number[] {
  return imageIds.map((imageId) => {
    const readingId = insertReading(database, {
      ...ids,
      state: 'finished',
      startedAtMs: 1,
      endedAtMs: 2,
      assessment: 'normal',
      note: '',
    });
    const signatures = [{ imageId, signature: Uint8Array.of(1) }];
    const frames = findFrames(database, [imageId]);
    insertSignatures(database, kind, [{ readingId, lostShare: 0, signatures, frames }]);
    return readingId;
  });
}

test('landmarks of an image are kept, replaced and taken back, and a run sees them', (t) => {
  const { database, userId, imageId, otherId } = setUp(t);
  const by = { userId, markedAtMs: 5 };
  assert.deepEqual(listLandmarks(database, imageId), noLandmarks);
  setLandmark(database, { imageId, kind: 'disc' }, { x: 10, y: 20 }, by);
  setLandmark(database, { imageId, kind: 'disc' }, { x: 11, y: 20.5 }, by);
  setLandmark(database, { imageId, kind: 'fovea' }, { x: 60, y: 30 }, by);
  const both = { disc: { x: 11, y: 20.5 }, fovea: { x: 60, y: 30 } };
  assert.deepEqual(listLandmarks(database, imageId), both);
  const images = listSnapshotImages(database, { modality: null, includeSimulated: true });
  assert.deepEqual(
    images.map((image) => [image.imageId, image.landmarks]),
    [
      [imageId, both],
      [otherId, noLandmarks],
    ],
  );
  removeLandmark(database, { imageId, kind: 'disc' });
  assert.deepEqual(listLandmarks(database, imageId), { ...both, disc: null });
  database.close();
});

test('marking an image or taking a mark back forgets the signatures of gaze on it alone', (t) => {
  const { database, userId, studyId, imageId, otherId } = setUp(t);
  const [, unconcerned] = describeReadings(database, { userId, studyId }, [imageId, otherId]);
  const described = (): number[] => [...listDescribed(database, kind).keys()];
  setLandmark(
    database,
    { imageId, kind: 'disc' },
    { x: 10, y: 20 },
    {
      userId,
      markedAtMs: 5,
    },
  );
  assert.deepEqual(described(), [unconcerned]);
  const [again] = describeReadings(database, { userId, studyId }, [imageId]);
  removeLandmark(database, { imageId, kind: 'fovea' });
  assert.deepEqual(described(), [unconcerned, again], 'there was no such mark');
  removeLandmark(database, { imageId, kind: 'disc' });
  assert.deepEqual(described(), [unconcerned]);
  database.close();
});

test('signatures made before an image was marked otherwise are not stored', (t) => {
  const { database, userId, studyId, imageId } = setUp(t);
  const by = { userId, markedAtMs: 5 };
  const disc = { imageId, kind: 'disc' } as const;
  const [readingId = 0] = describeReadings(database, { userId, studyId }, [imageId]);
  const store = (frames: string): boolean => {
    const signatures = [{ imageId, signature: Uint8Array.of(1) }];
    insertSignatures(database, kind, [{ readingId, lostShare: 0, signatures, frames }]);
    return listDescribed(database, kind).has(readingId);
  };
  const unmarked = findFrames(database, [imageId]);
  assert.equal(unmarked, '');
  setLandmark(database, disc, { x: 10, y: 20.1 }, by);
  const marked = findFrames(database, [imageId]);
  assert.equal(store(unmarked), false);
  setLandmark(database, disc, { x: 10, y: 20.2 }, by);
  assert.equal(store(marked), false);
  assert.equal(store(findFrames(database, [imageId])), true);
  removeLandmark(database, disc);
  assert.equal(store(marked), false);
  assert.equal(store(''), true);
  database.close();
});
