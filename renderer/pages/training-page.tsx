import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { RunRow } from '../../shared/ipc/answers.ts';
import { demonstrationConfiguration } from '../../shared/training/run-configuration.ts';
import { ErrorLine } from '../components/error-line.tsx';
import { SelectField } from '../components/fields.tsx';
import type { ModelStart } from '../components/form-origin.ts';
import { FrozenSplit } from '../components/frozen-split.tsx';
import { type GridColumn, RowGrid } from '../components/row-grid.tsx';
import { ComparedRuns, mostCompared } from '../components/run-comparison.tsx';
import { RunDetailView } from '../components/run-detail.tsx';
import { RunForm } from '../components/run-form.tsx';
import { useRunDetail, useRuns } from '../components/use-runs.ts';
import { fill } from '../messages/fill.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import type { StartFrom } from '../store.ts';
import styles from './training-page.module.css';

const words = messages.training;

/** The state, and beside it the first reason why it waits. */
function wordState({ state, holds, queuePlace }: RunRow): string {
  const [hold] = holds;
  if (hold !== undefined) return words.shortHolds[hold];
  return queuePlace === null ? words.states[state] : fill(words.shortPlace, { n: queuePlace });
}

const columns: readonly GridColumn<RunRow>[] = [
  { name: 'run', title: words.columns.run, width: '46px', cell: (run) => run.runId },
  {
    name: 'state',
    title: words.columns.state,
    width: 'minmax(112px, 1fr)',
    cell: (run) => wordState(run),
  },
  {
    name: 'started',
    title: words.columns.started,
    width: 'minmax(0, 120px)',
    // The year stands in the run's own figures.
    cell: (run) => formatTime(run.createdAtMs).slice(5),
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

type CompareChoiceProps = {
  readonly others: readonly number[];
  readonly compared: readonly number[];
  readonly onChange: (compared: readonly number[]) => void;
};

/** Which runs stand beside the chosen one. */
function CompareChoice({ others, compared, onChange }: CompareChoiceProps): ReactNode {
  const free = others.filter((id) => !compared.includes(id));
  return (
    <div className={styles['compare']}>
      {compared.length < mostCompared && free.length > 0 && (
        <SelectField
          label={words.compare.open}
          value={null}
          any={words.compare.choose}
          options={free.map((id) => ({
            value: String(id),
            text: fill(words.run, { id: String(id) }),
          }))}
          onChange={(id) => {
            if (id !== null) onChange([...compared, Number(id)]);
          }}
        />
      )}
      {compared.length > 0 && <Button onPress={() => onChange([])}>{words.compare.close}</Button>}
    </div>
  );
}

/** The model with the configuration of its run; where that is not known, the usual one with the model's encoder. */
function toModelStart(from: StartFrom | null, runs: readonly RunRow[]): ModelStart | undefined {
  if (from === null) return undefined;
  const { version, sha256, runId, encoder } = from;
  const made = runs.find((run) => run.runId === runId)?.configuration;
  return {
    version,
    sha256,
    configuration: made ?? { ...demonstrationConfiguration, encoder },
  };
}

/** Starting, watching, comparing and stopping runs; for administrators. `startFrom`: a model to begin the next from. */
export function TrainingPage({ startFrom }: { readonly startFrom: StartFrom | null }): ReactNode {
  const { value: runs, error } = useRuns();
  const [chosen, setChosen] = useState<number>();
  const [compared, setCompared] = useState<readonly number[]>([]);
  const rows = runs ?? [];
  const runId = chosen ?? rows[0]?.runId;
  const cursor = Math.max(
    0,
    rows.findIndex((run) => run.runId === runId),
  );
  const beside = compared.filter((id) => id !== runId && rows.some((run) => run.runId === id));
  return (
    <div className={styles['page']}>
      <div className={styles['side']}>
        <h1>{words.title}</h1>
        {(startFrom === null || runs !== undefined) && (
          <RunForm runs={rows} model={toModelStart(startFrom, rows)} onStarted={setChosen} />
        )}
        <FrozenSplit />
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
      </div>
      <div className={styles['detail']}>
        {runId === undefined ? (
          runs !== undefined && <p className={styles['quiet']}>{words.noRuns}</p>
        ) : (
          <>
            {rows.length > 1 && (
              <CompareChoice
                others={rows.map((run) => run.runId).filter((id) => id !== runId)}
                compared={beside}
                onChange={setCompared}
              />
            )}
            {beside.length > 0 ? (
              <ComparedRuns key={beside.length} runIds={[runId, ...beside]} />
            ) : (
              <ChosenRun key={runId} runId={runId} />
            )}
          </>
        )}
      </div>
    </div>
  );
}
