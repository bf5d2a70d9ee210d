import path from 'node:path';
import type { CachedImage } from '../data/image-cache.ts';
import type { LabelledFeatures } from '../evaluation/features.ts';
import { featureLength } from '../models/encoder.ts';
import { ArmResults, type ArmResult } from './arm-results.ts';
import { embedPrepared } from '../evaluation/embed-prepared.ts';
import { mineTwin, type MinedSummary, type SizedImage } from './mine-twin.ts';
import { judgeFeatures } from './probes.ts';
import { trainArm, type TrainedArm } from './train-arm.ts';
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

/** The pictures of a part, in its order. */
const picturesOf = ({ cache }: TwinInputs, part: readonly SizedImage[]): CachedImage[] => {
  const byId = new Map(cache.images.map((image) => [image.imageId, image]));
  return part.flatMap(({ imageId }) => byId.get(imageId) ?? []);
};

/** Labels and patients of a part as numbers. */
export function numberPart(
  part: readonly SizedImage[],
  labels: readonly string[],
): Pick<LabelledFeatures, 'classCount' | 'labels' | 'patients'> {
  const patients = [...new Set(part.map(({ patient }) => patient))];
  return {
    classCount: labels.length,
    labels: Int32Array.from(part, ({ label }) => labels.indexOf(label)),
    patients: Int32Array.from(part, ({ patient }) => patients.indexOf(patient)),
  };
}

/** Scores of the test images by probes that learn from the training images' labels. */
async function judge(
  inputs: TwinInputs,
  trained: TrainedArm,
  threads: number,
): Promise<ArmResult['scores']> {
  const embed = async (part: readonly SizedImage[]): Promise<LabelledFeatures> => ({
    ...numberPart(part, inputs.labels),
    length: featureLength(trained.encoder),
    features: await embedPrepared({ ...trained, threads }, inputs.cache, picturesOf(inputs, part)),
  });
  const scores = judgeFeatures(await embed(inputs.train), await embed(inputs.test));
  return { 'linear-probe': [...scores['linear-probe']], 'k-nn': [...scores['k-nn']] };
}

/**
 * Runs every arm with every seed, seed by seed, so that what is there early can be compared. Arms that the folder
 * holds already are not run again.
 */
export async function runTwin(plan: TwinPlan, options: TwinOptions): Promise<readonly ArmResult[]> {
  const { outFolder, threads, nowMs, onProgress, onArm, checkpoint } = options;
  const inputs = await readInputs(plan, path.join(outFolder, 'prepared'));
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
  const cache = { ...inputs.cache, images: picturesOf(inputs, inputs.train) };
  const mined = new Map<string, Mined | undefined>();
  const whole = waiting.filter(({ arm }) => arm.trained).length * perArm;
  let [done, timedMs, timed] = [0, 0, 0];
  for (const { arm, seed } of waiting) {
    if (!mined.has(arm.name)) mined.set(arm.name, await mineArm(plan, inputs, arm));
    const positives = mined.get(arm.name);
    const startedMs = nowMs();
    let lastMs = startedMs;
    const trained = await trainArm({
      recipe: plan.recipe,
      trained: arm.trained,
      cache,
      alike: positives?.alike,
      seed,
      threads,
      checksFolder: outFolder,
      nowMs,
      beforeStep: checkpoint,
      onStep: (step, steps) => {
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
      engine: trained.engine,
      steps: trained.steps,
      seconds: (nowMs() - startedMs) / 1000,
      loss: trained.loss,
      spread: trained.spread,
      positives: trained.positives,
      mined: positives?.summary ?? null,
      scores: await judge(inputs, trained, threads),
    };
    await kept.write(result);
    results.push(result);
    await onArm(inputs, results);
  }
  return results;
}
