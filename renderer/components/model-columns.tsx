import type { ModelRow } from '../../shared/ipc/model-answers.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { Badges } from './badge.tsx';
import type { GridColumn } from './row-grid.tsx';
import { wordFirstFigure } from './word-figure.ts';
import styles from '../pages/models-page.module.css';

const words = messages.models;
const training = messages.training;

/** Columns of the list of models. */
export const modelColumns: readonly GridColumn<ModelRow>[] = [
  { name: 'version', title: words.columns.version, width: '56px', cell: (row) => row.version },
  {
    name: 'alias',
    title: words.columns.alias,
    width: '104px',
    cell: (row) => (
      <span className={styles['alias']}>
        {row.aliases.map((alias) => words.aliases[alias]).join(', ')}
      </span>
    ),
  },
  {
    name: 'method',
    title: words.columns.method,
    width: 'minmax(160px, 1fr)',
    cell: (row) => `${training.methods[row.method]}, ${training.encoders[row.encoder]}`,
  },
  {
    name: 'gaze',
    title: words.columns.gaze,
    width: 'minmax(110px, 0.8fr)',
    cell: ({ positivesFrom }) =>
      positivesFrom === null
        ? words.withoutGaze
        : positivesFrom === 'by-modality'
          ? words.byModality
          : training.measures[positivesFrom],
  },
  {
    name: 'figure',
    title: words.columns.figure,
    width: 'minmax(236px, 1fr)',
    cell: wordFirstFigure,
  },
  {
    name: 'made',
    title: words.columns.made,
    width: '148px',
    cell: (row) => formatTime(row.createdAtMs),
  },
  {
    name: 'marks',
    title: words.columns.marks,
    width: 'minmax(234px, 1fr)',
    cell: (row) => (
      <span className={styles['marks']}>
        <Badges simulated={row.simulated} />
        {row.erasedReadings + row.erasedImages > 0 && (
          <span className={styles['mark']}>{words.marks.erased}</span>
        )}
        {row.withdrawnReadings > 0 && (
          <span className={styles['mark']}>{words.marks.withdrawn}</span>
        )}
        {row.fileDeletedAtMs !== null && (
          <span className={styles['mark']}>{words.marks.fileDeleted}</span>
        )}
      </span>
    ),
  },
];
