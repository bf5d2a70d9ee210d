import type { ReactNode } from 'react';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import { messages } from '../messages/en.ts';
import { NumberField } from './fields.tsx';
import { isAsked, readField, type RunField, writeField } from './run-fields.ts';

type RunNumbersProps = {
  readonly fields: readonly RunField[];
  readonly configuration: RunConfiguration;
  readonly onChange: (replace: (before: RunConfiguration) => RunConfiguration) => void;
};

/** Number fields of a run, those that its method and optimiser have. */
export function RunNumbers({ fields, configuration, onChange }: RunNumbersProps): ReactNode {
  return fields
    .filter((field) => isAsked(field, configuration))
    .map((field) => (
      <NumberField
        key={field.name}
        label={messages.training.fields[field.name]}
        value={readField(configuration, field.name)}
        min={field.min}
        max={field.max}
        step={field.whole ? 1 : 'any'}
        {...(field.optional && { placeholder: messages.runForm.square })}
        onChange={(value) => {
          const written = value ?? (field.optional ? null : Number.NaN);
          onChange((before) => writeField(before, field.name, written));
        }}
      />
    ));
}
