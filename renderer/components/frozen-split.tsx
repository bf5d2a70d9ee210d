import type { ReactNode } from 'react';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { LabelFile } from './label-file.tsx';
import { SplitTable } from './split-table.tsx';
import { useRequest } from './use-request.ts';
import styles from './frozen-split.module.css';

const words = messages.evaluation;

/** The station's frozen split, before any run: everything in each part, and what of it is labelled. */
export function FrozenSplit(): ReactNode {
  const { value, askAgain } = useRequest('split.overview', {});
  if (value === undefined) return null;
  const { parts, classes, labelled, labels } = value;
  const source = labels === 'file' ? words.anyFile : words.labels.assessments;
  return (
    <details className={styles['split']} data-testid="frozen-split">
      <summary>{words.splitTitle}</summary>
      <p>{words.splitExplain}</p>
      <SplitTable classes={classes} labelled={labelled} all={parts} />
      <p>
        {classes.length === 0 ? words.nothingLabelled : fill(words.labelledBy, { labels: source })}
      </p>
      <LabelFile onTaken={askAgain} />
    </details>
  );
}
