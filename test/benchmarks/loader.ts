// What making views costs: node test/benchmarks/loader.ts [side] [batch] [threads of the engine] (default 224 8 1).
// Prepares noisy 12-bit DICOM files and colour PNGs of 1000 x 800 pixels, then prints for each recipe the views
// a second of one thread, and what share of a training step (ResNet-18, SimSiam) they would take if they were
// made before it. At last the same steps on one fixed batch, with views made before each, and with views made
// beside it by a thread: the loader is no limit where the last is as fast as the first. Times are those of this
// machine: compare them within a run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { createRandom } from '../../shared/random.ts';
import { demonstrationConfiguration } from '../../shared/training/run-configuration.ts';
import { recipeNames } from '../../shared/training/view-recipes.ts';
import { epochBatches } from '../../trainer/data/batches.ts';
import type { ImageCache } from '../../trainer/data/image-cache.ts';
import { prepareCache } from '../../trainer/data/prepare-cache.ts';
import { ViewLoader } from '../../trainer/data/view-loader.ts';
import { initialWeights } from '../../trainer/engine/initial-weights.ts';
import { buildOnnxEngine, describeParameters } from '../../trainer/engine/onnx-engine.ts';
import { describeStep } from '../../trainer/models/describe-model.ts';
import { createSimsiam } from '../../trainer/methods/simsiam.ts';
import type { ViewPair } from '../../trainer/methods/method.ts';
import { writeImage } from '../fixtures/prepared-images.ts';
import { makeSmallDicom } from '../fixtures/small-dicom.ts';

const [side, batchImages, threads] = [2, 3, 4].map((at, i) =>
  Number(process.argv[at] ?? [224, 8, 1][i]),
) as [number, number, number];
const [width, height] = [800, 1000];
const steps = 6;
const folder = mkdtempSync(path.join(tmpdir(), 'fovea-loader-'));

function writeFiles(colour: boolean) {
  return Array.from({ length: batchImages }, (_, i) => {
    const random = createRandom(i);
    const noise = (length: number, top: number) => Array.from({ length }, () => random.below(top));
    if (!colour) {
      const bytes = makeSmallDicom(noise(width * height, 4096), {
        rows: height,
        window: [2000, 3000],
      });
      return writeImage(folder, i, 'dicom', bytes);
    }
    const data = Uint8Array.from(noise(3 * width * height, 256));
    return writeImage(folder, i, 'png', encode({ width, height, channels: 3, depth: 8, data }));
  });
}

/** The batches of as many epochs as it takes. */
async function* endless(loader: ViewLoader): AsyncGenerator<ViewPair, void> {
  for (let epoch = 0; ; epoch += 1) yield* epochBatches(loader, batchImages, createRandom(epoch));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Milliseconds from one batch to the next, in the median; the first two are left out. */
async function timeBatches(
  cache: ImageCache,
  loaderThreads: number,
  count: number,
  use: (views: ViewPair) => Promise<void>,
): Promise<number> {
  const loader = new ViewLoader(cache, loaderThreads);
  const times: number[] = [];
  let sinceMs = performance.now();
  for await (const views of endless(loader)) {
    await use(views);
    times.push(performance.now() - sinceMs);
    sinceMs = performance.now();
    if (times.length === count + 2) break;
  }
  await loader.close();
  return median(times.slice(2));
}

try {
  const description = {
    ...demonstrationConfiguration,
    encoder: 'resnet-18',
    method: 'simsiam',
    imageSide: side,
    batchImages,
  } as const;
  const described = describeStep(description);
  const weights = initialWeights(describeParameters(described), createRandom(1));
  const engine = await buildOnnxEngine({ ...described, threads, weights });
  const method = createSimsiam();
  const step = async (views: ViewPair): Promise<void> =>
    void (await method.step(engine, views, () => false));
  const size = batchImages * 3 * side * side;
  const fixed: ViewPair = {
    imageIds: Array.from({ length: batchImages }, (_, i) => i),
    view1: Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
    view2: Float32Array.from({ length: size }, (_, i) => Math.cos(i)),
  };
  const fixedTimes: number[] = [];
  for (let i = 0; i < steps; i += 1) {
    const sinceMs = performance.now();
    await step(fixed);
    fixedTimes.push(performance.now() - sinceMs);
  }
  const stepMs = median(fixedTimes);
  console.log(
    `One step of ${batchImages} images (${2 * batchImages} views) at ${side} px, ResNet-18, ${threads} thread(s): ${stepMs.toFixed(0)} ms.`,
  );
  for (const colour of [false, true]) {
    const images = writeFiles(colour);
    for (const recipe of recipeNames) {
      const dental = recipe === 'dental';
      const format = { recipe, height: dental ? 300 : side, width: dental ? 600 : side };
      const { cache } = await prepareCache({ images, root: path.join(folder, 'prepared'), format });
      const batchMs = await timeBatches(cache, 0, steps, async () => undefined);
      const views = (2 * batchImages * 1000) / batchMs;
      console.log(
        `${colour ? 'colour' : 'grey'} ${recipe.padEnd(14)} ${views.toFixed(0).padStart(6)} views/s on one thread, ${((100 * batchMs) / stepMs).toFixed(1)} % of a step`,
      );
      if (dental || !colour) continue;
      const before = await timeBatches(cache, 0, steps, step);
      const beside = await timeBatches(cache, 1, steps, step);
      console.log(
        `    step with views made before it ${(before / stepMs).toFixed(3)}, beside it on a thread ${(beside / stepMs).toFixed(3)} of the step alone`,
      );
    }
  }
  await engine.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
