import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { modalities } from '../shared/imaging/study.ts';
import type { ImportProgress, RunEvent } from '../shared/ipc/answers.ts';
import { wordError } from '../shared/messages/error-messages.ts';
import { StationError } from '../shared/station-error.ts';
import type { Application } from './app/application.ts';
import { exportEncoderCommand } from './cli/export-encoder.ts';
import { type CommandName, exitCodes, help } from './cli/help.ts';
import { importLabelFile } from './cli/label-file.ts';
import { createOutput, type Output } from './cli/output.ts';
import { registryCommand } from './cli/registry-commands.ts';
import { configureRun, runCommand, type RunOptions, wordWarmup } from './cli/run-command.ts';
import { createNodeHost, defaultDataFolder } from './host/node-host.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const common = { 'data-folder': text, json: flag, help: flag };
const selection = { modality: text, 'no-simulated': flag };
const thresholds = {
  'hash-threshold': text,
  'multimatch-threshold': text,
  measures: text,
  'false-positive-rate': text,
  'max-lost-share': text,
  'reader-policy': text,
  'same-patient': flag,
};

const optionsOf: Readonly<Record<CommandName, NonNullable<ParseArgsConfig['options']>>> = {
  import: common,
  mine: { ...common, ...selection, ...thresholds },
  train: {
    ...common,
    ...selection,
    ...thresholds,
    method: text,
    encoder: text,
    preset: text,
    'initial-weights': text,
    engine: text,
    'image-side': text,
    'image-width': text,
    batch: text,
    epochs: text,
    warmup: text,
    queue: text,
    'learning-rate': text,
    seed: text,
    positives: text,
    'no-gaze': flag,
    labels: text,
    'fine-tune': text,
    'skip-unknown-labels': flag,
  },
  resume: common,
  export: { ...common, ...selection },
  models: common,
  promote: { ...common, seen: text, reason: text },
  rollback: { ...common, reason: text },
  card: { ...common, out: text },
  'export-encoder': { ...common, format: text, to: text },
  doctor: common,
};

/** Commands that take words beside their options. */
const withPositionals: ReadonlySet<string> = new Set([
  'import',
  'resume',
  'promote',
  'card',
  'export-encoder',
]);

type Context = {
  readonly application: Application;
  readonly output: Output;
  readonly options: RunOptions;
  readonly paths: readonly string[];
  readonly events: { listener: ((event: RunEvent) => void) | undefined };
};

async function importCommand({ application, output, paths }: Context): Promise<number> {
  const { importer } = application;
  const importId = importer.begin(0);
  const startedMs = performance.now();
  const report = await importer.importPaths(importId, paths);
  const seconds = (performance.now() - startedMs) / 1000;
  output.result(report);
  for (const { file, error } of report.refusals) output.complain(`${file}: ${wordError(error)}`);
  output.say(
    `${report.taken} taken, ${report.alreadyThere} there already, ${report.refused} refused, of ${report.done} files in ${seconds.toFixed(1)} s (${(report.done / seconds).toFixed(1)} files/s, ${(report.bytes / 1e6 / seconds).toFixed(1)} MB/s)`,
  );
  if (report.stopped !== null) {
    output.complain(wordError(report.stopped));
    return exitCodes.failed;
  }
  return report.refused > 0 ? exitCodes.someRefused : exitCodes.ok;
}

async function exportCommand({ application, output, options }: Context): Promise<number> {
  const modality = modalities.find((each) => each === options['modality']) ?? null;
  if (options['modality'] !== undefined && modality === null) {
    output.complain(`fovea: --modality is one of ${modalities.join(', ')}.`);
    return exitCodes.usage;
  }
  const result = await application.call('export.readings', {
    modality,
    readingIds: null,
    includeSimulated: options['no-simulated'] !== true,
  });
  output.result(result);
  output.say(`${result.readings} readings with ${result.samples} samples in ${result.folder}`);
  for (const { readingId, reason } of result.leftOut)
    output.say(`Reading ${readingId} is left out: ${reason}`);
  return exitCodes.ok;
}

