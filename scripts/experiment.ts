// Pre-training with and without gaze on real images with SIMULATED gaze made from real lesion marks:
// npm run experiment -- --data DIR --out DIR [--side 96] [--hours 2] [--epochs N] [--seeds 3] [--set NAME]
// DIR (default ../shared/data) holds mammo-mias and fundus-idrid. docs/twin-run.md says what it does.
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { StationError } from '../shared/station-error.ts';
import { writeWhole } from '../trainer/write-file.ts';
import { writeExperimentFiles } from './experiment/experiment-files.ts';
import {
  experimentRecipe,
  measureStepMs,
  planOf,
  stepsOfEpoch,
} from './experiment/experiment-plan.ts';
import { readFundusIdrid } from './experiment/fundus-idrid.ts';
import { readMammoMias } from './experiment/mammo-mias.ts';
import {
  Interruption,
  printReport,
  runOnTerminal,
  runScript,
  wordTime,
} from './twin/terminal-run.ts';

/** The sets that are known, and how they are read. */
const readers = { 'mammo-mias': readMammoMias, 'fundus-idrid': readFundusIdrid } as const;
type SetName = keyof typeof readers;

/** Of the hours so much is planned for steps: the rest is reading, mining, probes, and slower hours. */
const plannedShare = 0.8;
const mostEpochs = 300;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: path.resolve(import.meta.dirname, '../../shared/data') },
    out: { type: 'string', default: path.join(tmpdir(), 'fovea-experiment') },
    side: { type: 'string', default: '96' },
    hours: { type: 'string', default: '2' },
    epochs: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    set: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
});

/** The epochs of an earlier start in the same folder, so that the same command goes on. */
async function readEpochs(file: string): Promise<number | undefined> {
  return existsSync(file) ? Number(await readFile(file, 'utf8')) : undefined;
}

await runScript(async () => {
  const interruption = new Interruption();
  const [seeds, threads] = [Number(values.seeds), Number(values.threads)];
  const names = (Object.keys(readers) as SetName[]).filter(
    (name) => values.set === undefined || values.set === name,
  );
  if (names.length === 0)
    throw new StationError('invalid-input', {
      field: '--set',
      problem: `known sets are ${Object.keys(readers).join(', ')}`,
    });
  const sets = await Promise.all(
    names.map((name) => readers[name](path.resolve(values.data, name))),
  );
  const out = path.resolve(values.out);
  await mkdir(out, { recursive: true });
  const recipe = { ...experimentRecipe, imageSide: Number(values.side) };
  const perEpoch = stepsOfEpoch(sets, recipe.batchImages, seeds);
  const stepMs = await measureStepMs(recipe, threads, path.join(out, 'step'));
  const budgetMs = Number(values.hours) * 3_600_000 * plannedShare;
  const epochsFile = path.join(out, 'epochs.txt');
  const epochs =
    (await readEpochs(epochsFile)) ??
    (values.epochs === undefined
      ? Math.max(1, Math.min(mostEpochs, Math.floor(budgetMs / (perEpoch * stepMs))))
      : Number(values.epochs));
  await writeWhole(epochsFile, `${epochs}\n`);
  console.log(
    [
      'The gaze of this experiment is SIMULATED.',
      `A step (${recipe.method}, ${recipe.encoder}, ${recipe.imageSide} px, ${recipe.batchImages} images, ${threads} threads) takes ${stepMs.toFixed(0)} ms now.`,
      `Plan: ${epochs} epochs, ${seeds} seeds, ${names.join(' and ')}: ${perEpoch * epochs} steps, about ${wordTime((perEpoch * epochs * stepMs) / 1000)} if the machine stays as it is.`,
    ].join('\n'),
  );
  for (const set of sets) {
    const folder = path.join(out, set.name);
    const files = await writeExperimentFiles(set, folder, 1);
    const plan = planOf(
      set,
      files,
      { ...recipe, epochs, warmupEpochs: Math.min(recipe.warmupEpochs, Math.floor(epochs / 10)) },
      seeds,
    );
    printReport(await runOnTerminal(plan, folder, threads, interruption), folder);
  }
});
