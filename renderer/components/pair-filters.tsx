import type { ReactNode } from 'react';
import { messages } from '../messages/en.ts';
import { SelectField } from './fields.tsx';
import type { PairListFilter } from './use-pair-rows.ts';
import { useRequest } from './use-request.ts';
import styles from './pair-filters.module.css';

const words = messages.cases;
const verdicts = ['to-judge', 'accepted', 'refused'] as const;

/** What narrows the list of pairs, beside the slider. */
export function PairFilters({
  runId,
  filter,
  onChange,
}: {
  readonly runId: number;
  readonly filter: PairListFilter;
  readonly onChange: (filter: PairListFilter) => void;
}): ReactNode {
  const { value: choices } = useRequest('pair.choices', { runId });
  return (
    <div className={styles['filters']}>
      <SelectField
        label={words.verdicts.label}
        value={filter.verdict ?? null}
        any={words.verdicts.any}
        options={verdicts.map((value) => ({ value, text: words.verdicts[value] }))}
        onChange={(verdict) => onChange({ ...filter, verdict })}
      />
      <SelectField
        label={words.reader}
        value={filter.reader ?? null}
        any={words.anyReader}
        options={(choices?.readers ?? []).map((value) => ({ value, text: value }))}
        onChange={(reader) => onChange({ ...filter, reader })}
      />
      <SelectField
        label={messages.training.fields.modality}
        value={filter.modality ?? null}
        any={messages.shell.anyModality}
        options={(choices?.modalities ?? []).map((value) => ({
          value,
          text: messages.shell.modalities[value],
        }))}
        onChange={(modality) => onChange({ ...filter, modality })}
      />
      <SelectField
        label={words.view}
        value={filter.view ?? null}
        any={words.anyView}
        options={(choices?.views ?? []).map((value) => ({ value, text: value }))}
        onChange={(view) => onChange({ ...filter, view })}
      />
    </div>
  );
}
