// Runs an engine over golden blocks and prints what came out: node test/trainer/engine/run-blocks.ts ENGINE CASE...
import { StationError } from '../../../shared/station-error.ts';
import { type EngineName, engineNames } from '../../../shared/training/engine-names.ts';
import { buildEngine } from '../../../trainer/engine/build-engine.ts';
import {
  leastLength,
  summarise,
  summaryDeviation,
} from '../../../trainer/engine/gradient-summary.ts';
import { compareWithGolden, type Deviation } from '../../../trainer/engine/self-check.ts';
import { type BlockStep, makeBlockStep, shapeOf } from './block-cases.ts';
import { type BlockResult, openBlocks } from './block-engines.ts';
import { makeSmallCase } from './cases.ts';
import { type GoldenBlock, readGoldenBlocks, shiftBiases } from './golden-blocks.ts';
import type { ConformanceResult } from './run-conformance.ts';
import { makeWholeStep, wholeCases } from './whole-cases.ts';

async function compareBlock(
  run: (step: BlockStep) => Promise<BlockResult>,
  name: string,
  golden: GoldenBlock,
): Promise<Deviation> {
  const step = makeBlockStep(shapeOf(name), golden.seed);
  const found = await run({ ...step, weights: shiftBiases(step.weights, golden) });
  const lengths = Object.values(golden.gradients).map(({ length }) => length);
  const least = leastLength(lengths);
  let worst: readonly [string, number] = ['', 0];
  for (const [weight, expected] of Object.entries(golden.gradients)) {
    const gradient = found.gradients.get(weight);
    const deviation =
      gradient === undefined ? Infinity : summaryDeviation(summarise(gradient), expected, least);
    if (!(deviation <= worst[1])) worst = [weight, deviation];
  }
  const loss = Math.abs(found.loss - golden.loss) / Math.max(1, golden.loss);
  return { loss, gradients: worst[1], weight: worst[0], seeds: 1 };
}

async function compareWhole(
  engine: EngineName,
  name: string,
  golden: GoldenBlock,
): Promise<Deviation> {
  const step = makeWholeStep(name, golden.seed);
  const { loss, gradients } = golden;
  const shifted = { ...step, weights: shiftBiases(step.weights, golden) };
  return compareWithGolden(engine, 2, [{ step: shifted, loss, gradients }]);
}

async function runCases(wanted: string, cases: readonly string[]): Promise<ConformanceResult> {
  const engine = engineNames.find((name) => name === wanted);
  if (engine === undefined) throw new Error(`There is no engine ${wanted}.`);
  const small = makeSmallCase();
  try {
    await (
      await buildEngine(engine, { ...small.description, threads: 2, weights: small.weights })
    ).close();
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return { kind: 'unavailable', reason: String(error.details['reason']) };
  }
  const run = await openBlocks(engine);
  const golden = readGoldenBlocks();
  const steps: (Deviation & { readonly name: string })[] = [];
  for (const name of cases) {
    const expected = golden[name];
    if (expected === undefined) throw new Error(`${name} has no golden values.`);
    const isWhole = wholeCases.some((whole) => whole === name);
    const deviation = isWhole
      ? await compareWhole(engine, name, expected)
      : await compareBlock(run, name, expected);
    steps.push({ name, ...deviation });
  }
  return { kind: 'ran', steps };
}

if (import.meta.main) {
  const [engine = '', ...cases] = process.argv.slice(2);
  const result = await runCases(engine, cases);
  // Some libraries crash while a process ends by itself.
  process.stdout.write(JSON.stringify(result), () => process.exit(0));
}
