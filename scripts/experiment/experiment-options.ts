import { tmpdir } from 'node:os';
import path from 'node:path';
import { methodNames } from '../../shared/training/run-configuration.ts';
import { twinPlan, type TwinPlan } from '../../trainer/twin/twin-plan.ts';
import {
  invalid,
  numberOf,
  oneOf,
  parseOptions,
  seedsOf,
  threadsOf,
  wholeOf,
} from '../twin/option-values.ts';
import { experimentRecipe } from './experiment-plan.ts';

/** What the experiment is told. */
export type ExperimentCommand<SetName extends string> = {
  /** Holds a folder for each set. */
  readonly dataFolder: string;
  readonly outFolder: string;
  readonly sets: readonly SetName[];
  /** The recipe without its epochs. */
  readonly recipe: TwinPlan['recipe'];
  readonly hours: number;
  /** As many as the hours hold where undefined. */
  readonly epochs: number | undefined;
  readonly seeds: readonly number[];
  readonly threads: number;
};

/** Most epochs of an arm, also where the hours hold more. */
export const mostEpochs = 300;

/** Reads the options of the command. `sets` are the known ones. Throws StationError invalid-input. */
export function readExperimentCommand<SetName extends string>(
  args: readonly string[],
  sets: readonly SetName[],
): ExperimentCommand<SetName> {
  const values = parseOptions(args, {
    data: { type: 'string', default: path.resolve(import.meta.dirname, '../../../shared/data') },
    out: { type: 'string', default: path.join(tmpdir(), 'fovea-experiment') },
    method: { type: 'string', default: experimentRecipe.method },
    side: { type: 'string', default: String(experimentRecipe.imageSide) },
    hours: { type: 'string', default: '2' },
    epochs: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    set: { type: 'string' },
    threads: { type: 'string', default: '2' },
  });
  const recipe = twinPlan.shape.recipe.safeParse({
    ...experimentRecipe,
    method: oneOf('--method', methodNames, values.method),
    imageSide: numberOf('--side', values.side),
  });
  if (!recipe.success)
    throw invalid('--side', recipe.error.issues[0]?.message ?? 'check the options');
  return {
    dataFolder: path.resolve(values.data),
    outFolder: path.resolve(values.out),
    sets: values.set === undefined ? sets : [oneOf('--set', sets, values.set)],
    recipe: recipe.data,
    hours: numberOf('--hours', values.hours, [0.01, 1000]),
    epochs:
      values.epochs === undefined ? undefined : wholeOf('--epochs', values.epochs, mostEpochs),
    seeds: seedsOf(values.seeds),
    threads: threadsOf(values.threads),
  };
}
