import type { ReactNode } from 'react';
import { messages } from '../messages/en.ts';
import styles from './badge.module.css';

/** Labels that must go wherever the thing goes: simulated, demonstration. */
export function Badges({
  simulated,
  demonstration = false,
}: {
  readonly simulated: boolean;
  readonly demonstration?: boolean;
}): ReactNode {
  return (
    <span className={styles['badges']}>
      {simulated && <span className={styles['simulated']}>{messages.shell.simulated}</span>}
      {demonstration && <span className={styles['demo']}>{messages.shell.demonstration}</span>}
    </span>
  );
}
