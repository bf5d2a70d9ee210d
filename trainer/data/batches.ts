import { createRandom, type Random, shuffle } from '../../shared/random.ts';
import type { ViewPair } from '../methods/method.ts';
import { writeView } from './augmentations.ts';

/** Images ready for training: three planes `[3, side, side]` in [0, 1] by image id. */
export type ImageCache = ReadonlyMap<number, Float32Array>;

/** The generator of one epoch: any epoch can be repeated without those before it. */
export function epochRandom(seed: number, epoch: number): Random {
  return createRandom((Math.imul(epoch + 1, 0x9e3779b1) ^ seed) >>> 0);
}

/** Steps of an epoch: whole batches only. */
export const stepsPerEpoch = (images: number, batchImages: number): number =>
  Math.floor(images / batchImages);

/** The batches of one epoch, each of two views; the arrays are reused by the next batch. */
export function* epochBatches(
  cache: ImageCache,
  side: number,
  batchImages: number,
  random: Random,
): Generator<ViewPair, void> {
  const order = shuffle([...cache.keys()], random);
  const size = 3 * side * side;
  const view1 = new Float32Array(batchImages * size);
  const view2 = new Float32Array(batchImages * size);
  for (let start = 0; start + batchImages <= order.length; start += batchImages) {
    const imageIds = order.slice(start, start + batchImages);
    for (const [i, imageId] of imageIds.entries()) {
      const image = cache.get(imageId);
      if (image === undefined) throw new Error(`Image ${imageId} is not in the cache.`);
      writeView(image, side, random, view1, i * size);
      writeView(image, side, random, view2, i * size);
    }
    yield { imageIds, view1, view2 };
  }
}
