import { type ReactNode, useState } from 'react';
import type { RunRow } from '../../shared/ipc/answers.ts';
import { hasEnded } from '../../shared/training/run-states.ts';
import { ErrorLine } from '../components/error-line.tsx';
import { type GridColumn, RowGrid } from '../components/row-grid.tsx';
import { RunDetailView } from '../components/run-detail.tsx';
import { RunForm } from '../components/run-form.tsx';
import { useRunDetail, useRuns } from '../components/use-runs.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import styles from './training-page.module.css';

const words = messages.training;

const columns: readonly GridColumn<RunRow>[] = [
  { name: 'run', title: words.columns.run, width: '50px', cell: (run) => run.runId },
  {
    name: 'state',
    title: words.columns.state,
    width: 'minmax(90px, 1fr)',
    cell: (run) => words.states[run.state],
  },
  {
    name: 'started',
    title: words.columns.started,
    width: '150px',
    cell: (run) => formatTime(run.createdAtMs),
  },
];

function ChosenRun({ runId }: { readonly runId: number }): ReactNode {
  const { value, error } = useRunDetail(runId);
  return (
    <>
      {error !== undefined && <ErrorLine error={error} />}
      {value !== undefined && <RunDetailView run={value} />}
    </>
  );
}

/** Starting, watching and stopping runs; for administrators. */
export function TrainingPage(): ReactNode {
  const { value: runs, error } = useRuns();
  const [chosen, setChosen] = useState<number>();
  const rows = runs ?? [];
  const runId = chosen ?? rows[0]?.runId;
  const cursor = Math.max(
    0,
    rows.findIndex((run) => run.runId === runId),
  );
  return (
    <div className={styles['page']}>
      <div className={styles['side']}>
        <h1>{words.title}</h1>
        <RunForm underWay={rows.some((run) => !hasEnded(run.state))} onStarted={setChosen} />
        <h2>{words.runs}</h2>
        {error !== undefined && <ErrorLine error={error} />}
        {rows.length > 0 && (
          <div className={styles['runs']}>
            <RowGrid
              label={words.runs}
              columns={columns}
              count={rows.length}
              row={(index) => rows[index]}
              rowKey={(run) => run.runId}
              cursor={cursor}
              onCursor={(index) => setChosen(rows[index]?.runId)}
              loading=""
            />
          </div>
        )}
        {runs?.length === 0 && <p className={styles['quiet']}>{words.noRuns}</p>}
      </div>
      <div className={styles['detail']}>
        {runId === undefined ? (
          <p className={styles['quiet']}>{words.choose}</p>
        ) : (
          <ChosenRun key={runId} runId={runId} />
        )}
      </div>
    </div>
  );
}
