import { createRandom, type Random, shuffle } from '../../shared/random.ts';
import type { ViewPair } from '../methods/method.ts';
import type { Views, ViewLoader } from './view-loader.ts';

/** The generator of one epoch: any epoch can be repeated without those before it. */
export function epochRandom(seed: number, epoch: number): Random {
  return createRandom((Math.imul(epoch + 1, 0x9e3779b1) ^ seed) >>> 0);
}

/** Steps of an epoch: whole batches only. */
export const stepsPerEpoch = (images: number, batchImages: number): number =>
  Math.floor(images / batchImages);

type BatchViews = ViewPair & Views;

/**
 * The batches of one epoch, each of two views, made ahead on the loader's threads; the arrays are written again
 * once the next batch is asked for. `random` gives the order of the images and then, before the first batch,
 * two seeds for each of them in this order, from which its views draw: what comes out is the same whatever
 * the number of threads. Throws StationError prepared-image-lost.
 */
export async function* epochBatches(
  loader: ViewLoader,
  batchImages: number,
  random: Random,
): AsyncGenerator<BatchViews, void> {
  const order = shuffle(loader.cache.images, random);
  const seeds = Uint32Array.from({ length: 2 * order.length }, () => random.uint32());
  const steps = stepsPerEpoch(order.length, batchImages);
  const make = async (step: number): Promise<BatchViews> => {
    const [from, to] = [step * batchImages, (step + 1) * batchImages];
    const images = order.slice(from, to);
    const views = await loader.make({ images, seeds: seeds.slice(2 * from, 2 * to) });
    return { imageIds: images.map(({ imageId }) => imageId), ...views };
  };
  const made: Promise<BatchViews>[] = [];
  let asked = 0;
  const ask = (): void => {
    while (asked < steps && made.length < Math.max(1, loader.ahead)) {
      const views = make(asked);
      // It is awaited in its turn; until then a failure is no unhandled one.
      views.catch(() => undefined);
      made.push(views);
      asked += 1;
    }
  };
  try {
    for (let step = 0; step < steps; step += 1) {
      ask();
      const views = await made.shift();
      if (views === undefined) throw new Error('No batch was asked for.');
      if (loader.ahead > 0) ask();
      yield views;
      const { view1, view2 } = views;
      loader.giveBack({ view1, view2 });
    }
  } finally {
    await Promise.allSettled(made);
  }
}
