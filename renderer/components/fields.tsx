import { type ReactNode, useId, useState } from 'react';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import styles from './fields.module.css';

type SelectFieldProps<Value extends string> = {
  readonly label: string;
  /** null: the choice `any`. */
  readonly value: Value | null;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  /** Text of the choice that gives null; without it there is none. */
  readonly any?: string;
  readonly onChange: (value: Value | null) => void;
};

/** One of a few named values. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>): ReactNode {
  const { label, value, options, any, onChange } = props;
  const id = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value ?? ''}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          onChange(chosen?.value ?? null);
        }}
      >
        {any !== undefined && <option value="">{any}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}

type NumberFieldProps = {
  readonly label: string;
  /** null: empty. */
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step?: number | 'any';
  /** Tells the value when the field is left or Enter is pressed, not at each keystroke; says itself what is not in range. */
  readonly late?: boolean;
  /** What an empty field means. */
  readonly placeholder?: string;
  /** NaN for an entry that is not a number in range, null for an empty one. */
  readonly onChange: (value: number | null) => void;
};

/** A number that is typed; what is not in range is marked and told to the caller as NaN. */
export function NumberField(props: NumberFieldProps): ReactNode {
  const { label, value, min, max, step = 'any', late = false, placeholder, onChange } = props;
  const id = useId();
  const [text, setText] = useState(value === null || Number.isNaN(value) ? '' : String(value));
  const entered = Number(text);
  const invalid = text !== '' && !(entered >= min && entered <= max);
  const tell = (next: string): void => {
    const number = Number(next);
    onChange(next === '' ? null : number >= min && number <= max ? number : Number.NaN);
  };
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={min}
        max={max}
        step={step}
        value={text}
        placeholder={placeholder}
        aria-invalid={invalid}
        onChange={(event) => {
          setText(event.target.value);
          if (!late) tell(event.target.value);
        }}
        onBlur={() => {
          if (late) tell(text);
        }}
        onKeyDown={(event) => {
          if (late && event.key === 'Enter') tell(text);
        }}
      />
      {late && invalid && (
        <p className={styles['trouble']} role="alert">
          {fill(messages.training.notInRange, { field: label, min: String(min), max: String(max) })}
        </p>
      )}
    </div>
  );
}
