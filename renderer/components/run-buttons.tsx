import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { RunDetail } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { canResume, hasEnded } from '../../shared/training/run-states.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { usePageStores } from '../store.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { ErrorLine } from './error-line.tsx';
import styles from './run-detail.module.css';

const words = messages.training;

/** Pause, resume, cancel, the place in the queue; and the way to the run's pairs. */
export function RunButtons({ run }: { readonly run: RunDetail }): ReactNode {
  const { page } = usePageStores();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<StationError>();
  const { runId, state } = run;
  const tell = async (name: 'run.pause' | 'run.resume' | 'run.cancel'): Promise<void> => {
    try {
      await station.ask(name, { runId });
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  const move = async (direction: 'up' | 'down'): Promise<void> => {
    try {
      await station.ask('run.move', { runId, direction });
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  return (
    <>
      <div className={styles['buttons']}>
        {state === 'queued' && (
          <>
            <Button isDisabled={(run.queuePlace ?? 1) <= 1} onPress={() => void move('up')}>
              {words.moveUp}
            </Button>
            <Button onPress={() => void move('down')}>{words.moveDown}</Button>
            <Button onPress={() => void tell('run.cancel')}>{words.removeRun}</Button>
          </>
        )}
        {state === 'running' && !run.holds.includes('person') && (
          <Button onPress={() => void tell('run.pause')}>{words.pause}</Button>
        )}
        {((state === 'paused' && (run.holds.length === 0 || run.holds.includes('person'))) ||
          canResume(state, run.error?.code ?? null)) && (
          <Button onPress={() => void tell('run.resume')}>{words.resume}</Button>
        )}
        {!hasEnded(state) && state !== 'queued' && (
          <Button data-kind="danger" onPress={() => setAsking(true)}>
            {words.cancelRun}
          </Button>
        )}
        {run.mined.length > 0 && (
          <Button onPress={() => page.set({ kind: 'pairs', runId })}>{words.seePairs}</Button>
        )}
      </div>
      {error !== undefined && <ErrorLine error={error} />}
      <ConfirmDialog
        title={fill(words.cancelTitle, { id: String(runId) })}
        explain={words.cancelExplain}
        confirm={words.cancelRun}
        keep={words.cancelKeep}
        isOpen={asking}
        onConfirm={() => void tell('run.cancel')}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
