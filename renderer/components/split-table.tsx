import type { ReactNode } from 'react';
import {
  type SplitCounts,
  type SplitPart,
  splitParts,
} from '../../shared/training/evaluation-result.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import styles from './split-table.module.css';

const words = messages.evaluation;

type SplitTableProps = {
  readonly classes: readonly string[];
  /** What is labelled, by class in the order of `classes`. */
  readonly labelled: SplitCounts;
  /** Patients and images of each part, labelled or not; absent: the labelled ones are counted. */
  readonly all?: Readonly<
    Record<SplitPart, { readonly patients: number; readonly images: number }>
  >;
};

/** The frozen split: patients and images of each part, and of each class in it. */
export function SplitTable({ classes, labelled, all = labelled }: SplitTableProps): ReactNode {
  const { columns } = words;
  return (
    <div className={styles['scroll']} role="group" aria-label={words.splitTitle} tabIndex={0}>
      <table className={styles['table']} data-testid="split">
        <thead>
          <tr>
            <th scope="col">{columns.part}</th>
            <th scope="col">{columns.patients}</th>
            <th scope="col">{columns.images}</th>
            {classes.map((name) => (
              <th key={name} scope="col">
                {name} <span>{words.countsOfClass}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {splitParts.map((part) => (
            <tr key={part} data-part={part}>
              <th scope="row">{words.parts[part]}</th>
              <td>{fill('{n}', { n: all[part].patients })}</td>
              <td>{fill('{n}', { n: all[part].images })}</td>
              {classes.map((name, c) => (
                <td key={name}>
                  {fill(words.counts, {
                    patients: labelled[part].patientsByClass[c] ?? 0,
                    images: labelled[part].imagesByClass[c] ?? 0,
                  })}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
