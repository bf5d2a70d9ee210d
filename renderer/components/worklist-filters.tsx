import { type ReactNode, type RefObject, useId } from 'react';
import { modalities, studyStatuses } from '../../shared/imaging/study.ts';
import { messages } from '../messages/en.ts';
import type { WorklistView } from '../store.ts';
import { SelectField } from './fields.tsx';
import styles from './worklist-filters.module.css';

const words = messages.worklist;

type WorklistFiltersProps = {
  readonly view: WorklistView;
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onChange: (change: Partial<WorklistView>) => void;
  /** Down or Enter in the search: on to the rows. */
  readonly onToRows: () => void;
};

/** Search, modality and status. */
export function WorklistFilters(props: WorklistFiltersProps): ReactNode {
  const { view, search, onChange, onToRows } = props;
  const id = useId();
  return (
    <div className={styles['filters']} role="search">
      <div className={styles['search']}>
        <label htmlFor={id}>
          {words.search} <kbd>{words.searchKey}</kbd>
        </label>
        <input
          id={id}
          ref={search}
          type="search"
          maxLength={100}
          value={view.text}
          onChange={(event) => onChange({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
            event.preventDefault();
            onToRows();
          }}
        />
      </div>
      <SelectField
        label={words.modality}
        value={view.modality}
        any={messages.shell.anyModality}
        options={modalities.map((value) => ({ value, text: messages.shell.modalities[value] }))}
        onChange={(modality) => onChange({ modality })}
      />
      <SelectField
        label={words.status}
        value={view.status}
        any={words.anyStatus}
        options={studyStatuses.map((value) => ({ value, text: messages.shell.statuses[value] }))}
        onChange={(status) => onChange({ status })}
      />
    </div>
  );
}
