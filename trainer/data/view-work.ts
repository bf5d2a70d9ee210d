import { createRandom, type Random } from '../../shared/random.ts';
import type { StationErrorCode, StationErrorDetails } from '../../shared/station-error.ts';
import { type CachedImage, type ImageCache, readPrepared } from './image-cache.ts';
import { makeView } from './make-view.ts';
import { writeNormalised } from './normalise.ts';
import { recipes } from './recipes.ts';
import type { StoredImage } from './stored-image.ts';

/** Both views of some images; seeds 2 i and 2 i + 1 are those of image i's first and second view. */
export type ViewJob = {
  readonly images: readonly CachedImage[];
  readonly seeds: Uint32Array;
};

/** What a thread is asked: a job, and arrays to write `[image, 3, height, width]` to. */
export type ViewCommand = {
  readonly id: number;
  readonly job: ViewJob;
  readonly view1: Float32Array<ArrayBuffer>;
  readonly view2: Float32Array<ArrayBuffer>;
};

/** What a thread answers: the same arrays, or why there are none. */
export type ViewAnswer =
  | Omit<ViewCommand, 'job'>
  | {
      readonly id: number;
      readonly failure: {
        readonly code: StationErrorCode;
        readonly details: StationErrorDetails;
      };
    };

/** Values of one view. */
export const viewLength = ({ format }: Pick<ImageCache, 'format'>): number =>
  3 * format.height * format.width;

/** Draws one view of a prepared picture and writes it normalised. */
function drawView(
  { format: { recipe, height, width } }: ImageCache,
  { laterality }: CachedImage,
  stored: StoredImage,
  random: Random,
  target: Float32Array,
  offset: number,
): void {
  const shape = { height, width, sideKnown: laterality !== null };
  writeNormalised(makeView(stored, recipes[recipe], shape, random), target, offset);
}

/**
 * Writes one view of an image by the cache's recipe, normalised `[3, height, width]`, to `target` at `offset`; all
 * chance is `random`'s. Throws StationError prepared-image-lost.
 */
export function writeView(
  cache: ImageCache,
  image: CachedImage,
  random: Random,
  target: Float32Array,
  offset: number,
): void {
  drawView(cache, image, readPrepared(cache, image), random, target, offset);
}

/** Makes the views of a job. What comes out depends on its seeds alone. Throws StationError prepared-image-lost. */
export function makeViews(
  cache: ImageCache,
  { images, seeds }: ViewJob,
  view1: Float32Array,
  view2: Float32Array,
): void {
  const length = viewLength(cache);
  for (const [i, image] of images.entries()) {
    const stored = readPrepared(cache, image);
    for (const [k, target] of [view1, view2].entries())
      drawView(cache, image, stored, createRandom(seeds[2 * i + k] ?? 0), target, i * length);
  }
}
