import type { ReactNode } from 'react';
import type { TrainingRules } from '../../shared/training/hold-reasons.ts';
import { messages } from '../messages/en.ts';
import styles from '../pages/list-page.module.css';
import { NumberField } from './fields.tsx';
import { TickBox } from './tick-box.tsx';
import { TimeField } from './time-field.tsx';

const words = messages.settings;
const gib = 2 ** 30;
/** Ten at night to six in the morning. */
const usualNight = { fromMinute: 22 * 60, toMinute: 6 * 60 };

/** What training gives way to beside an open reading; for administrators. */
export function TrainingRulesForm({
  rules,
  onChange,
}: {
  readonly rules: TrainingRules;
  readonly onChange: (rules: TrainingRules) => void;
}): ReactNode {
  const { nightWindow } = rules;
  return (
    <>
      <p className={styles['quiet']}>{words.rulesExplain}</p>
      <TickBox
        isSelected={nightWindow !== null}
        onChange={(chosen) => onChange({ ...rules, nightWindow: chosen ? usualNight : null })}
      >
        {words.nightWindow}
      </TickBox>
      {nightWindow !== null && (
        <div className={styles['row']}>
          <TimeField
            label={words.nightFrom}
            value={nightWindow.fromMinute}
            onChange={(fromMinute) => {
              if (fromMinute !== null)
                onChange({ ...rules, nightWindow: { ...nightWindow, fromMinute } });
            }}
          />
          <TimeField
            label={words.nightTo}
            value={nightWindow.toMinute}
            onChange={(toMinute) => {
              if (toMinute !== null)
                onChange({ ...rules, nightWindow: { ...nightWindow, toMinute } });
            }}
          />
        </div>
      )}
      <TickBox
        isSelected={rules.pauseOnBattery}
        onChange={(pauseOnBattery) => onChange({ ...rules, pauseOnBattery })}
      >
        {words.pauseOnBattery}
      </TickBox>
      <NumberField
        label={words.leastFree}
        value={rules.leastFreeBytes / gib}
        min={0}
        max={100_000}
        late
        onChange={(value) => {
          if (value !== null && !Number.isNaN(value))
            onChange({ ...rules, leastFreeBytes: Math.round(value * gib) });
        }}
      />
    </>
  );
}
