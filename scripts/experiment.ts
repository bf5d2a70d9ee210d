// Pre-training with and without gaze on real images with SIMULATED gaze made from real lesion marks:
// npm run experiment -- --data DIR --out DIR [--set NAME] [--method NAME] [--side 96] [--hours 2]
// [--epochs N] [--seeds 3] [--threads 2]
// DIR (default ../shared/data) holds mammo-mias and fundus-idrid. docs/twin-run.md says what it does.
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../trainer/write-file.ts';
import { writeExperimentFiles } from './experiment/experiment-files.ts';
import { mostEpochs, readExperimentCommand } from './experiment/experiment-options.ts';
import { measureStepMs, planOf, stepsOfEpoch } from './experiment/experiment-plan.ts';
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

/** The epochs of an earlier start in the same folder, so that the same command goes on. */
async function readEpochs(file: string): Promise<number | undefined> {
  return existsSync(file) ? Number(await readFile(file, 'utf8')) : undefined;
}

await runScript(async () => {
  const interruption = new Interruption();
  const command = readExperimentCommand(process.argv.slice(2), Object.keys(readers) as SetName[]);
  const { recipe, seeds, threads, outFolder } = command;
  const sets = await Promise.all(
    command.sets.map((name) => readers[name](path.join(command.dataFolder, name))),
  );
  await mkdir(outFolder, { recursive: true });
  const perEpoch = stepsOfEpoch(sets, recipe.batchImages, seeds.length);
  const stepMs = await measureStepMs(recipe, threads, path.join(outFolder, 'step'));
  const budgetMs = command.hours * 3_600_000 * plannedShare;
  const epochsFile = path.join(outFolder, 'epochs.txt');
  const epochs =
    (await readEpochs(epochsFile)) ??
    command.epochs ??
    Math.max(1, Math.min(mostEpochs, Math.floor(budgetMs / (perEpoch * stepMs))));
  await writeWhole(epochsFile, `${epochs}\n`);
  console.log(
    [
      'The gaze of this experiment is SIMULATED.',
      `A step (${recipe.method}, ${recipe.encoder}, ${recipe.imageSide} px, ${recipe.batchImages} images, ${threads} threads) takes ${stepMs.toFixed(0)} ms now.`,
      `Plan: ${epochs} epochs, ${seeds.length} seeds, ${command.sets.join(' and ')}: ${perEpoch * epochs} steps, about ${wordTime((perEpoch * epochs * stepMs) / 1000)} if the machine stays as it is.`,
    ].join('\n'),
  );
  for (const set of sets) {
    const folder = path.join(outFolder, set.name);
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
