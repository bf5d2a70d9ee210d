import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { RunRow } from '../../shared/ipc/answers.ts';
import { modalities } from '../../shared/imaging/study.ts';
import type { StationError } from '../../shared/station-error.ts';
import {
  encoderNames,
  methodNames,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { hasEnded } from '../../shared/training/run-states.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { station, toStationError } from '../station.ts';
import { ErrorLine } from './error-line.tsx';
import { SelectField } from './fields.tsx';
import {
  fillForm,
  keepsHeads,
  type ModelStart,
  presetOf,
  wordChanges,
  wordDepartures,
} from './form-origin.ts';
import { InitialWeightsField } from './initial-weights-field.tsx';
import { type FormOrigin, PresetField } from './preset-field.tsx';
import { findFieldTrouble, mainFields } from './run-fields.ts';
import { RunNumbers } from './run-numbers.tsx';
import { RunSettings } from './run-settings.tsx';
import { ScheduleForm } from './schedule-form.tsx';
import { TickBox } from './tick-box.tsx';
import { useRequest } from './use-request.ts';
import { useWeightsCheck } from './use-weights-check.ts';
import { wordRunCost } from './word-run-cost.ts';
import styles from './run-form.module.css';

const words = messages.training;
const own = messages.runForm;

type RunFormProps = {
  /** Every run, newest first. */
  readonly runs: readonly RunRow[];
  /** The model that the form begins with, if any. */
  readonly model: ModelStart | undefined;
  readonly onStarted: (runId: number) => void;
};

/** What the next run shall be: a configuration that fills every field, and what is changed of it. */
export function RunForm({ runs, model, onStarted }: RunFormProps): ReactNode {
  const { value: settings } = useRequest('settings.get', {});
  const [origin, setOrigin] = useState<FormOrigin>(model === undefined ? 'demonstration' : 'model');
  const filled = fillForm(origin, model);
  const [chosen, setConfiguration] = useState(filled);
  /** Typed entries begin anew with each filling. */
  const [round, setRound] = useState(0);
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<StationError>();
  const change = (part: Partial<RunConfiguration>): void =>
    setConfiguration((before) => ({ ...before, ...part }));
  const begin = (from: FormOrigin): void => {
    setOrigin(from);
    setConfiguration(fillForm(from, model));
    setRound((before) => before + 1);
  };

  const preset = presetOf(filled);
  const headsStay = keepsHeads(filled, chosen);
  const configuration: RunConfiguration = {
    ...chosen,
    measureByModality: settings?.measureByModality ?? chosen.measureByModality,
    presetName: headsStay ? filled.presetName : null,
  };
  const trouble = findFieldTrouble(configuration);
  const check = useWeightsCheck(configuration, trouble.length === 0);
  const isReady = trouble.length === 0 && check.state !== 'checking' && check.state !== 'refused';
  const changes = origin === 'demonstration' ? [] : wordChanges(filled, chosen);
  const underWay = runs.some((run) => !hasEnded(run.state));

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

  return (
    <form
      className={styles['form']}
      data-testid="run-form"
      onSubmit={(event) => event.preventDefault()}
    >
      <p className={styles['explain']}>{words.explain}</p>
      <PresetField origin={origin} modelVersion={model?.version} onChange={begin} />
      {changes.length > 0 && (
        <div className={styles['changes']}>
          <p className={styles['explain']} data-testid="changed">
            {fill(own.changed, { options: changes.join(', ') })}{' '}
            {!headsStay && preset !== undefined && fill(own.stationHeads, { name: preset.name })}
          </p>
          <Button data-kind="quiet" onPress={() => begin(origin)}>
            {own.undo}
          </Button>
        </div>
      )}
      <div className={styles['fields']} key={round}>
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
          label={words.fields.modality}
          value={configuration.modality}
          any={messages.shell.anyModality}
          options={modalities.map((value) => ({ value, text: messages.shell.modalities[value] }))}
          onChange={(modality) => change({ modality })}
        />
        <RunNumbers fields={mainFields} configuration={configuration} onChange={setConfiguration} />
      </div>
      <TickBox isSelected={configuration.useGaze} onChange={(useGaze) => change({ useGaze })}>
        {words.fields.gaze}
      </TickBox>
      <TickBox
        isSelected={configuration.includeSimulated}
        onChange={(includeSimulated) => change({ includeSimulated })}
      >
        {words.fields.includeSimulated}
      </TickBox>
      <InitialWeightsField
        choice={configuration.initialWeights}
        encoder={configuration.encoder}
        check={check}
        hint={
          preset?.initialWeights.from === 'imagenet' ? own.departures['imagenet-weights'] : null
        }
        onChange={(initialWeights) => change({ initialWeights })}
        onEncoder={(encoder) => change({ encoder })}
      />
      <details className={styles['more']} data-testid="all-settings">
        <summary>{own.all}</summary>
        <div className={styles['parts']} key={round}>
          <RunSettings configuration={configuration} onChange={setConfiguration} />
        </div>
      </details>
      {preset !== undefined && (
        <details className={styles['more']} data-testid="departures">
          <summary>{own.published}</summary>
          <ul>
            {wordDepartures(preset).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
      {trouble.map((sentence) => (
        <p key={sentence} role="alert" className={styles['trouble']}>
          {sentence}
        </p>
      ))}
      {trouble.length === 0 && (
        <p className={styles['explain']} data-testid="cost">
          {wordRunCost(configuration, runs).join(' ')}
        </p>
      )}
      {error !== undefined && <ErrorLine error={error} />}
      <Button data-kind="primary" isDisabled={starting || !isReady} onPress={() => void start()}>
        {starting ? words.starting : underWay ? words.queue : words.start}
      </Button>
      {underWay && <p className={styles['explain']}>{words.underWay}</p>}
      <ScheduleForm configuration={isReady ? configuration : null} />
    </form>
  );
}
