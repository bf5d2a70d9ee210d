import type { NewImage } from '../../../shared/database/images.ts';
import type { NewStudy } from '../../../shared/database/studies.ts';

/** What a file says of itself, before it is stored. */
export type InspectedImage = {
  readonly study: Omit<NewStudy, 'demonstration'>;
  readonly image: Omit<NewImage, 'sha256' | 'fileBytes' | 'originalName' | 'attribution'>;
};

/** A picture wider or higher is refused: no viewer or trainer step can hold it. */
export const largestSidePx = 16_384;

/** Largest number of pixels of a picture. */
export const largestPixels = 120_000_000;

/** Largest file, bytes. */
export const largestFileBytes = 1024 ** 3;
