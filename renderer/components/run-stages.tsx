import type { ReactNode } from 'react';
import type { RunDetail } from '../../shared/ipc/answers.ts';
import { messages } from '../messages/en.ts';
import { markStages, type StageMark } from './mark-stages.ts';
import styles from './run-stages.module.css';

const words = messages.training;
const signs: Readonly<Record<StageMark, string>> = {
  done: '✓',
  now: '▸',
  waiting: '○',
  stopped: '✕',
};

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
