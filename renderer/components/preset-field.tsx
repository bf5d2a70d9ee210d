import { type ReactNode, useId } from 'react';
import { presetDataSets } from '../../shared/training/preset.ts';
import { presets } from '../../shared/training/presets.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import styles from './fields.module.css';

const words = messages.runForm;

/** What fills the form; a preset by its name. */
export type FormOrigin = 'demonstration' | 'model' | { readonly preset: string };

type PresetFieldProps = {
  readonly origin: FormOrigin;
  /** Offered where the form began from a model. */
  readonly modelVersion: number | undefined;
  readonly onChange: (origin: FormOrigin) => void;
};

/** The configuration that fills the form: the demonstration one, that of a model, or a published one by data set. */
export function PresetField({ origin, modelVersion, onChange }: PresetFieldProps): ReactNode {
  const id = useId();
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{words.preset}</label>
      <select
        id={id}
        value={typeof origin === 'string' ? origin : origin.preset}
        onChange={({ target: { value } }) =>
          onChange(value === 'demonstration' || value === 'model' ? value : { preset: value })
        }
      >
        <option value="demonstration">{words.demonstration}</option>
        {modelVersion !== undefined && (
          <option value="model">{fill(words.ofModel, { version: String(modelVersion) })}</option>
        )}
        {presetDataSets.map((dataSet) => (
          <optgroup key={dataSet} label={words.dataSets[dataSet]}>
            {presets
              .filter((preset) => preset.dataSet === dataSet)
              .map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
