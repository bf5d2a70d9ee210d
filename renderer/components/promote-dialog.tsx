import { type ReactNode, useId, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ModelComparison } from '../../shared/ipc/model-answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { ErrorLine } from './error-line.tsx';
import { ComparisonTable } from './model-comparison.tsx';
import { DialogButtons, PageDialog } from './page-dialog.tsx';
import { useRequest } from './use-request.ts';
import styles from './model-detail.module.css';

const words = messages.models;

type PromoteProps = {
  readonly version: number;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** At least one word, as the station asks for. */
const isInWords = (reason: string): boolean => /\p{L}{2,}/u.test(reason);

function Question({
  comparison,
  onDone,
  onClose,
  onRefused,
}: Omit<PromoteProps, 'version'> & {
  readonly comparison: ModelComparison;
  readonly onRefused: () => void;
}): ReactNode {
  const { candidate, missing, shown } = comparison;
  const [reason, setReason] = useState('');
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<StationError>();
  const id = useId();
  const needsReason =
    missing !== null && !(missing === 'no-champion' && candidate.evaluation !== null);
  const promote = async (): Promise<void> => {
    setWorking(true);
    try {
      await station.ask('model.promote', { version: candidate.version, reason, shown });
      onDone();
    } catch (thrown) {
      setError(toStationError(thrown));
      onRefused();
    }
    setWorking(false);
  };
  return (
    <>
      <ComparisonTable comparison={comparison} />
      {candidate.erasedReadings + candidate.erasedImages > 0 && (
        <p className={styles['warn']}>{words.erasedNote}</p>
      )}
      <p>{words.promoteExplain}</p>
      <div className={styles['reason']}>
        <label htmlFor={id}>{words.reason}</label>
        <textarea
          id={id}
          value={reason}
          maxLength={2000}
          aria-required={needsReason}
          onChange={(event) => setReason(event.target.value)}
        />
        {needsReason && <span className={styles['quiet']}>{words.reasonNeeded}</span>}
      </div>
      {error !== undefined && <ErrorLine error={error} />}
      <DialogButtons>
        <Button autoFocus onPress={onClose}>
          {messages.shell.cancel}
        </Button>
        <Button
          data-kind="primary"
          isDisabled={working || (needsReason && !isInWords(reason))}
          onPress={() => void promote()}
        >
          {words.promoteConfirm}
        </Button>
      </DialogButtons>
    </>
  );
}

/** Shows the comparison with the champion as it is now, and asks whether the model takes its place. */
export function PromoteDialog({ version, onDone, onClose }: PromoteProps): ReactNode {
  const { value, error, askAgain } = useRequest('model.compare', { version });
  return (
    <PageDialog
      alert
      wide
      isOpen
      title={fill(words.promoteTitle, { version: String(version) })}
      onClose={onClose}
    >
      {error !== undefined && <ErrorLine error={error} />}
      {value !== undefined && (
        <Question comparison={value} onDone={onDone} onClose={onClose} onRefused={askAgain} />
      )}
    </PageDialog>
  );
}
