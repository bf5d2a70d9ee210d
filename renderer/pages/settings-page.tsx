import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Settings } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { ConsentSettings } from '../components/consent-settings.tsx';
import { EmptyDemonstrationButton } from '../components/demonstration-banner.tsx';
import { ErrorLine } from '../components/error-line.tsx';
import { NumberField } from '../components/fields.tsx';
import { GazeSettings } from '../components/gaze-settings.tsx';
import { MeasurePresets } from '../components/measure-presets.tsx';
import { TickBox } from '../components/tick-box.tsx';
import { TrainingRulesForm } from '../components/training-rules-form.tsx';
import { useRequest } from '../components/use-request.ts';
import { fillCount } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { useStationState } from '../store.ts';
import styles from './list-page.module.css';

const words = messages.settings;

// WebGazer comes with it: loaded when first needed.
const CalibrationPage = lazy(async () => ({
  default: (await import('./calibration-page.tsx')).CalibrationPage,
}));

type Props = {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
};

function ScreenSettings({ settings, onChange }: Props): ReactNode {
  return (
    <section className={styles['card']}>
      <h2>{words.screen}</h2>
      <p className={styles['quiet']}>{words.screenExplain}</p>
      <div className={styles['row']}>
        <NumberField
          label={words.screenWidth}
          value={settings.screenWidthMm}
          min={1}
          max={5000}
          late
          onChange={(value) => {
            if (!Number.isNaN(value)) onChange({ screenWidthMm: value });
          }}
        />
        <NumberField
          label={words.viewingDistance}
          value={settings.viewingDistanceMm}
          min={1}
          max={5000}
          late
          onChange={(value) => {
            if (!Number.isNaN(value)) onChange({ viewingDistanceMm: value });
          }}
        />
      </div>
    </section>
  );
}

/** The station's and the reader's choices; each is stored as it is made. */
export function SettingsPage(): ReactNode {
  const state = useStationState();
  const asked = useRequest('settings.get', {});
  const [stored, setStored] = useState<Settings>();
  const [error, setError] = useState<StationError>();
  const [calibrating, setCalibrating] = useState(false);
  const settings = stored ?? asked.value;

  const change = async (part: Partial<Settings>): Promise<void> => {
    try {
      setStored(await station.ask('settings.set', part));
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  const onChange = (part: Partial<Settings>): void => void change(part);
  const changeRules = async (trainingRules: Settings['trainingRules']): Promise<void> => {
    try {
      setStored(await station.ask('training-rules.set', { trainingRules }));
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  const changePresets = async (part: Pick<Settings, 'measureByModality'>): Promise<void> => {
    try {
      setStored(await station.ask('presets.set', part));
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };

  return (
    <div className={`${styles['page'] ?? ''} ${styles['narrow'] ?? ''}`}>
      <header className={styles['head']}>
        <h1>{words.title}</h1>
        <p role="status" className={styles['ok']}>
          {stored !== undefined && error === undefined ? `✓ ${words.saved}` : ''}
        </p>
        {error !== undefined && <ErrorLine error={error} />}
      </header>
      {asked.error !== undefined && <ErrorLine error={asked.error} />}
      {settings !== undefined && (
        <>
          <GazeSettings
            settings={settings}
            onChange={onChange}
            onCalibrate={() => setCalibrating(true)}
          />
          <ConsentSettings />
          <ScreenSettings settings={settings} onChange={onChange} />
          <section className={styles['card']}>
            <h2>{words.training}</h2>
            <TickBox
              isSelected={settings.pauseTrainingWhileReading}
              onChange={(pauseTrainingWhileReading) => onChange({ pauseTrainingWhileReading })}
            >
              {words.pauseTraining}
            </TickBox>
            <TickBox
              isSelected={settings.yieldToInput}
              onChange={(yieldToInput) => onChange({ yieldToInput })}
            >
              {words.yieldToInput}
            </TickBox>
            {state.user.role === 'admin' && (
              <>
                <TrainingRulesForm
                  rules={settings.trainingRules}
                  onChange={(trainingRules) => void changeRules(trainingRules)}
                />
                <MeasurePresets
                  chosen={settings.measureByModality}
                  onChange={(measureByModality) => void changePresets({ measureByModality })}
                />
              </>
            )}
          </section>
        </>
      )}
      {calibrating && settings !== undefined && (
        <Suspense fallback={<p role="status">{messages.shell.opening}</p>}>
          <CalibrationPage settings={settings} onDone={() => setCalibrating(false)} />
        </Suspense>
      )}
      <section className={styles['card']}>
        <h2>{words.folder}</h2>
        <p className={styles['quiet']}>{words.folderExplain}</p>
        <code>{state.dataFolder}</code>
      </section>
      <section className={styles['card']}>
        <h2>{words.demonstration}</h2>
        {state.demonstrationStudies === 0 ? (
          <p className={styles['quiet']}>{words.demonstrationNone}</p>
        ) : (
          <>
            <p>{fillCount(messages.shell.demonstrationBanner, state.demonstrationStudies)}</p>
            <EmptyDemonstrationButton />
          </>
        )}
      </section>
    </div>
  );
}
