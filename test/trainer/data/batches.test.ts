import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { StationError } from '../../../shared/station-error.ts';
import { epochBatches, epochRandom, stepsPerEpoch } from '../../../trainer/data/batches.ts';
import { entryPath, type ImageCache } from '../../../trainer/data/image-cache.ts';
import { ViewLoader } from '../../../trainer/data/view-loader.ts';
import { makeFolder, prepareNoise } from '../../fixtures/prepared-images.ts';

const demonstration = { recipe: 'demonstration', height: 32, width: 32 } as const;

type Copied = {
  readonly ids: readonly number[];
  readonly view1: Float32Array;
  readonly view2: Float32Array;
};

async function epochOf(
  cache: ImageCache,
  threads: number,
  batch: number,
  random = epochRandom(1, 3),
): Promise<Copied[]> {
  const loader = new ViewLoader(cache, threads);
  try {
    const found: Copied[] = [];
    for await (const { imageIds, view1, view2 } of epochBatches(loader, batch, random))
      found.push({ ids: [...imageIds], view1: view1.slice(), view2: view2.slice() });
    return found;
  } finally {
    await loader.close();
  }
}

test('an epoch shows no image twice and leaves out less than a batch', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 11, demonstration);
  const batches = await epochOf(cache, 0, 4);
  assert.equal(batches.length, stepsPerEpoch(11, 4));
  assert.ok(batches.every(({ ids }) => ids.length === 4));
  assert.equal(new Set(batches.flatMap(({ ids }) => ids)).size, 8);
});

test('order and views depend on seed and epoch alone', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 6, demonstration);
  const epoch = (seed: number, number: number) => epochOf(cache, 0, 3, epochRandom(seed, number));
  assert.deepEqual(await epoch(1, 3), await epoch(1, 3));
  assert.notDeepEqual(await epoch(1, 3), await epoch(1, 4));
  assert.notDeepEqual(await epoch(1, 3), await epoch(2, 3));
});

test('any number of threads makes the same views, bit for bit', async (t) => {
  const format = { recipe: 'mammo-16-bit', height: 24, width: 40 } as const;
  const cache = await prepareNoise(makeFolder(t), 7, format);
  const none = await epochOf(cache, 0, 2);
  assert.equal(none.length, 3);
  assert.deepEqual(await epochOf(cache, 1, 2), none);
  assert.deepEqual(await epochOf(cache, 3, 2), none);
});

test('a batch that is asked for draws nothing more from the epoch’s generator', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 4, demonstration);
  const random = createRandom(5);
  const loader = new ViewLoader(cache, 0);
  const states: (readonly number[])[] = [];
  for await (const { imageIds } of epochBatches(loader, 2, random)) {
    assert.equal(imageIds.length, 2);
    states.push(random.state());
  }
  assert.equal(states.length, 2);
  assert.deepEqual(states[0], states[1]);
});

test('the two views of an image differ, and each image’s lie in its place', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 4, demonstration);
  const size = 3 * 32 * 32;
  const [together] = await epochOf(cache, 0, 4);
  assert.ok(together !== undefined);
  const views = new Set<string>();
  for (let i = 0; i < 4; i += 1)
    for (const view of [together.view1, together.view2])
      views.add(view.slice(i * size, (i + 1) * size).join());
  assert.equal(views.size, 8);
  // By twos: the same images in the same order with the same views.
  const [first, second] = await epochOf(cache, 0, 2);
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
    await assert.rejects(epochOf(cache, threads, 2), isLost);
    rmSync(file);
    await assert.rejects(epochOf(cache, threads, 2), isLost);
  });

test('an epoch that is left early and a loader that is closed leave nothing running', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 8, demonstration);
  const loader = new ViewLoader(cache, 2);
  for await (const { imageIds } of epochBatches(loader, 2, createRandom(1))) {
    assert.equal(imageIds.length, 2);
    break;
  }
  await loader.close();
  const images = cache.images.slice(0, 1);
  await assert.rejects(loader.make({ images, seeds: new Uint32Array(2) }), /is closed/u);
});