/** Takes up the run that was named, or answers that none was. */
async function resumeCommand({ application, output, paths, events }: Context): Promise<number> {
  const runId = Number(paths[0]);
  if (paths.length !== 1 || !Number.isInteger(runId) || runId < 1) {
    output.complain('fovea: name one run by its number: fovea resume RUN.');
    return exitCodes.usage;
  }
  const begin = async (): Promise<{ readonly runId: number }> => {
    await application.call('run.resume', { runId });
    return { runId };
  };
  return runCommand(application, begin, output, events);
}

async function execute(command: Exclude<CommandName, 'doctor'>, context: Context): Promise<number> {
  switch (command) {
    case 'import':
      return importCommand(context);
    case 'export':
      return exportCommand(context);
    case 'export-encoder':
      return exportEncoderCommand(
        context.application,
        context.paths,
        context.options,
        context.output,
      );
    case 'mine':
    case 'train': {
      const { measureByModality } = await context.application.call('settings.get', {});
      const configuration = configureRun(context.options, command === 'mine', measureByModality);
      if (typeof configuration === 'string') {
        context.output.complain(`fovea: ${configuration}`);
        return exitCodes.usage;
      }
      const warmup = wordWarmup(context.options, configuration);
      if (warmup !== undefined) context.output.say(warmup);
      const labels = context.options['labels'];
      const skipUnknown = context.options['skip-unknown-labels'] === true;
      if (typeof labels === 'string')
        await importLabelFile(context.application, labels, skipUnknown, context.output);
      const file = context.options['initial-weights'];
      const initialWeights =
        typeof file === 'string'
          ? await context.application.storeWeights(file)
          : configuration.initialWeights;
      const begun = { ...configuration, initialWeights };
      const begin = (): Promise<{ readonly runId: number }> =>
        context.application.call('run.start', begun);
      return runCommand(context.application, begin, context.output, context.events);
    }
    case 'resume':
      return resumeCommand(context);
    case 'models':
    case 'promote':
    case 'rollback':
    case 'card':
      return registryCommand(command, context);
    default:
      return command satisfies never;
  }
}

function isCommand(name: string | undefined): name is CommandName {
  return name !== undefined && Object.hasOwn(optionsOf, name);
}

/** The command line over the application, without a window. Answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(`${help.all}\n`);
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  if (!isCommand(name)) {
    process.stderr.write(`fovea: there is no command "${name}". "fovea --help" lists them.\n`);
    return exitCodes.usage;
  }
  let options: RunOptions;
  let paths: readonly string[];
  try {
    const parsed = parseArgs({
      args: rest,
      options: optionsOf[name],
      allowPositionals: withPositionals.has(name),
    });
    options = parsed.values as RunOptions;
    paths = parsed.positionals;
  } catch (error) {
    process.stderr.write(
      `fovea: ${error instanceof Error ? error.message : String(error)}\n"fovea ${name} --help" lists the options.\n`,
    );
    return exitCodes.usage;
  }
  if (options['help'] === true) {
    process.stdout.write(`${help[name]}\n`);
    return exitCodes.ok;
  }
  if (name === 'import' && (paths.length === 0 || paths.includes(''))) {
    process.stderr.write('fovea: name the files or folders to import.\n');
    return exitCodes.usage;
  }
  const output = createOutput(options['json'] === true, () => performance.now());
  const given = options['data-folder'];
  const dataFolder = typeof given === 'string' ? path.resolve(given) : defaultDataFolder();
  const { doctor } = await import('./cli/doctor.ts');
  if (name === 'doctor') return doctor(dataFolder, output);
  try {
    if (typeof given !== 'string') mkdirSync(dataFolder, { recursive: true });
    const { openApplication } = await import('./app/application.ts');
    const events: Context['events'] = { listener: undefined };
    const host = createNodeHost(dataFolder, (topic, value) => {
      if (topic === 'run.event') events.listener?.(value as RunEvent);
      else if (topic === 'import.progress') {
        const { done, total, taken, refused } = value as ImportProgress;
        output.progress(`${done} of ${total} files · ${taken} taken · ${refused} refused`);
      }
    });
    const application = await openApplication(host, {
      demonstration: false,
      unattended: false,
    });
    try {
      return await execute(name, { application, output, options, paths, events });
    } finally {
      output.endProgress();
      await application.close();
    }
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    output.complain(`fovea: ${wordError(error)}`);
    return exitCodes.failed;
  }
}
