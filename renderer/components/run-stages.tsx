import type { ReactNode } from 'react';
import type { RunDetail } from '../../shared/ipc/answers.ts';
import { hasEnded, runStages } from '../../shared/training/run-states.ts';
import { messages } from '../messages/en.ts';
import styles from './run-stages.module.css';

const words = messages.training;
const signs = { done: '✓', now: '▸', waiting: '○', stopped: '✕' } as const;
type Mark = keyof typeof signs;

/** How far each stage of a run is, in order. */
export function markStages(
  run: Pick<RunDetail, 'state' | 'stage'>,
): readonly { readonly stage: (typeof runStages)[number]; readonly mark: Mark }[] {
  const at = run.stage === null ? -1 : runStages.indexOf(run.stage);
  return runStages.map((stage, index) => {
    if (run.state === 'done' || index < at) return { stage, mark: 'done' };
    if (index > at) return { stage, mark: 'waiting' };
    return { stage, mark: hasEnded(run.state) ? 'stopped' : 'now' };
  });
}

/** The stages of a run as a line of steps. */
export function RunStages({ run }: { readonly run: RunDetail }): ReactNode {
  return (
    <ol className={styles['stages']}>
      {markStages(run).map(({ stage, mark }) => (
        <li key={stage} data-mark={mark} aria-current={mark === 'now' ? 'step' : undefined}>
          <span aria-hidden="true">{signs[mark]}</span> {words.stages[stage]}
          <span className="only-spoken"> {words.stageState[mark]}</span>
        </li>
      ))}
    </ol>
  );
}
