// Runs an engine over golden steps and prints what came out: node test/trainer/engine/run-conformance.ts ENGINE CASE...
import { StationError } from '../../../shared/station-error.ts';
import { engineNames } from '../../../shared/training/engine-names.ts';
import type { GoldenStep } from '../../../trainer/engine/golden-steps.ts';
import { compareWithGolden, type Deviation } from '../../../trainer/engine/self-check.ts';
import { makeCases } from './cases.ts';
import { readGoldenSteps } from './golden-steps.ts';

/** Worst deviations of each case, or why the engine cannot be had. */
export type ConformanceResult =
  | { readonly kind: 'ran'; readonly steps: readonly (Deviation & { readonly name: string })[] }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** The golden steps whose names begin so, one for each seed. */
function stepsOf(name: string): GoldenStep[] {
  const golden = readGoldenSteps();
  const steps = makeCases([`${name}-`]).map((step) => {
    const found = golden[step.name];
    if (found === undefined) throw new Error(`${step.name} has no golden values.`);
    return { step, ...found };
  });
  if (steps.length === 0) throw new Error(`There is no case ${name}.`);
  return steps;
}

async function runCases(wanted: string, cases: readonly string[]): Promise<ConformanceResult> {
  const engine = engineNames.find((name) => name === wanted);
  if (engine === undefined) throw new Error(`There is no engine ${wanted}.`);
  const steps: (Deviation & { readonly name: string })[] = [];
  try {
    for (const name of cases)
      steps.push({ name, ...(await compareWithGolden(engine, 2, stepsOf(name))) });
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return { kind: 'unavailable', reason: String(error.details['reason']) };
  }
  return { kind: 'ran', steps };
}

if (import.meta.main) {
  const [engine = '', ...cases] = process.argv.slice(2);
  const result = await runCases(engine, cases);
  // Some libraries crash while a process ends by itself.
  process.stdout.write(JSON.stringify(result), () => process.exit(0));
}
