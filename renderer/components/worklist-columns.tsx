import type { WorklistRow } from '../../shared/ipc/answers.ts';
import type { StudyStatus } from '../../shared/imaging/study.ts';
import { messages } from '../messages/en.ts';
import { Badges } from './badge.tsx';
import type { GridColumn } from './row-grid.tsx';

const words = messages.worklist.columns;

/** A sign beside the word, to be found at a glance. */
const signs: Readonly<Record<StudyStatus, string>> = { unread: '○', 'in-progress': '◐', read: '●' };

/** Columns of the worklist. */
export const worklistColumns: readonly GridColumn<WorklistRow>[] = [
  {
    name: 'status',
    title: words.status,
    width: '112px',
    cell: (row) => (
      <>
        <span aria-hidden="true">{signs[row.status]}</span> {messages.shell.statuses[row.status]}
      </>
    ),
  },
  {
    name: 'patient',
    title: words.patient,
    width: 'minmax(228px, 1.4fr)',
    cell: (row) => row.patient,
  },
  {
    name: 'description',
    title: words.description,
    width: 'minmax(100px, 1fr)',
    cell: (row) => row.description,
  },
  {
    name: 'modality',
    title: words.modality,
    width: '124px',
    cell: (row) => messages.shell.modalities[row.modality],
  },
  { name: 'date', title: words.date, width: '98px', cell: (row) => row.studyDate },
  { name: 'images', title: words.images, width: '66px', cell: (row) => row.images },
  {
    name: 'assessment',
    title: words.assessment,
    width: '98px',
    cell: (row) => (row.assessment === null ? '' : messages.shell.assessments[row.assessment]),
  },
  {
    name: 'labels',
    title: words.labels,
    width: '218px',
    cell: (row) => <Badges simulated={row.simulated} demonstration={row.demonstration} />,
  },
];
