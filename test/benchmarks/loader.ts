// What making views costs: node test/benchmarks/loader.ts [SIDE] [BATCH] [THREADS of the engine] [ENGINE] (224 8 2 onnx-blocked).
// Prepares noisy 12-bit DICOM files and colour PNGs of 1000 x 800 pixels, then prints for each recipe the views
// a second of one thread, and what share of a training step (ResNet-18, SimSiam) they would take if they were
// made before it. At last, in turns, steps on one fixed batch, with views made before each, and with views made beside
// it by a thread, as a run has it, and for how much of a step that one waits for its views: the loader is no limit
// where it does not. Times are those of this machine: compare them within a run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { createRandom } from '../../shared/random.ts';
import { demonstrationConfiguration } from '../../shared/training/run-configuration.ts';
import { engineNames } from '../../shared/training/engine-names.ts';
import { recipeNames } from '../../shared/training/view-recipes.ts';
import { makeBatches } from '../../trainer/data/batches.ts';
import type { ImageCache } from '../../trainer/data/image-cache.ts';
import { prepareCache } from '../../trainer/data/prepare-cache.ts';
import { ViewLoader } from '../../trainer/data/view-loader.ts';
import { buildEngine } from '../../trainer/engine/build-engine.ts';
import { initialWeights } from '../../trainer/engine/initial-weights.ts';
import { describeParameters } from '../../trainer/engine/onnx-engine.ts';
import { describeStep } from '../../trainer/models/describe-model.ts';
import { createSimsiam } from '../../trainer/methods/simsiam.ts';
import type { ViewPair } from '../../trainer/methods/method.ts';
import { writeImage } from '../fixtures/prepared-images.ts';
import { makeSmallDicom } from '../fixtures/small-dicom.ts';

const [side, batchImages, threads] = [2, 3, 4].map((at, i) =>
  Number(process.argv[at] ?? [224, 8, 2][i]),
) as [number, number, number];
const [width, height] = [800, 1000];
const engineName = engineNames.find((name) => name === (process.argv[5] ?? 'onnx-blocked'));
if (engineName === undefined) throw new Error(`There is no engine ${process.argv[5]}.`);
const steps = 6;
const rounds = 4;
const batchesPerEpoch = 5;
const folder = mkdtempSync(path.join(tmpdir(), 'fovea-loader-'));

function writeFiles(colour: boolean) {
  return Array.from({ length: batchesPerEpoch * batchImages }, (_, i) => {
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

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Medians in milliseconds: from one batch to the next, and of that what it waited for its views. */
type Timed = { readonly wholeMs: number; readonly waitMs: number };

/** Uses so many batches, after two that are left out. */
async function timeBatches(
  cache: ImageCache,
  loaderThreads: number,
  count: number,
  use: (views: ViewPair) => Promise<void>,
): Promise<Timed> {
  const loader = new ViewLoader(cache, loaderThreads);
  const [whole, waits]: [number[], number[]] = [[], []];
  let sinceMs = performance.now();
  // As many epochs as it takes.
  const plan = { batchImages, seed: 1, firstEpoch: 0, epochs: Number.POSITIVE_INFINITY };
  for await (const views of makeBatches(loader, plan)) {
    waits.push(performance.now() - sinceMs);
    await use(views);
    whole.push(performance.now() - sinceMs);
    sinceMs = performance.now();
    if (whole.length === count + 2) break;
  }
  await loader.close();
  return { wholeMs: median(whole.slice(2)), waitMs: median(waits.slice(2)) };
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
  const engine = await buildEngine(engineName, { ...described, threads, weights });
  const method = createSimsiam();
  const step = async (views: ViewPair): Promise<void> =>
    void (await method.step(engine, views, () => false));
  const size = batchImages * 3 * side * side;
  const fixed: ViewPair = {
    imageIds: Array.from({ length: batchImages }, (_, i) => i),
    view1: Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
    view2: Float32Array.from({ length: size }, (_, i) => Math.cos(i)),
  };
  const stepAlone = async (count: number): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const sinceMs = performance.now();
      await step(fixed);
      times.push(performance.now() - sinceMs);
    }
    return median(times);
  };
  await step(fixed);
  const stepMs = await stepAlone(steps);
  console.log(
    `One step of ${batchImages} images (${2 * batchImages} views) at ${side} px, ResNet-18, ${threads} thread(s): ${stepMs.toFixed(0)} ms.`,
  );
  for (const colour of [false, true]) {
    const images = writeFiles(colour);
    for (const recipe of recipeNames) {
      const dental = recipe === 'dental';
      const format = { recipe, height: dental ? 300 : side, width: dental ? 600 : side };
      const { cache } = await prepareCache({ images, root: path.join(folder, 'prepared'), format });
      const { wholeMs: batchMs } = await timeBatches(cache, 0, steps, async () => undefined);
      const views = (2 * batchImages * 1000) / batchMs;
      console.log(
        `${colour ? 'colour' : 'grey'} ${recipe.padEnd(14)} ${views.toFixed(0).padStart(6)} views/s on one thread, ${((100 * batchMs) / stepMs).toFixed(1)} % of a step`,
      );
      if (dental || !colour) continue;
      const turns: { readonly alone: number; readonly before: Timed; readonly beside: Timed }[] =
        [];
      for (let round = 0; round < rounds; round += 1)
        turns.push({
          alone: await stepAlone(steps),
          before: await timeBatches(cache, 0, steps, step),
          beside: await timeBatches(cache, 1, steps, step),
        });
      const ratio = (of: (turn: (typeof turns)[number]) => number): string =>
        median(turns.map((turn) => of(turn) / turn.alone)).toFixed(3);
      console.log(
        `    of the step alone: with views made before it ${ratio(({ before }) => before.wholeMs)}, beside it on a thread ${ratio(({ beside }) => beside.wholeMs)}, of which it waits for them ${ratio(({ beside }) => beside.waitMs)} (${rounds} turns)`,
      );
    }
  }
  await engine.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
