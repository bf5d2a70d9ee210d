import { type ReactNode, useEffect } from 'react';
import type { ReadingRow } from '../../shared/ipc/answers.ts';
import { Badges } from '../components/badge.tsx';
import { ErrorLine } from '../components/error-line.tsx';
import { keysAreTaken } from '../components/navigation-keys.ts';
import { openCase } from '../components/open-case.ts';
import { type GridColumn, RowGrid } from '../components/row-grid.tsx';
import { useKeys } from '../components/use-keys.ts';
import { useRequest } from '../components/use-request.ts';
import { fill, fillCount } from '../messages/fill.ts';
import { formatDuration, formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { station } from '../station.ts';
import { usePageStores, useStore } from '../store.ts';
import styles from './list-page.module.css';

const words = messages.readings;

const columns: readonly GridColumn<ReadingRow>[] = [
  {
    name: 'started',
    title: words.columns.started,
    width: '144px',
    cell: (row) => formatTime(row.startedAtMs),
  },
  {
    name: 'patient',
    title: words.columns.patient,
    width: 'minmax(228px, 1fr)',
    cell: (row) => row.patient,
  },
  {
    name: 'modality',
    title: words.columns.modality,
    width: '124px',
    spare: true,
    cell: (row) => messages.shell.modalities[row.modality],
  },
  {
    name: 'reader',
    title: words.columns.reader,
    width: 'minmax(166px, 0.6fr)',
    cell: (row) => row.reader,
  },
  {
    name: 'state',
    title: words.columns.state,
    width: '96px',
    cell: (row) => words.states[row.state],
  },
  {
    name: 'duration',
    title: words.columns.duration,
    width: '76px',
    cell: (row) => formatDuration(row.durationMs),
  },
  {
    name: 'assessment',
    title: words.columns.assessment,
    width: '100px',
    cell: (row) => (row.assessment === null ? '' : messages.shell.assessments[row.assessment]),
  },
  {
    name: 'source',
    title: words.columns.source,
    width: '146px',
    cell: (row) =>
      row.gazeSource === null ? words.noRecording : messages.shell.gazeSources[row.gazeSource],
  },
  {
    name: 'samples',
    title: words.columns.samples,
    width: '76px',
    spare: true,
    cell: (row) => fill('{n}', { n: row.samples }),
  },
  {
    name: 'labels',
    title: words.columns.labels,
    width: '104px',
    cell: (row) => <Badges simulated={row.simulated} />,
  },
];

/** Readings that were made, newest first; Enter replays one. */
export function ReadingsPage(): ReactNode {
  const { page, readingUnder } = usePageStores();
  const readingId = useStore(readingUnder);
  const { value, error, askAgain } = useRequest('reading.list', { studyId: null, limit: 5000 });
  useEffect(() => station.on('worklist.changed', askAgain), [askAgain]);
  const rows = value ?? [];
  // The cursor follows its reading when others are made.
  const cursor = Math.max(
    0,
    rows.findIndex((row) => row.readingId === readingId),
  );
  const under = rows[cursor];
  useKeys((event) => {
    if (keysAreTaken(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key !== messages.cases.key || under === undefined || under.samples === 0) return;
    event.preventDefault();
    openCase(page, under.readingId, null);
  });
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <h1>{words.title}</h1>
        {value !== undefined && (
          <p className={styles['quiet']}>{fillCount(words.count, value.length)}</p>
        )}
      </header>
      {error !== undefined && <ErrorLine error={error} />}
      {value?.length === 0 && <p className={styles['quiet']}>{words.empty}</p>}
      {rows.length > 0 && (
        <>
          <RowGrid
            label={words.title}
            columns={columns}
            count={rows.length}
            row={(index) => rows[index]}
            rowKey={(row) => row.readingId}
            cursor={cursor}
            onCursor={(index) => readingUnder.set(rows[index]?.readingId ?? null)}
            onOpen={(row) => page.set({ kind: 'replay', readingId: row.readingId })}
            loading=""
          />
          <p className={styles['quiet']}>{words.hint}</p>
        </>
      )}
    </div>
  );
}
