import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { wordError } from '../../shared/messages/error-messages.ts';
import type { StationError } from '../../shared/station-error.ts';
import { messages } from '../messages/en.ts';
import { useKeys } from './use-keys.ts';

type NotLoadedProps = {
  /** Why it cannot be loaded; undefined while it is on its way. */
  readonly error: StationError | undefined;
  readonly onBack: () => void;
};

/** What stands where a whole page is still to come, or will not; Escape and a button lead back. */
export function NotLoaded({ error, onBack }: NotLoadedProps): ReactNode {
  useKeys((event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) onBack();
  });
  return (
    <>
      <p role="status">{error === undefined ? messages.reading.loading : wordError(error)}</p>
      <Button autoFocus onPress={onBack}>
        {messages.reading.back}
      </Button>
    </>
  );
}
