import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { wordError } from '../../shared/messages/error-messages.ts';
import { StationError } from '../../shared/station-error.ts';
import { wordWriteFault } from '../../trainer/twin/file-faults.ts';
import { runTwin, type TwinProgress } from '../../trainer/twin/run-twin.ts';
import type { TwinPlan } from '../../trainer/twin/twin-plan.ts';
import { plainTable } from '../../trainer/twin/text-table.ts';
import {
  reportTwin,
  sentenceOf,
  tableOf,
  toMarkdown,
  type TwinReport,
} from '../../trainer/twin/twin-report.ts';
import { wordAlike } from '../../trainer/twin/word-alike.ts';
import { wordFewSeeds } from '../../trainer/twin/word-figures.ts';
import { writeWhole } from '../../trainer/write-file.ts';

/** Whether somebody has asked to end (Ctrl-C, SIGTERM); a second time ends at once. */
export class Interruption {
  #asked = false;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        this.#asked = true;
        process.stderr.write('Ending after this step; finished arms are kept.\n');
      });
  }

  /** Throws StationError cancelled where somebody has. */
  async checkpoint(): Promise<void> {
    await setImmediate();
    if (this.#asked) throw new StationError('cancelled');
  }
}

/** A length of time in words. */
export function wordTime(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const tellEveryMs = 10_000;

/** Writes a line about a run's progress at most every ten seconds. */
function tellProgress(): (progress: TwinProgress) => void {
  let toldMs = -Infinity;
  return ({ arm, seed, step, steps, secondsLeft }) => {
    if (performance.now() - toldMs < tellEveryMs) return;
    toldMs = performance.now();
    const left = secondsLeft === undefined ? '' : `; about ${wordTime(secondsLeft)} left`;
    process.stderr.write(`${arm}, seed ${seed}: step ${step} of ${steps}${left}\n`);
  };
}

/**
 * Runs a plan, keeps `report.json` and `report.md` in the folder up to date after every arm, and says on the terminal
 * how it goes. Answers the last report. Throws StationError, also where the folder cannot be written or its disk is full.
 */
export async function runOnTerminal(
  plan: TwinPlan,
  outFolder: string,
  threads: number,
  interruption: Interruption,
): Promise<TwinReport> {
  const few = wordFewSeeds(plan.seeds.length);
  if (few !== undefined) process.stderr.write(`${few}\n`);
  let last: TwinReport | undefined;
  await runTwin(plan, {
    outFolder,
    threads,
    nowMs: () => performance.now(),
    onProgress: tellProgress(),
    checkpoint: () => interruption.checkpoint(),
    onArm: async (inputs, results) => {
      const report = reportTwin(plan, inputs, results);
      last = report;
      const json = `${JSON.stringify(report, undefined, 2)}\n`;
      await writeWhole(path.join(outFolder, 'report.json'), json);
      await writeWhole(path.join(outFolder, 'report.md'), toMarkdown(report));
      const newest = results.at(-1);
      if (newest !== undefined && !report.complete)
        process.stderr.write(
          `${newest.arm}, seed ${newest.seed}: done in ${wordTime(newest.seconds)}\n`,
        );
    },
  }).catch((error: unknown) => {
    // What is read is worded where it is read.
    throw wordWriteFault(error, outFolder);
  });
  if (last === undefined) throw new Error('A run that has ended has a report.');
  return last;
}

/** What came out, for a terminal. */
export function printReport(report: TwinReport, outFolder: string): void {
  const lines = [
    ...(report.simulated === null ? [] : [report.simulated]),
    ...(report.fewSeeds === null ? [] : [report.fewSeeds]),
    report.title,
    plainTable(tableOf(report, 'linear-probe', 'auc')),
    plainTable(tableOf(report, 'k-nn', 'auc')),
    ...report.arms.map((arm) => sentenceOf(report, arm)),
    ...wordAlike(report.arms),
    report.intervals,
    `Written: ${path.join(outFolder, 'report.md')} and report.json.`,
  ];
  console.log(lines.join('\n\n'));
}

/** Runs a script's main function; expected failures are worded for a person. */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    if (error.code === 'cancelled') {
      console.error('Ended. The same command goes on where it was.');
      process.exitCode = 130;
      return;
    }
    const { code, details } = error;
    console.error(wordError({ code, details }));
    process.exitCode = 2;
  }
}
