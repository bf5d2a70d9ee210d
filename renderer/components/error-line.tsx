import type { ReactNode } from 'react';
import type { Failure } from '../../shared/ipc/contract.ts';
import { wordError } from '../../shared/messages/error-messages.ts';
import styles from './error-line.module.css';

/** A failure as a sentence; read out at once. */
export function ErrorLine({ error }: { readonly error: Failure }): ReactNode {
  return (
    <p role="alert" className={styles['line']}>
      <span aria-hidden="true">!</span> {wordError(error)}
    </p>
  );
}
