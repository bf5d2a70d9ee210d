import { type ReactNode, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { StationError } from '../../shared/station-error.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import type { Schedule } from '../../shared/training/schedule.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { ErrorLine } from './error-line.tsx';
import { NumberField } from './fields.tsx';
import { TimeField } from './time-field.tsx';
import { useRequest } from './use-request.ts';
import { wordNextRun } from './word-next-run.ts';
import styles from './run-form.module.css';

const words = messages.training.schedule;

type When = Omit<Schedule, 'configuration'>;
const never: When = { leastReadings: null, leastPairs: null, atMinute: null };

type ScheduleFormProps = {
  /** What the runs shall be; null where it cannot be used as it is. */
  readonly configuration: RunConfiguration | null;
};

/** When runs begin by themselves, and in words what comes next. */
export function ScheduleForm({ configuration }: ScheduleFormProps): ReactNode {
  const { value: state, error: unread, askAgain } = useRequest('schedule.get', {});
  const [edited, setEdited] = useState<When>();
  const [error, setError] = useState<StationError>();
  useEffect(() => station.on('schedule.changed', askAgain), [askAgain]);
  const when = edited ?? state?.schedule ?? never;
  const { leastReadings, leastPairs, atMinute } = when;
  const change = (part: Partial<When>): void =>
    setEdited({ leastReadings, leastPairs, atMinute, ...part });
  const store = async (next: When, what: RunConfiguration): Promise<void> => {
    try {
      await station.ask('schedule.set', { ...next, configuration: what });
      setError(undefined);
      setEdited(undefined);
      askAgain();
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  const unusable = Number.isNaN(leastReadings ?? 0) || Number.isNaN(leastPairs ?? 0);
  const stored = state?.schedule ?? null;
  return (
    <details className={styles['more']} data-testid="schedule">
      <summary>
        {words.title}
        {state !== undefined && <span className={styles['next']}>{wordNextRun(state.next)}</span>}
      </summary>
      <p className={styles['explain']}>{words.explain}</p>
      {state !== undefined && (
        // Typed entries begin anew with each stored schedule.
        <div className={styles['fields']} key={JSON.stringify(stored)}>
          <NumberField
            label={words.leastReadings}
            value={leastReadings}
            min={1}
            max={1_000_000}
            step={1}
            onChange={(value) => change({ leastReadings: value })}
          />
          <NumberField
            label={words.leastPairs}
            value={leastPairs}
            min={1}
            max={1_000_000_000}
            step={1}
            onChange={(value) => change({ leastPairs: value })}
          />
          <TimeField
            label={words.atTime}
            value={atMinute}
            onChange={(minute) => change({ atMinute: minute })}
          />
        </div>
      )}
      {unread !== undefined && <ErrorLine error={unread} />}
      {error !== undefined && <ErrorLine error={error} />}
      <div className={styles['buttons']}>
        <Button
          isDisabled={configuration === null || unusable}
          onPress={() => {
            if (configuration !== null) void store(when, configuration);
          }}
        >
          {words.set}
        </Button>
        <Button
          isDisabled={stored === null || state?.next === null || isNever(stored)}
          onPress={() => {
            if (stored !== null) void store(never, stored.configuration);
          }}
        >
          {words.off}
        </Button>
      </div>
    </details>
  );
}

const isNever = ({ leastReadings, leastPairs, atMinute }: When): boolean =>
  leastReadings === null && leastPairs === null && atMinute === null;
