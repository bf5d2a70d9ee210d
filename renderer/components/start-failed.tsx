import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { StationError } from '../../shared/station-error.ts';
import { messages } from '../messages/en.ts';
import { ErrorLine } from './error-line.tsx';
import styles from './error-boundary.module.css';

/** Fills the window where the station's first answer was a failure. */
export function StartFailed({
  error,
  onAgain,
}: {
  readonly error: StationError;
  readonly onAgain: () => void;
}): ReactNode {
  return (
    <main className={styles['failed']}>
      <h1>{messages.shell.cannotStart}</h1>
      <ErrorLine error={error} />
      <Button autoFocus onPress={onAgain}>
        {messages.shell.tryAgain}
      </Button>
    </main>
  );
}
