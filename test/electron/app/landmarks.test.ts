import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLandmarks } from '../../../electron/app/landmarks.ts';
import { noLandmarks } from '../../../shared/gaze/landmarks.ts';
import { StationError } from '../../../shared/station-error.ts';
import { addReader, addStudy, openIn, temporaryFolder } from '../../fixtures/station-rows.ts';

test('a mark names who made it, and one beside the image or on no image is refused', (t) => {
  const database = openIn(temporaryFolder(t));
  const userId = addReader(database);
  const [imageId = 0] = addStudy(database, 'one').imageIds;
  const handlers = createLandmarks({ database, userId: () => userId, nowMs: () => 77 });
  const mark = handlers['image.mark-landmark'];
  const disc = { imageId, kind: 'disc' } as const;
  assert.deepEqual(mark({ ...disc, place: { x: 99.5, y: -0.5 } }), {
    disc: { x: 99.5, y: -0.5 },
    fovea: null,
  });
  assert.deepEqual(database.prepare('SELECT user_id, marked_at_ms FROM image_landmark').all(), [
    { user_id: userId, marked_at_ms: 77 },
  ]);
  const fails = (code: string) => (error: unknown) =>
    error instanceof StationError && error.code === code;
  for (const place of [
    { x: 99.6, y: 0 },
    { x: 0, y: 79.6 },
    { x: Number.NaN, y: 0 },
  ])
    assert.throws(() => mark({ ...disc, place }), fails('invalid-input'));
  assert.throws(() => mark({ ...disc, imageId: 99, place: null }), fails('not-found'));
  assert.throws(() => handlers['image.landmarks']({ imageId: 99 }), fails('not-found'));
  assert.deepEqual(mark({ ...disc, place: null }), noLandmarks);
  database.close();
});
