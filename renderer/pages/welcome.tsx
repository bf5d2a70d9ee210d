import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { StationState } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import type { ConsentChoice } from '../components/consent-choice.ts';
import { ConsentForm } from '../components/consent-form.tsx';
import { ErrorLine } from '../components/error-line.tsx';
import { DialogButtons, PageDialog } from '../components/page-dialog.tsx';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { usePageStores, useStationState } from '../store.ts';

const words = messages.welcome;
const nothing: ConsentChoice = { record: false, train: false, export: false };

/** First start: the notice to acknowledge, then the question of consent. Shows nothing once both are answered. */
export function Welcome(): ReactNode {
  const { stationState } = usePageStores();
  const { noticeAcknowledged, consent } = useStationState();
  const [choice, setChoice] = useState(nothing);
  const [error, setError] = useState<StationError>();

  const answer = async (asking: Promise<StationState>): Promise<void> => {
    try {
      stationState.set(await asking);
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  const failure = error !== undefined && <ErrorLine error={error} />;

  if (!noticeAcknowledged)
    return (
      <PageDialog isOpen title={words.noticeTitle}>
        {words.notice.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {failure}
        <DialogButtons>
          <Button
            autoFocus
            onPress={() => void answer(station.ask('station.acknowledge-notice', {}))}
          >
            {words.acknowledge}
          </Button>
        </DialogButtons>
      </PageDialog>
    );
  if (consent !== null) return null;
  return (
    <PageDialog isOpen title={words.consentTitle}>
      <p>{words.consentIntro}</p>
      <ConsentForm choice={choice} onChange={setChoice} />
      {failure}
      <DialogButtons>
        <Button onPress={() => void answer(station.ask('consent.set', nothing))}>
          {words.notNow}
        </Button>
        <Button
          isDisabled={!choice.record}
          onPress={() => void answer(station.ask('consent.set', choice))}
        >
          {words.agree}
        </Button>
      </DialogButtons>
    </PageDialog>
  );
}
