import { writeFileSync } from 'node:fs';
import type { ModelComparison, ModelRow, ShownComparison } from '../../shared/ipc/model-answers.ts';
import type { Figure } from '../../shared/training/evaluation-result.ts';
import type { Application } from '../app/application.ts';
import { exitCodes } from './help.ts';
import type { Output } from './output.ts';
import type { RunOptions } from './run-command.ts';
import { wordWriteError } from './write-error.ts';

/** Commands of the registry. */
export type RegistryCommand = 'models' | 'promote' | 'rollback' | 'card';

type Context = {
  readonly application: Application;
  readonly output: Output;
  readonly options: RunOptions;
  readonly paths: readonly string[];
};

const researchUse = 'Research use only. Not for diagnosis.';

const round = (value: number): string => value.toFixed(3);
const word = (figure: Figure | null): string =>
  figure === null
    ? 'not evaluated'
    : `${round(figure.value)} (${round(figure.low)} to ${round(figure.high)})`;

function describeMarks(model: ModelRow): string {
  const marks = [
    model.simulated ? 'simulated' : '',
    model.erasedReadings + model.erasedImages > 0
      ? `learnt from what was erased since: ${model.erasedReadings} readings, ${model.erasedImages} images`
      : '',
    model.withdrawnReadings > 0 ? `${model.withdrawnReadings} readings withdrawn since` : '',
    model.fileDeletedAtMs === null ? '' : 'file deleted',
  ].filter((mark) => mark !== '');
  return marks.length === 0 ? '' : ` [${marks.join('; ')}]`;
}

function describeModel(model: ModelRow): string {
  const [first] = model.evaluation?.metrics ?? [];
  const aliases = model.aliases.join(' and ');
  const figure =
    first === undefined ? 'not evaluated' : `${first.method} ${first.metric} ${word(first.figure)}`;
  return `${String(model.version).padStart(4)}  ${aliases.padEnd(11)} ${model.encoder} ${model.method}, ${model.positivesFrom ?? 'without gaze'}, run ${model.runId}: ${figure}${describeMarks(model)}`;
}

/** What was shown, as the command line hands it back. */
const codeOf = (shown: ShownComparison): string =>
  [shown.championVersion, shown.championEvaluationId, shown.candidateEvaluationId]
    .map((each) => each ?? 'none')
    .join('-');

const missingWords = {
  'no-champion': 'There is no champion to compare with.',
  'not-evaluated': 'Not both models were evaluated on the frozen split.',
  'not-together':
    'The two were not judged on the same test images together, so there is no difference.',
} as const;

function showComparison(output: Output, comparison: ModelComparison): void {
  const { candidate, champion, missing, rows } = comparison;
  output.say(describeModel(candidate));
  if (champion !== null) output.say(describeModel(champion));
  for (const { method, metric, difference, ...figures } of rows)
    output.say(
      `  ${method} ${metric}: ${word(figures.candidate)} against ${word(figures.champion)}, difference ${
        difference === null
          ? 'not known'
          : `${word(difference)}${difference.low <= 0 && difference.high >= 0 ? ', no difference shown' : ''}`
      }`,
    );
  if (missing !== null) output.say(missingWords[missing]);
  output.say(researchUse);
}

function versionOf(paths: readonly string[]): number | undefined {
  const version = Number(paths[0]);
  return paths.length === 1 && Number.isSafeInteger(version) && version > 0 ? version : undefined;
}

const textOf = (value: RunOptions[string]): string => (typeof value === 'string' ? value : '');

async function promote({ application, output, options, paths }: Context): Promise<number> {
  const version = versionOf(paths);
  if (version === undefined) return usage(output, 'promote');
  const comparison = await application.call('model.compare', { version });
  const code = codeOf(comparison.shown);
  const seen = options['seen'];
  if (typeof seen !== 'string') {
    output.result(comparison);
    showComparison(output, comparison);
    output.say(
      `Nothing was changed. To promote it after this comparison: fovea promote ${version} --seen ${code}${comparison.missing === null ? '' : ' --reason "..."'}`,
    );
    return exitCodes.ok;
  }
  if (seen !== code) {
    showComparison(output, comparison);
    output.complain(
      `fovea: the comparison is another one by now (${code}). Look at it, then decide.`,
    );
    return exitCodes.failed;
  }
  const { shown } = comparison;
  const reason = textOf(options['reason']);
  const change = await application.call('model.promote', { version, reason, shown });
  output.result(change);
  output.say(`Model ${version} is the champion now, by ${change.by ?? ''}. ${researchUse}`);
  return exitCodes.ok;
}

function usage(output: Output, command: RegistryCommand): number {
  output.complain(`fovea: name the version of one model, for example "fovea ${command} 1".`);
  return exitCodes.usage;
}

/** Runs a command of the registry; answers the exit code. Throws StationError. */
export async function registryCommand(command: RegistryCommand, context: Context): Promise<number> {
  const { application, output, options, paths } = context;
  switch (command) {
    case 'models': {
      const list = await application.call('model.list', {});
      output.result(list);
      if (list.models.length === 0) output.say('No model yet: "fovea train" makes the first one.');
      for (const model of list.models) output.say(describeModel(model));
      output.say(researchUse);
      return exitCodes.ok;
    }
    case 'promote':
      return promote(context);
    case 'rollback': {
      const reason = textOf(options['reason']);
      const change = await application.call('model.rollback', { reason });
      output.result(change);
      output.say(`Model ${change.version ?? ''} is the champion again, by ${change.by ?? ''}.`);
      return exitCodes.ok;
    }
    case 'card': {
      const version = versionOf(paths);
      if (version === undefined) return usage(output, 'card');
      const card = await application.call('model.card', { version });
      output.result(card);
      const out = options['out'];
      if (typeof out === 'string') {
        try {
          writeFileSync(out, card.text);
        } catch (error) {
          throw wordWriteError(error, '--out', out);
        }
        output.say(`The card is in ${out}`);
      } else output.say(card.text.trimEnd());
      return exitCodes.ok;
    }
    default:
      return command satisfies never;
  }
}
