import type { ReactNode } from 'react';
import { modalities } from '../../shared/imaging/study.ts';
import { measureNames, type RunConfiguration } from '../../shared/training/run-configuration.ts';
import { messages } from '../messages/en.ts';
import { SelectField } from './fields.tsx';
import styles from '../pages/list-page.module.css';

const words = messages.settings;

/** The measure of each modality, for new runs and the case page; for administrators. */
export function MeasurePresets({
  chosen,
  onChange,
}: {
  readonly chosen: RunConfiguration['measureByModality'];
  readonly onChange: (chosen: RunConfiguration['measureByModality']) => void;
}): ReactNode {
  return (
    <>
      <h3>{words.presets}</h3>
      <p className={styles['quiet']}>{words.presetsExplain}</p>
      <div className={styles['row']}>
        {modalities.map((modality) => (
          <SelectField
            key={modality}
            label={messages.shell.modalities[modality]}
            value={chosen[modality]}
            options={measureNames.map((value) => ({
              value,
              text: messages.training.measures[value],
            }))}
            onChange={(measure) => measure !== null && onChange({ ...chosen, [modality]: measure })}
          />
        ))}
      </div>
    </>
  );
}
