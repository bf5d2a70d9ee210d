import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { StationError } from '../../shared/station-error.ts';
import { fillCount } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { usePageStores, useStationState } from '../store.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { ErrorLine } from './error-line.tsx';
import styles from './demonstration-banner.module.css';

const words = messages.shell;

/** The button that empties the demonstration library, with its question. */
export function EmptyDemonstrationButton(): ReactNode {
  const { stationState } = usePageStores();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<StationError>();
  const empty = async (): Promise<void> => {
    try {
      await station.ask('demonstration.empty', {});
      stationState.set(await station.ask('station.state', {}));
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  return (
    <>
      <Button data-kind="quiet" onPress={() => setAsking(true)}>
        {words.emptyIt}
      </Button>
      {error !== undefined && <ErrorLine error={error} />}
      <ConfirmDialog
        title={words.emptyTitle}
        explain={words.emptyExplain}
        confirm={words.emptyConfirm}
        keep={words.keepIt}
        isOpen={asking}
        onConfirm={() => void empty()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

/** Says, above every page, that a demonstration library is loaded and what in it is simulated. */
export function DemonstrationBanner(): ReactNode {
  const { demonstrationStudies } = useStationState();
  if (demonstrationStudies === 0) return null;
  return (
    <div className={styles['banner']} role="note" data-testid="demonstration-banner">
      <span>{fillCount(words.demonstrationBanner, demonstrationStudies)}</span>
      <EmptyDemonstrationButton />
    </div>
  );
}
