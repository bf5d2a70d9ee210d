import type { ReactNode } from 'react';
import { Button, RadioGroup } from 'react-aria-components';
import type { Settings } from '../../shared/ipc/answers.ts';
import { fill } from '../messages/fill.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { SelectField } from './fields.tsx';
import { RadioMark } from './tick-box.tsx';
import { useRequest } from './use-request.ts';
import styles from '../pages/list-page.module.css';

const words = messages.settings;
const sources = ['webgazer', 'pointer', 'replay', 'off'] as const;

type GazeSettingsProps = {
  readonly settings: Settings;
  readonly onChange: (change: Partial<Settings>) => void;
  readonly onCalibrate: () => void;
};

function ReplayChoice({ settings, onChange }: Omit<GazeSettingsProps, 'onCalibrate'>): ReactNode {
  const { value } = useRequest('reading.list', { studyId: null, limit: 500 });
  const options = (value ?? [])
    .filter((reading) => reading.samples > 0 && reading.state !== 'open')
    .map((reading) => ({
      value: String(reading.readingId),
      text: fill(words.replayOption, {
        time: formatTime(reading.startedAtMs),
        patient: reading.patient,
        n: reading.samples,
      }),
    }));
  return (
    <SelectField
      label={words.replayReading}
      value={settings.replayReadingId === null ? null : String(settings.replayReadingId)}
      any={words.replayNone}
      options={options}
      onChange={(id) => onChange({ replayReadingId: id === null ? null : Number(id) })}
    />
  );
}

/** Where gaze comes from, each source with what it is and is not. */
export function GazeSettings({ settings, onChange, onCalibrate }: GazeSettingsProps): ReactNode {
  return (
    <section className={styles['card']}>
      <h2>{words.gaze}</h2>
      <RadioGroup
        aria-label={words.gaze}
        className={styles['choices'] ?? ''}
        value={settings.gazeSource}
        onChange={(value) => {
          const gazeSource = sources.find((source) => source === value);
          if (gazeSource !== undefined) onChange({ gazeSource });
        }}
      >
        {sources.map((source) => (
          <RadioMark key={source} value={source}>
            <strong>{words.sources[source].name}</strong>
            <span>{words.sources[source].explain}</span>
          </RadioMark>
        ))}
      </RadioGroup>
      {settings.gazeSource === 'replay' && <ReplayChoice settings={settings} onChange={onChange} />}
      {settings.gazeSource === 'webgazer' && (
        <Button onPress={onCalibrate}>{words.calibrate}</Button>
      )}
    </section>
  );
}
