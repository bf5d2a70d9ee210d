import { type EngineName, processorEngines } from '../../shared/training/engine-names.ts';
import { StationError } from '../../shared/station-error.ts';
import type { StepDescription, StepResult, TrainEngine } from '../backend.ts';
import { featureLength } from '../models/encoder.ts';
import { mocoProjector } from '../models/heads.ts';
import { buildEngine } from './build-engine.ts';
import { type CheckStep, makeCheckStep } from './check-step.ts';
import { goldenDescription, type GoldenStep, goldenSteps } from './golden-steps.ts';
import {
  gradientDeviation,
  type GradientSummary,
  leastLength,
  lengthOf,
  summarise,
  summaryDeviation,
} from './gradient-summary.ts';

/** Worst relative L2 of a gradient. What a rounding flip at a ReLU gives is 8e-4 or more; a seed with one does not count. */
export const gradientTolerance = 1e-4;
/** Relative, of the loss against double precision. */
export const lossTolerance = 1e-6;
/** Relative, of two losses in single precision. */
const twoLossesTolerance = 2e-6;

/** Seeds of the comparison at the run's own side; each gradient must pass in one of them. */
const ownSeeds = [11, 12, 13, 14, 15, 16] as const;
/** From this side on two images give batch norm enough values. */
const largeSide = 96;
/** Keeps the units of that comparison away from the bend of their ReLU, which the stored steps test. */
const ownLift = 3;
/** Blocks of a stage in that comparison: the first, which changes the shape, and one of the others, which are alike. */
const ownBlocks = 2;
/**
 * So many steps are timed, the more the shorter they are: of a step of milliseconds, three are noise. The compared one
 * counts: on the processor the first costs both engines their memory, on a card it compiles shaders.
 */
const timedSteps = { onProcessor: 1, onCard: 2, most: 100, ms: 500 };

/** How far a comparison found loss and gradients apart. */
export type Deviation = {
  /** Relative. */
  readonly loss: number;
  /** Worst relative L2 over all gradients, each in its best seed. */
  readonly gradients: number;
  /** The weight with the worst gradient. */
  readonly weight: string;
  /** Seeds it took. */
  readonly seeds: number;
};

/** What a check of an engine measured. */
export type EngineCheck = {
  /** The engine in words, with its version. */
  readonly engine: string;
  /** Against gradients of PyTorch in double precision, stored with the trainer. */
  readonly golden: Deviation;
  /** Against the plain graph at the run's own encoder, loss and image side; absent for the plain graph itself. */
  readonly ownSide?: Deviation;
  /** Least of some such steps, and of the engine it was compared with, in turns: others on the machine only add. */
  readonly stepMs: number;
  readonly referenceMs: number;
};

/** Collects deviations over seeds: each gradient's best, the loss's worst. */
class Comparison {
  readonly #best = new Map<string, number>();
  #loss = 0;
  #seeds = 0;

  add(loss: number, deviations: ReadonlyMap<string, number>): void {
    this.#seeds += 1;
    this.#loss = Math.max(this.#loss, Number.isFinite(loss) ? loss : Infinity);
    for (const [name, deviation] of deviations)
      this.#best.set(name, Math.min(this.#best.get(name) ?? Infinity, deviation));
  }

