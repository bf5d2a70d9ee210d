import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { StationError } from '../../../shared/station-error.ts';
import { makeBatches, stepsPerEpoch } from '../../../trainer/data/batches.ts';
import { entryPath, type ImageCache } from '../../../trainer/data/image-cache.ts';
import { ViewLoader } from '../../../trainer/data/view-loader.ts';
import { makeFolder, prepareNoise } from '../../fixtures/prepared-images.ts';

const demonstration = { recipe: 'demonstration', height: 32, width: 32 } as const;

type Copied = {
  readonly ids: readonly number[];
  readonly view1: Float32Array;
  readonly view2: Float32Array;
};

/** The batches of epochs, the fourth alone where nothing else is said. */
async function batchesOf(
  cache: ImageCache,
  threads: number,
  batchImages: number,
  range: { readonly seed?: number; readonly firstEpoch?: number; readonly epochs?: number } = {},
): Promise<Copied[]> {
  const { seed = 1, firstEpoch = 3, epochs = firstEpoch + 1 } = range;
  const loader = new ViewLoader(cache, threads);
  try {
    const found: Copied[] = [];
    const plan = { batchImages, seed, firstEpoch, epochs };
    for await (const { imageIds, view1, view2 } of makeBatches(loader, plan))
      found.push({ ids: [...imageIds], view1: view1.slice(), view2: view2.slice() });
    return found;
  } finally {
    await loader.close();
  }
}

test('an epoch shows no image twice and leaves out less than a batch', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 11, demonstration);
  const batches = await batchesOf(cache, 0, 4);
  assert.equal(batches.length, stepsPerEpoch(11, 4));
  assert.ok(batches.every(({ ids }) => ids.length === 4));
  assert.equal(new Set(batches.flatMap(({ ids }) => ids)).size, 8);
});

test('order and views depend on seed and epoch alone', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 6, demonstration);
  const epoch = (seed: number, firstEpoch: number) => batchesOf(cache, 0, 3, { seed, firstEpoch });
  assert.deepEqual(await epoch(1, 3), await epoch(1, 3));
  assert.notDeepEqual(await epoch(1, 3), await epoch(1, 4));
  assert.notDeepEqual(await epoch(1, 3), await epoch(2, 3));
});

test('any number of threads makes the same views, bit for bit', async (t) => {
  const format = { recipe: 'mammo-16-bit', height: 24, width: 40 } as const;
  const cache = await prepareNoise(makeFolder(t), 7, format);
  const none = await batchesOf(cache, 0, 2);
  assert.equal(none.length, 3);
  assert.deepEqual(await batchesOf(cache, 1, 2), none);
  assert.deepEqual(await batchesOf(cache, 3, 2), none);
});

test('epochs follow one another, each as by itself, whatever the number of threads', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 5, demonstration);
  const alone = [];
  for (const firstEpoch of [1, 2, 3]) alone.push(...(await batchesOf(cache, 0, 2, { firstEpoch })));
  assert.equal(alone.length, 6);
  for (const threads of [0, 1, 3])
    assert.deepEqual(await batchesOf(cache, threads, 2, { firstEpoch: 1, epochs: 4 }), alone);
});

test('the first views are asked for at once, and an epoch’s first while the last of the one before are used', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 4, demonstration);
  const loader = new ViewLoader(cache, 1);
  t.after(() => loader.close());
  let asked = 0;
  const make = loader.make.bind(loader);
  loader.make = (job) => {
    asked += 1;
    return make(job);
  };
  const plan = { batchImages: 2, seed: 1, firstEpoch: 0, epochs: 2 };
  const batches = makeBatches(loader, plan);
  assert.equal(asked, 1);
  const askedInUse: number[] = [];
  for await (const { imageIds } of batches) {
    assert.equal(imageIds.length, 2);
    askedInUse.push(asked);
  }
  assert.deepEqual(askedInUse, [2, 3, 4, 4]);
});

test('the two views of an image differ, and each image’s lie in its place', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 4, demonstration);
  const size = 3 * 32 * 32;
  const [together] = await batchesOf(cache, 0, 4);
  assert.ok(together !== undefined);
  const views = new Set<string>();
  for (let i = 0; i < 4; i += 1)
    for (const view of [together.view1, together.view2])
      views.add(view.slice(i * size, (i + 1) * size).join());
  assert.equal(views.size, 8);
  // By twos: the same images in the same order with the same views.
  const [first, second] = await batchesOf(cache, 0, 2);
  assert.deepEqual([...(first?.ids ?? []), ...(second?.ids ?? [])], together.ids);
  assert.deepEqual([...(first?.view1 ?? []), ...(second?.view1 ?? [])], [...together.view1]);
});

for (const threads of [0, 2])
  test(`a prepared picture lost during the run stops it by its name (${threads} threads)`, async (t) => {
    const cache = await prepareNoise(makeFolder(t), 4, demonstration);
    const lost = cache.images[2];
    assert.ok(lost !== undefined);
    const isLost = (error: unknown): boolean =>
      error instanceof StationError &&
      error.code === 'prepared-image-lost' &&
      error.details['image'] === lost.imageId;
    const file = entryPath(cache.folder, lost.sha256);
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(file, bytes);
    await assert.rejects(batchesOf(cache, threads, 2), isLost);
    rmSync(file);
    await assert.rejects(batchesOf(cache, threads, 2), isLost);
  });

test('an epoch that is left early and a loader that is closed leave nothing running', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 8, demonstration);
  const loader = new ViewLoader(cache, 2);
  const plan = { batchImages: 2, seed: 1, firstEpoch: 0, epochs: 3 };
  for await (const { imageIds } of makeBatches(loader, plan)) {
    assert.equal(imageIds.length, 2);
    break;
  }
  await loader.close();
  const images = cache.images.slice(0, 1);
  await assert.rejects(loader.make({ images, seeds: new Uint32Array(2) }), /is closed/u);
});
