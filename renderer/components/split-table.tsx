import type { ReactNode } from 'react';
import {
  type SplitCounts,
  type SplitPart,
  splitParts,
} from '../../shared/training/evaluation-result.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import styles from './split-table.module.css';
import table from './table.module.css';

const words = messages.evaluation;

type Counts = { readonly patients: number; readonly images: number };

type SplitTableProps = {
  readonly classes: readonly string[];
  /** What is labelled, by class in the order of `classes`. */
  readonly labelled: SplitCounts;
  /** Everything in each part, labelled or not. */
  readonly all?: Readonly<Record<SplitPart, Counts>>;
};

function Row({
  name,
  of,
}: {
  readonly name: string;
  readonly of: (part: SplitPart) => Counts;
}): ReactNode {
  return (
    <tr>
      <th scope="row">{name}</th>
      {splitParts.map((part) => (
        <td key={part}>{fill(words.counts, of(part))}</td>
      ))}
    </tr>
  );
}

/** The frozen split: patients and images of each part, altogether and by class. */
export function SplitTable({ classes, labelled, all }: SplitTableProps): ReactNode {
  return (
    <table className={`${table['table']} ${styles['parts']}`} data-testid="split">
      <thead>
        <tr>
          <th scope="col">{words.countsTitle}</th>
          {splitParts.map((part) => (
            <th key={part} scope="col">
              {words.parts[part]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {all !== undefined && <Row name={words.all} of={(part) => all[part]} />}
        <Row name={words.labelled} of={(part) => labelled[part]} />
        {classes.map((name, c) => (
          <Row
            key={name}
            name={name}
            of={(part) => ({
              patients: labelled[part].patientsByClass[c] ?? 0,
              images: labelled[part].imagesByClass[c] ?? 0,
            })}
          />
        ))}
      </tbody>
    </table>
  );
}
