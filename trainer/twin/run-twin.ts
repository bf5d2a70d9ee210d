import { ArmResults, type ArmResult } from './arm-results.ts';
import { embedImages } from './embed-images.ts';
import { mineTwin, type MinedSummary, type SizedImage } from './mine-twin.ts';
import { judgeByLine, judgeByNeighbours } from './probes.ts';
import { trainArm } from './train-arm.ts';
import { readInputs, shuffleGaze, type TwinInputs } from './twin-inputs.ts';
import type { TwinArm, TwinPlan } from './twin-plan.ts';
import type { AreAlike } from '../methods/method.ts';

/** What a person is told while a twin run goes on. */
export type TwinProgress = {
  readonly arm: string;
  readonly seed: number;
  readonly step: number;
  readonly steps: number;
  /** Undefined until steps have been timed. */
  readonly secondsLeft: number | undefined;
};

export type TwinOptions = {
  readonly outFolder: string;
  readonly threads: number;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  readonly onProgress: (progress: TwinProgress) => void;
  /** Called after each arm with all results so far. */
  readonly onArm: (inputs: TwinInputs, results: readonly ArmResult[]) => Promise<void>;
  /** Awaited between steps; throws StationError cancelled to end the run. Finished arms are kept. */
  readonly checkpoint: () => Promise<void>;
};

type Mined = { readonly alike: AreAlike; readonly summary: NonNullable<ArmResult['mined']> };

/** How often pairs have equal labels: for the report, after mining, which knows no labels. */
function labelShares(
  train: readonly SizedImage[],
  alike: AreAlike,
): { readonly sameLabel: number | null; readonly sameLabelBase: number } {
  let [pairs, same, all, allSame] = [0, 0, 0, 0];
  for (const [i, a] of train.entries())
    for (const b of train.slice(i + 1)) {
      if (a.patient === b.patient) continue;
      const equal = Number(a.label === b.label);
      all += 1;
      allSame += equal;
      if (!alike(a.imageId, b.imageId)) continue;
      pairs += 1;
      same += equal;
    }
  return { sameLabel: pairs === 0 ? null : same / pairs, sameLabelBase: allSame / all };
}

async function mineArm(
  plan: TwinPlan,
  inputs: TwinInputs,
  { gaze, shuffled }: TwinArm,
): Promise<Mined | undefined> {
  if (gaze === null) return undefined;
  const own = inputs.gaze.get(gaze) ?? new Map<number, never>();
  const tracks = shuffled ? shuffleGaze(inputs.train, own, plan.mining.seed) : own;
  const { pxPerDegree, ...mining } = plan.mining;
  const found: { readonly alike: AreAlike; readonly summary: MinedSummary } = await mineTwin(
    inputs.train,
    tracks,
    { ...mining, pxPerDegree: pxPerDegree ?? undefined },
  );
  const shares = labelShares(inputs.train, found.alike);
  return { alike: found.alike, summary: { ...found.summary, ...shares } };
}

/** Scores of the test images by probes that learn from the training images' labels. */
async function judge(
  plan: TwinPlan,
  { train, test, labels, planes }: TwinInputs,
  trained: Parameters<typeof embedImages>[0],
  threads: number,
): Promise<ArmResult['scores']> {
  const planesOf = (part: readonly SizedImage[]): Float32Array[] =>
    part.flatMap(({ imageId }) => planes.get(imageId) ?? []);
  const { imageSide } = plan.recipe;
  const [own, others] = [
    await embedImages(trained, planesOf(train), imageSide, threads),
    await embedImages(trained, planesOf(test), imageSide, threads),
  ];
  const known = { features: own, labels: train.map(({ label }) => labels.indexOf(label)) };
  const copy = (scores: ReturnType<typeof judgeByLine>): number[][] =>
    scores.map((row) => [...row]);
  return {
    'linear-probe': copy(judgeByLine(known, others, labels.length)),
    'k-nn': copy(judgeByNeighbours(known, others, labels.length)),
  };
}

/**
 * Runs every arm with every seed, seed by seed, so that what is there early can be compared. Arms that the folder
 * holds already are not run again.
 */
export async function runTwin(plan: TwinPlan, options: TwinOptions): Promise<readonly ArmResult[]> {
  const { outFolder, threads, nowMs, onProgress, onArm, checkpoint } = options;
  const inputs = await readInputs(plan);
  const kept = await ArmResults.open(outFolder, inputs.fingerprint);
  const { epochs, batchImages } = plan.recipe;
  const perArm = Math.floor(inputs.train.length / batchImages) * epochs;
  const jobs = plan.seeds.flatMap((seed) => plan.arms.map((arm) => ({ arm, seed })));
  const results: ArmResult[] = [];
  const waiting: typeof jobs = [];
  for (const job of jobs) {
    const known = await kept.read(job.arm.name, job.seed);
    if (known === undefined) waiting.push(job);
    else results.push(known);
  }
  if (waiting.length === 0) await onArm(inputs, results);
  const cache = new Map(
    inputs.train.map(({ imageId }) => [imageId, inputs.planes.get(imageId) ?? new Float32Array(0)]),
  );
  const mined = new Map<string, Mined | undefined>();
  const whole = waiting.filter(({ arm }) => arm.trained).length * perArm;
  let [done, timedMs, timed] = [0, 0, 0];
  for (const { arm, seed } of waiting) {
    if (!mined.has(arm.name)) mined.set(arm.name, await mineArm(plan, inputs, arm));
    const positives = mined.get(arm.name);
    const startedMs = nowMs();
    let lastMs = startedMs;
    const trained = await trainArm({
      recipe: { ...plan.recipe, epochs: arm.trained ? epochs : 0 },
      cache,
      alike: positives?.alike ?? (() => false),
      seed,
      threads,
      onStep: async (step, steps) => {
        await checkpoint();
        done += 1;
        timedMs += nowMs() - lastMs;
        timed += 1;
        lastMs = nowMs();
        const secondsLeft = timed < 3 ? undefined : ((whole - done) * timedMs) / timed / 1000;
        onProgress({ arm: arm.name, seed, step, steps, secondsLeft });
      },
    });
    const result: ArmResult = {
      arm: arm.name,
      seed,
      steps: trained.steps,
      seconds: (nowMs() - startedMs) / 1000,
      loss: trained.loss,
      spread: trained.spread,
      positives: trained.positives,
      mined: positives?.summary ?? null,
      scores: await judge(plan, inputs, trained, threads),
    };
    await kept.write(result);
    results.push(result);
    await onArm(inputs, results);
  }
  return results;
}
