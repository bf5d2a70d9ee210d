import { type ReactNode, useId } from 'react';
import { formatMinute, parseMinute } from './minutes.ts';
import styles from './fields.module.css';

type TimeFieldProps = {
  readonly label: string;
  /** Minute of the local day; null: none. */
  readonly value: number | null;
  readonly onChange: (minute: number | null) => void;
};

/** A time of day, or none. */
export function TimeField({ label, value, onChange }: TimeFieldProps): ReactNode {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="time"
        value={formatMinute(value)}
        onChange={(event) => onChange(parseMinute(event.target.value))}
      />
    </div>
  );
}
