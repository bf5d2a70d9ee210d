import {
  type ImageLandmarks,
  type LandmarkKind,
  nameFrames,
  noLandmarks,
} from '../gaze/landmarks.ts';
import type { ImagePoint } from '../gaze/points.ts';
import type { ReadDatabase } from './open.ts';

/** Landmarks of an image. */
export function listLandmarks(database: ReadDatabase, imageId: number): ImageLandmarks {
  const rows = database
    .prepare('SELECT kind, x, y FROM image_landmark WHERE image_id = ?')
    .all(imageId) as readonly (ImagePoint & { readonly kind: LandmarkKind })[];
  return rows.reduce(
    (marked, { kind, x, y }): ImageLandmarks => ({ ...marked, [kind]: { x, y } }),
    noLandmarks,
  );
}

/** `nameFrames` of these images as they are marked now. */
export function findFrames(database: ReadDatabase, imageIds: readonly number[]): string {
  return nameFrames(new Map(imageIds.map((id) => [id, listLandmarks(database, id)])));
}
