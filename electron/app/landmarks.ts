import { findImage } from '../../shared/database/images.ts';
import { listLandmarks } from '../../shared/database/landmarks.ts';
import { removeLandmark, setLandmark } from '../../shared/database/mark-landmark.ts';
import type { WriteDatabase } from '../../shared/database/open.ts';
import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';
import { StationError } from '../../shared/station-error.ts';

type LandmarksOptions = {
  readonly database: WriteDatabase;
  /** The person in front of the station. */
  readonly userId: () => number;
  readonly nowMs: () => number;
};

/** Places that people mark on images. Throws StationError not-found, invalid-input for a place beside the image. */
export function createLandmarks({
  database,
  userId,
  nowMs,
}: LandmarksOptions): SomeHandlers<'image.landmarks' | 'image.mark-landmark'> {
  const sizeOf = (imageId: number): { readonly columns: number; readonly rows: number } => {
    const image = findImage(database, imageId);
    if (image === undefined) throw new StationError('not-found', { what: 'image' });
    return image;
  };
  return {
    'image.landmarks': ({ imageId }) => {
      sizeOf(imageId);
      return listLandmarks(database, imageId);
    },
    'image.mark-landmark': ({ imageId, kind, place }) => {
      const { columns, rows } = sizeOf(imageId);
      if (place === null) removeLandmark(database, { imageId, kind });
      else {
        const { x, y } = place;
        if (!(x >= -0.5 && y >= -0.5 && x <= columns - 0.5 && y <= rows - 0.5))
          throw new StationError('invalid-input', {
            request: 'image.mark-landmark',
            field: 'place',
            problem: 'the place lies beside the image',
          });
        const by = { userId: userId(), markedAtMs: nowMs() };
        setLandmark(database, { imageId, kind }, place, by);
      }
      return listLandmarks(database, imageId);
    },
  };
}
