import { type ReactNode, useMemo } from 'react';
import type { RunDetail } from '../../shared/ipc/answers.ts';
import { measureNames } from '../../shared/training/run-configuration.ts';
import { fill } from '../messages/fill.ts';
import { formatFigure } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { compareConfigurations } from './compare-configurations.ts';
import { CurvesOf } from './run-curves.tsx';
import { useRunDetail } from './use-runs.ts';
import styles from './run-detail.module.css';
import table from './table.module.css';

const words = messages.training;

/** At most so many runs beside the first: more lines are not told apart. */
export const mostCompared = 3;

/** A value of a configuration in words where it is one of two. */
function wordValue(value: string): string {
  if (value === 'true') return words.compare.yes;
  return value === 'false' ? words.compare.no : value;
}

type Row = { readonly name: string; readonly values: readonly string[] };

/** What came out of each run: state, images, loss, pairs by measure. */
function resultRows(runs: readonly RunDetail[]): readonly Row[] {
  const measures = measureNames.filter((name) =>
    runs.some(({ mined }) => mined.some(({ measure }) => measure === name)),
  );
  const figure = (value: number | null): string => (value === null ? '-' : formatFigure(value, 4));
  return [
    { name: words.columns.state, values: runs.map(({ state }) => words.states[state]) },
    {
      name: words.figures.images,
      values: runs.map(({ images }) => (images === null ? '-' : String(images))),
    },
    {
      name: words.compare.simulated,
      values: runs.map(({ simulated }) => (simulated ? words.compare.yes : words.compare.no)),
    },
    { name: words.figures.loss, values: runs.map(({ lastLoss }) => figure(lastLoss)) },
    {
      name: words.figures.spread,
      values: runs.map(({ points }) => figure(points.at(-1)?.embeddingSpread ?? null)),
    },
    ...measures.map((name) => ({
      name: `${words.compare.pairs}, ${words.measures[name]}`,
      values: runs.map(({ mined }) => {
        const count = mined.find(({ measure }) => measure === name);
        return count === undefined ? '-' : fill('{n}', { n: count.found });
      }),
    })),
  ];
}

function RunTable({
  title,
  compared,
  runs,
  rows,
}: {
  readonly title: string;
  /** What the first column names. */
  readonly compared: string;
  readonly runs: readonly RunDetail[];
  readonly rows: readonly Row[];
}): ReactNode {
  return (
    <div>
      <h3>{title}</h3>
      <table className={table['table']} aria-label={title}>
        <thead>
          <tr>
            <th scope="col">{compared}</th>
            {runs.map(({ runId }) => (
              <th key={runId} scope="col">
                {fill(words.run, { id: String(runId) })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {runs.map(({ runId }, index) => (
                <td key={runId}>{values[index] ?? ''}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Runs side by side: where their options differ, what came out, and their curves over each other. */
export function RunComparison({ runs }: { readonly runs: readonly RunDetail[] }): ReactNode {
  const differences = compareConfigurations(runs.map(({ configuration }) => configuration));
  const fields: Readonly<Record<string, string>> = { ...words.fields, useGaze: words.fields.gaze };
  return (
    <section className={styles['detail']} data-testid="run-comparison">
      <h2>{words.compare.title}</h2>
      {differences.length === 0 ? (
        <p className={styles['quiet']}>{words.compare.same}</p>
      ) : (
        <RunTable
          title={words.compare.differences}
          compared={words.compare.option}
          runs={runs}
          rows={differences.map(({ option, values }) => ({
            name: fields[option.split('.').at(-1) ?? ''] ?? option,
            values: values.map(wordValue),
          }))}
        />
      )}
      <RunTable
        title={words.compare.result}
        compared={words.compare.figure}
        runs={runs}
        rows={resultRows(runs)}
      />
      <CurvesOf runs={runs} />
    </section>
  );
}

/** The comparison of the chosen runs, once all of them have come; each is kept fresh. */
export function ComparedRuns({ runIds }: { readonly runIds: readonly number[] }): ReactNode {
  const [first = 0, second = 0, third, fourth] = runIds;
  const details = [
    useRunDetail(first).value,
    useRunDetail(second).value,
    useRunDetail(third ?? first).value,
    useRunDetail(fourth ?? first).value,
  ].slice(0, runIds.length);
  const [a, b, c, d] = details;
  const runs = useMemo(() => [a, b, c, d].filter((run) => run !== undefined), [a, b, c, d]);
  if (runs.length < runIds.length) return <p role="status">{messages.shell.opening}</p>;
  return <RunComparison runs={runs} />;
}
