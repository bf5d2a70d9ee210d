import type { ReactNode } from 'react';
import type { ComparedMetric, ModelComparison } from '../../shared/ipc/model-answers.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { FigureCell } from './figure-cell.tsx';
import { judgeDifference } from './word-figure.ts';
import styles from './model-detail.module.css';
import table from './table.module.css';

const words = messages.models;

function Row({
  row,
  comparison,
}: {
  readonly row: ComparedMetric;
  readonly comparison: ModelComparison;
}): ReactNode {
  const { candidate, champion } = comparison;
  const verdict = judgeDifference(row.difference);
  return (
    <tr data-metric={`${row.method} ${row.metric}`} data-verdict={verdict}>
      <th scope="row">
        {words.metrics[row.metric]}, {words.methods[row.method]}
      </th>
      <FigureCell figure={row.candidate} missing={words.notEvaluated} />
      {champion !== null && (
        <>
          <FigureCell figure={row.champion} missing={words.notEvaluated} />
          <FigureCell figure={row.difference} signed />
          <td className={styles['verdict']}>
            {fill(words.verdicts[verdict], { version: String(candidate.version) })}
          </td>
        </>
      )}
    </tr>
  );
}

/** Two models side by side on the frozen split, with their differences; or why there are none. */
export function ComparisonTable({
  comparison,
}: {
  readonly comparison: ModelComparison;
}): ReactNode {
  const { candidate, champion, missing, rows } = comparison;
  const evaluation = candidate.evaluation ?? champion?.evaluation ?? null;
  const version = (of: number): string => fill(words.comparison.candidate, { version: String(of) });
  return (
    <div className={styles['comparison']} data-testid="comparison" data-missing={missing ?? ''}>
      {missing !== null && <p className={styles['warn']}>{words.missing[missing]}</p>}
      {candidate.refusal !== null && (
        <p className={styles['quiet']}>{words.refusals[candidate.refusal]}</p>
      )}
      {rows.length > 0 && (
        <table className={table['table']}>
          <thead>
            <tr>
              <th scope="col">{words.comparison.metric}</th>
              <th scope="col">{version(candidate.version)}</th>
              {champion !== null && (
                <>
                  <th scope="col">{version(champion.version)}</th>
                  <th scope="col">{words.comparison.difference}</th>
                  <th scope="col">{words.comparison.verdict}</th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={`${row.method} ${row.metric}`} row={row} comparison={comparison} />
            ))}
          </tbody>
        </table>
      )}
      {evaluation !== null && (
        <p className={styles['quiet']}>
          {fill(words.testPart, {
            images: evaluation.testImages,
            patients: evaluation.testPatients,
            labels: words.labels[evaluation.labels],
          })}
        </p>
      )}
      {evaluation?.simulated === true && <p className={styles['warn']}>{words.simulatedFigures}</p>}
      <p className={styles['use']}>{words.researchUse}</p>
    </div>
  );
}