  get result(): Deviation {
    let worst: readonly [string, number] = ['', 0];
    for (const each of this.#best) if (!(each[1] <= worst[1])) worst = each;
    return { loss: this.#loss, gradients: worst[1], weight: worst[0], seeds: this.#seeds };
  }
}

const relative = (found: number, expected: number): number =>
  Math.abs(found - expected) / Math.max(1, Math.abs(expected));

const withEngine = async <T>(
  name: EngineName,
  { description, weights }: CheckStep,
  threads: number,
  use: (engine: TrainEngine) => Promise<T>,
): Promise<T> => {
  const engine = await buildEngine(name, { ...description, threads, weights });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
};

/** Compares an engine with the stored steps, seed by seed until every gradient has passed. */
export async function compareWithGolden(
  name: EngineName,
  threads: number,
  steps: Iterable<GoldenStep> = goldenSteps(),
): Promise<Deviation> {
  const comparison = new Comparison();
  for (const { step, loss, gradients } of steps) {
    const found = await withEngine(name, step, threads, (engine) => engine.step(step.input));
    const missing: GradientSummary = { length: Number.NaN, projections: [] };
    const least = leastLength(Object.values(gradients).map((gradient) => gradient.length));
    const deviations = Object.entries(gradients).map(([weight, expected]) => {
      const gradient = found.gradients.get(weight);
      const summary = gradient === undefined ? missing : summarise(gradient);
      return [weight, summaryDeviation(summary, expected, least)] as const;
    });
    comparison.add(relative(found.loss, loss), new Map(deviations));
    if (comparison.result.gradients <= gradientTolerance) break;
  }
  return comparison.result;
}

/**
 * A small step of the run's encoder at the run's image side, with every shape that its layers have. Its head and loss
 * are those of the stored steps, without batch norm over a handful of rows: heads and losses do not depend on the side.
 */
function ownStep({ model }: StepDescription): StepDescription {
  const { encoder, imageHeight, imageWidth } = model;
  const isLarge = Math.min(imageHeight, imageWidth) >= largeSide;
  return {
    model: {
      encoder,
      mostBlocks: ownBlocks,
      imageHeight,
      imageWidth,
      projector: mocoProjector(featureLength(encoder)),
    },
    loss: goldenDescription.loss,
    batchImages: isLarge ? 2 : 4,
  };
}

/** Whether more steps of an engine are to be timed than these. Milliseconds. */
function areTooFew(name: EngineName, times: readonly number[]): boolean {
  const { onProcessor, onCard, most, ms } = timedSteps;
  const least = processorEngines.includes(name) ? onProcessor : onCard;
  const total = times.reduce((sum, each) => sum + each, 0);
  return times.length < least || (times.length < most && total < ms);
}

const quickest = (values: readonly number[]): number => Math.min(...values);

type OwnSide = Omit<EngineCheck, 'golden' | 'ownSide'> & { readonly deviation: Deviation };

async function compareWithReference(
  name: EngineName,
  reference: EngineName,
  own: StepDescription,
  threads: number,
  nowMs: () => number,
): Promise<OwnSide> {
  const comparison = new Comparison();
  let kind = '';
  const times: { readonly own: number[]; readonly other: number[] } = { own: [], other: [] };
  const timed = async (
    engine: TrainEngine,
    { input }: CheckStep,
    into: number[],
  ): Promise<StepResult> => {
    const startedMs = nowMs();
    const found = await engine.step(input);
    into.push(nowMs() - startedMs);
    return found;
  };
  if (name === reference) {
    // There is nothing to compare it with but the stored steps.
    const step = makeCheckStep(ownSeeds[0], ownStep(own), ownLift);
    await withEngine(name, step, threads, async (engine) => {
      ({ kind } = engine);
      while (areTooFew(name, times.own)) await timed(engine, step, times.own);
    });
    const stepMs = quickest(times.own);
    return { engine: kind, deviation: comparison.result, stepMs, referenceMs: stepMs };
  }
  for (const seed of ownSeeds) {
    const step = makeCheckStep(seed, ownStep(own), ownLift);
    await withEngine(reference, step, threads, async (other) => {
      await withEngine(name, step, threads, async (engine) => {
        ({ kind } = engine);
        const expected = await timed(other, step, times.other);
        const found = await timed(engine, step, times.own);
        const least = leastLength([...expected.gradients.values()].map(lengthOf));
        const deviations = [...expected.gradients].map(
          ([weight, gradient]) =>
            [
              weight,
              gradientDeviation(
                found.gradients.get(weight) ?? new Float32Array(0),
                gradient,
                least,
              ),
            ] as const,
        );
        comparison.add(relative(found.loss, expected.loss), new Map(deviations));
        while (areTooFew(name, times.own)) {
          await timed(other, step, times.other);
          await timed(engine, step, times.own);
        }
      });
    });
    if (comparison.result.gradients <= gradientTolerance) break;
  }
  return {
    engine: kind,
    deviation: comparison.result,
    stepMs: quickest(times.own),
    referenceMs: quickest(times.other),
  };
}

const passes = ({ loss, gradients }: Deviation, lossLimit: number): boolean =>
  loss <= lossLimit && gradients <= gradientTolerance;

const describe = ({ loss, gradients, weight }: Deviation): string =>
  `loss off by ${loss.toExponential(1)}, gradient of ${weight} by ${gradients.toExponential(1)}`;

/** Whether ONNX Runtime has a binary for this machine. */
const hasOnnx = (): Promise<boolean> =>
  import('onnxruntime-node').then(
    () => true,
    () => false,
  );

/**
 * Checks an engine for a run: gradients against stored ones (then `onGolden` is called) and against the plain graph at
 * the run's own image side, and the time of a step. `nowMs`: milliseconds, monotonic. Throws StationError engine-unavailable with the reason where it cannot be had or
 * its numbers are wrong.
 */
export async function checkEngine(
  name: EngineName,
  own: StepDescription,
  threads: number,
  { nowMs, onGolden }: { readonly nowMs: () => number; readonly onGolden?: () => void },
): Promise<EngineCheck> {
  const golden = await compareWithGolden(name, threads);
  if (!passes(golden, lossTolerance))
    throw new StationError('engine-unavailable', {
      reason: `its numbers are wrong in a stored step: ${describe(golden)}`,
    });
  onGolden?.();
  const reference = (await hasOnnx()) ? 'onnx-plain' : 'tensorflow-cpu';
  const side = await compareWithReference(name, reference, own, threads, nowMs);
  const { engine, deviation, stepMs, referenceMs } = side;
  if (!passes(deviation, twoLossesTolerance))
    throw new StationError('engine-unavailable', {
      reason: `its numbers differ from ${reference}'s at the run's image side: ${describe(deviation)}`,
    });
  return {
    engine,
    golden,
    ...(name !== reference && { ownSide: deviation }),
    stepMs,
    referenceMs,
  };
}
