import type { z } from 'zod';
import { runConfiguration, type RunConfiguration } from './run-configuration.ts';

/** Two options that do not fit together. */
export type Contradiction = {
  /** The one to change. */
  readonly field: 'warmupEpochs' | 'queueLength';
  /** What is wrong and what to do, to stand behind the field's name; without a full stop. */
  readonly problem: string;
};

type Asked = Pick<
  RunConfiguration,
  'method' | 'epochs' | 'warmupEpochs' | 'batchImages' | 'queueLength'
> &
  Partial<Pick<RunConfiguration, 'mineOnly'>>;

/** What does not fit together in a run that trains; nothing of one that only mines. */
export function findContradictions(asked: Asked): readonly Contradiction[] {
  const { method, epochs, warmupEpochs, batchImages, queueLength } = asked;
  if (asked.mineOnly === true) return [];
  const found: Contradiction[] = [];
  if (warmupEpochs > 0 && warmupEpochs >= epochs)
    found.push({
      field: 'warmupEpochs',
      problem: `the warm-up does not end before the run (${warmupEpochs} of ${epochs} epochs), so the learning rate is never reached. Take fewer warm-up epochs, or more epochs`,
    });
  if (method === 'moco-v2' && queueLength % batchImages !== 0) {
    const below = Math.floor(queueLength / batchImages) * batchImages;
    const fitting = [below, below + batchImages].filter((length) => length > 0);
    found.push({
      field: 'queueLength',
      problem: `the queue must be a multiple of the batch of ${batchImages}, which would be torn at its end. Take ${fitting.join(' or ')}, or another batch`,
    });
  }
  return found;
}

/** For a schema of whole configurations: an issue for each contradiction. */
export function refuseContradictions(asked: Asked, context: z.RefinementCtx): void {
  for (const { field, problem } of findContradictions(asked))
    context.addIssue({ code: 'custom', path: [field], message: problem });
}

/** A configuration that a run may begin with; one that is stored already is read by `runConfiguration`. */
export const newRunConfiguration = runConfiguration.superRefine(refuseContradictions);

/** The warm-up of a run that is shortened to `epochs`: in the same proportion, and over before its last epoch. */
export function shortenWarmup(
  base: Pick<RunConfiguration, 'epochs' | 'warmupEpochs'>,
  epochs: number,
): number {
  if (!(epochs < base.epochs)) return base.warmupEpochs;
  const scaled = Math.round((base.warmupEpochs * epochs) / base.epochs);
  return Math.max(0, Math.min(scaled, epochs - 1));
}
