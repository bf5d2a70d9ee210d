import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { StationError } from '../../shared/station-error.ts';
import { fill } from '../messages/fill.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { usePageStores, useStationState } from '../store.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import type { ConsentChoice } from './consent-choice.ts';
import { ConsentForm } from './consent-form.tsx';
import { ErrorLine } from './error-line.tsx';
import styles from '../pages/list-page.module.css';

const words = messages.settings;
const nothing: ConsentChoice = { record: false, train: false, export: false };

/** The reader's consent as it stands; changing it, and withdrawing it in one action. */
export function ConsentSettings(): ReactNode {
  const { stationState } = usePageStores();
  const { consent } = useStationState();
  const [choice, setChoice] = useState<ConsentChoice>(consent ?? nothing);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<StationError>();
  const given = consent?.record === true;
  const changed =
    choice.record !== (consent?.record ?? false) ||
    choice.train !== (consent?.train ?? false) ||
    choice.export !== (consent?.export ?? false);
  const decide = async ({ record, train, export: forExport }: ConsentChoice): Promise<void> => {
    try {
      const state = await station.ask('consent.set', { record, train, export: forExport });
      stationState.set(state);
      setChoice(state.consent ?? nothing);
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  return (
    <section className={styles['card']} data-testid="consent">
      <h2>{words.consent}</h2>
      <p role="status">
        {given && consent !== null
          ? fill(words.consentGiven, { time: formatTime(consent.atMs) })
          : words.consentWithheld}
      </p>
      <ConsentForm choice={choice} onChange={setChoice} />
      {error !== undefined && <ErrorLine error={error} />}
      <div className={styles['row']}>
        <Button isDisabled={!changed} onPress={() => void decide(choice)}>
          {words.consentSave}
        </Button>
        {given && <Button onPress={() => setAsking(true)}>{words.consentWithdraw}</Button>}
      </div>
      <ConfirmDialog
        title={words.withdrawTitle}
        explain={words.withdrawExplain}
        confirm={words.withdrawConfirm}
        keep={words.withdrawKeep}
        isOpen={asking}
        onConfirm={() => void decide(nothing)}
        onClose={() => setAsking(false)}
      />
    </section>
  );
}
