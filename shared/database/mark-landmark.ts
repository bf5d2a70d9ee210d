import type { LandmarkKind } from '../gaze/landmarks.ts';
import type { ImagePoint } from '../gaze/points.ts';
import type { WriteDatabase } from './open.ts';
import { deleteSignaturesOfImage } from './signatures.ts';

/** A place on an image and what it is. */
export type MarkedImage = { readonly imageId: number; readonly kind: LandmarkKind };

/** Marks a landmark in the place of an earlier one; signatures of gaze on the image are forgotten. */
export function setLandmark(
  database: WriteDatabase,
  { imageId, kind }: MarkedImage,
  { x, y }: ImagePoint,
  by: { readonly userId: number; readonly markedAtMs: number },
): void {
  database.transaction(() => {
    database
      .prepare(
        `INSERT OR REPLACE INTO image_landmark (image_id, kind, x, y, user_id, marked_at_ms)
         VALUES (@imageId, @kind, @x, @y, @userId, @markedAtMs)`,
      )
      .run({ imageId, kind, x, y, ...by });
    deleteSignaturesOfImage(database, imageId);
  })();
}

/** Takes a landmark back; signatures of gaze on the image are forgotten. */
export function removeLandmark(database: WriteDatabase, { imageId, kind }: MarkedImage): void {
  database.transaction(() => {
    const { changes } = database
      .prepare('DELETE FROM image_landmark WHERE image_id = ? AND kind = ?')
      .run(imageId, kind);
    if (changes > 0) deleteSignaturesOfImage(database, imageId);
  })();
}
