import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import { modalities } from '../../shared/imaging/study.ts';
import type { StationError } from '../../shared/station-error.ts';
import {
  demonstrationConfiguration,
  encoderNames,
  measureNames,
  methodNames,
  minedMeasures,
  positiveSources,
  readerPolicies,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { ErrorLine } from './error-line.tsx';
import { NumberField, SelectField } from './fields.tsx';
import {
  findFieldTrouble,
  mainFields,
  moreFields,
  readField,
  type RunField,
  thresholdFields,
  writeField,
} from './run-fields.ts';
import { ScheduleForm } from './schedule-form.tsx';
import { TickBox } from './tick-box.tsx';
import { useRequest } from './use-request.ts';
import { wordMeasures } from './word-measures.ts';
import styles from './run-form.module.css';

const words = messages.training;

type RunFormProps = {
  /** A run has not ended yet: another waits for its turn. */
  readonly underWay: boolean;
  readonly onStarted: (runId: number) => void;
};

/** What the next run shall be, with values that suit the demonstration library. */
export function RunForm({ underWay, onStarted }: RunFormProps): ReactNode {
  const { value: settings } = useRequest('settings.get', {});
  const [chosen, setConfiguration] = useState(demonstrationConfiguration);
  const configuration: RunConfiguration = {
    ...chosen,
    measureByModality: settings?.measureByModality ?? chosen.measureByModality,
  };
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<StationError>();
  const change = (part: Partial<RunConfiguration>): void =>
    setConfiguration((before) => ({ ...before, ...part }));
  const trouble = findFieldTrouble(configuration);

  const start = async (): Promise<void> => {
    setStarting(true);
    setError(undefined);
    try {
      const { runId } = await station.ask('run.start', configuration);
      onStarted(runId);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
    setStarting(false);
  };
  const numbers = (fields: readonly RunField[]): ReactNode =>
    fields
      .filter((field) => field.method === undefined || field.method === configuration.method)
      .map((field) => (
        <NumberField
          key={field.name}
          label={words.fields[field.name]}
          value={readField(configuration, field.name)}
          min={field.min}
          max={field.max}
          step={field.whole ? 1 : 'any'}
          onChange={(value) =>
            setConfiguration((before) => writeField(before, field.name, value ?? Number.NaN))
          }
        />
      ));

  return (
    <form className={styles['form']} onSubmit={(event) => event.preventDefault()}>
      <p className={styles['explain']}>{words.explain}</p>
      <div className={styles['fields']}>
        <SelectField
          label={words.fields.method}
          value={configuration.method}
          options={methodNames.map((value) => ({ value, text: words.methods[value] }))}
          onChange={(method) => method !== null && change({ method })}
        />
        <SelectField
          label={words.fields.encoder}
          value={configuration.encoder}
          options={encoderNames.map((value) => ({ value, text: words.encoders[value] }))}
          onChange={(encoder) => encoder !== null && change({ encoder })}
        />
        <SelectField
          label={words.fields.positivesFrom}
          value={configuration.positivesFrom}
          options={positiveSources.map((value) => ({ value, text: words.measures[value] }))}
          onChange={(positivesFrom) => positivesFrom !== null && change({ positivesFrom })}
        />
        <SelectField
          label={words.fields.modality}
          value={configuration.modality}
          any={messages.shell.anyModality}
          options={modalities.map((value) => ({ value, text: messages.shell.modalities[value] }))}
          onChange={(modality) => change({ modality })}
        />
        <SelectField
          label={words.fields.readerPolicy}
          value={configuration.readerPolicy}
          options={readerPolicies.map((value) => ({ value, text: words.readerPolicies[value] }))}
          onChange={(readerPolicy) => readerPolicy !== null && change({ readerPolicy })}
        />
        {numbers([...thresholdFields(configuration), ...mainFields])}
      </div>
      {configuration.positivesFrom === 'by-modality' && (
        <p className={styles['explain']}>{wordMeasures(configuration)}</p>
      )}
      <TickBox
        isSelected={configuration.falsePositiveRate !== null}
        onChange={(chance) => change({ falsePositiveRate: chance ? 0.01 : null })}
      >
        {words.fields.chance}
      </TickBox>
      <p className={styles['explain']}>{words.chanceExplain}</p>
      <TickBox
        isSelected={configuration.includeSimulated}
        onChange={(includeSimulated) => change({ includeSimulated })}
      >
        {words.fields.includeSimulated}
      </TickBox>
      <details className={styles['more']}>
        <summary>{words.advanced}</summary>
        <p className={styles['explain']}>{words.recommended}</p>
        <TickBox isSelected={configuration.useGaze} onChange={(useGaze) => change({ useGaze })}>
          {words.fields.gaze}
        </TickBox>
        <TickBox
          isSelected={configuration.samePatientPairs}
          onChange={(samePatientPairs) => change({ samePatientPairs })}
        >
          {words.fields.samePatientPairs}
        </TickBox>
        <fieldset className={styles['measures']}>
          <legend>{words.fields.measures}</legend>
          {measureNames.map((name) => (
            <TickBox
              key={name}
              isSelected={minedMeasures(configuration).includes(name)}
              isDisabled={minedMeasures({ ...configuration, measures: [] }).includes(name)}
              onChange={(chosen) =>
                change({
                  measures: configuration.measures
                    .filter((each) => each !== name)
                    .concat(chosen ? name : []),
                })
              }
            >
              {words.measures[name]}
            </TickBox>
          ))}
        </fieldset>
        <div className={styles['fields']}>{numbers(moreFields)}</div>
      </details>
      {trouble.map((sentence) => (
        <p key={sentence} role="alert" className={styles['trouble']}>
          {sentence}
        </p>
      ))}
      {error !== undefined && <ErrorLine error={error} />}
      <Button
        data-kind="primary"
        isDisabled={starting || trouble.length > 0}
        onPress={() => void start()}
      >
        {starting ? words.starting : underWay ? words.queue : words.start}
      </Button>
      {underWay && <p className={styles['explain']}>{words.underWay}</p>}
      <ScheduleForm configuration={trouble.length > 0 ? null : configuration} />
    </form>
  );
}
