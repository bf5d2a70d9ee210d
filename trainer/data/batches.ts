import { createRandom, type Random, shuffle } from '../../shared/random.ts';
import type { ViewPair } from '../methods/method.ts';
import type { ImageCache } from './image-cache.ts';
import type { ViewJob } from './view-work.ts';
import type { Views, ViewLoader } from './view-loader.ts';

/** The generator of one epoch: any epoch can be repeated without those before it. */
const epochRandom = (seed: number, epoch: number): Random =>
  createRandom((Math.imul(epoch + 1, 0x9e3779b1) ^ seed) >>> 0);

/** Steps of an epoch: whole batches only. */
export const stepsPerEpoch = (images: number, batchImages: number): number =>
  Math.floor(images / batchImages);

export type BatchPlan = {
  readonly batchImages: number;
  readonly seed: number;
  /** Epochs from this one, counted from 0, to before `epochs`. */
  readonly firstEpoch: number;
  readonly epochs: number;
};

type BatchViews = ViewPair & Views;

/**
 * What each batch is made of. An epoch's generator gives the order of its images and then two seeds for each of them in
 * this order, from which its views draw.
 */
function* planBatches({ images }: ImageCache, plan: BatchPlan): Generator<ViewJob, void> {
  const { batchImages, seed, firstEpoch, epochs } = plan;
  for (let epoch = firstEpoch; epoch < epochs; epoch += 1) {
    const random = epochRandom(seed, epoch);
    const order = shuffle(images, random);
    const seeds = Uint32Array.from({ length: 2 * order.length }, () => random.uint32());
    for (let step = 0; step < stepsPerEpoch(order.length, batchImages); step += 1) {
      const [from, to] = [step * batchImages, (step + 1) * batchImages];
      yield { images: order.slice(from, to), seeds: seeds.slice(2 * from, 2 * to) };
    }
  }
}

/**
 * The batches of one epoch after another, each of two views, made ahead on the loader's threads from this call on; the
 * arrays are written again once the next batch is asked for. An epoch's batches depend on seed and epoch alone,
 * whatever the number of threads. Throws StationError prepared-image-lost.
 */
export function makeBatches(loader: ViewLoader, plan: BatchPlan): AsyncGenerator<BatchViews, void> {
  const jobs = planBatches(loader.cache, plan);
  const made: Promise<BatchViews>[] = [];
  const make = async (job: ViewJob): Promise<BatchViews> => ({
    imageIds: job.images.map(({ imageId }) => imageId),
    ...(await loader.make(job)),
  });
  const ask = (count: number): void => {
    while (made.length < count) {
      const job = jobs.next();
      if (job.done === true) return;
      const views = make(job.value);
      // It is awaited in its turn; until then a failure is no unhandled one.
      views.catch(() => undefined);
      made.push(views);
    }
  };
  async function* give(): AsyncGenerator<BatchViews, void> {
    try {
      for (;;) {
        ask(Math.max(1, loader.ahead));
        const views = await made.shift();
        if (views === undefined) return;
        ask(loader.ahead);
        yield views;
        const { view1, view2 } = views;
        loader.giveBack({ view1, view2 });
      }
    } finally {
      await Promise.allSettled(made);
    }
  }
  ask(loader.ahead);
  return give();
}
