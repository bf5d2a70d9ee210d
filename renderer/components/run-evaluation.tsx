import type { ReactNode } from 'react';
import type {
  EncoderResult,
  EvaluationResult,
  MeasuredEvaluation,
  MethodResult,
  PairedDifference,
} from '../../shared/training/evaluation-result.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { FigureCell } from './figure-cell.tsx';
import { SplitTable } from './split-table.tsx';
import {
  wordAuc,
  wordChoice,
  wordEncoder,
  wordLabels,
  wordOutcome,
  wordPValue,
  wordRefusal,
} from './word-evaluation.ts';
import { judgeDifference } from './word-figure.ts';
import styles from './run-detail.module.css';
import table from './table.module.css';

const words = messages.evaluation;
const { methods, metrics, simulatedFigures } = messages.models;

function MethodCells({ method, result }: MethodResult): ReactNode {
  return result.outcome === 'measured' ? (
    <>
      <th scope="row">
        {methods[method]} <span className={styles['quiet']}>{wordChoice(result.chosen)}</span>
      </th>
      <FigureCell figure={result.auc} />
      <FigureCell figure={result.balancedAccuracy} />
      <FigureCell figure={result.accuracy} />
    </>
  ) : (
    <>
      <th scope="row">{methods[method]}</th>
      <td colSpan={3}>{wordRefusal(result.reason, result.details)}</td>
    </>
  );
}

/** One encoder's rows, a method each; what was not asked for is not a row. */
function EncoderRows({ encoder, methods: all }: EncoderResult): ReactNode {
  const shown = all.filter(
    ({ result }) => result.outcome === 'measured' || result.reason !== 'not-run',
  );
  return (
    <tbody>
      {shown.map((one, i) => (
        <tr key={one.method} data-method={one.method} data-role={encoder.role}>
          {i === 0 && (
            <th scope="rowgroup" rowSpan={shown.length}>
              {wordEncoder(encoder)}
            </th>
          )}
          <MethodCells {...one} />
        </tr>
      ))}
    </tbody>
  );
}

function FiguresTable({ result }: { readonly result: MeasuredEvaluation }): ReactNode {
  return (
    <div>
      <h4>{words.figuresTitle}</h4>
      <table className={table['table']} data-testid="figures">
        <thead>
          <tr>
            <th scope="col">{words.columns.encoder}</th>
            <th scope="col">{words.columns.method}</th>
            <th scope="col">{metrics.auc}</th>
            <th scope="col">{metrics.balancedAccuracy}</th>
            <th scope="col">{metrics.accuracy}</th>
          </tr>
        </thead>
        {result.encoders.map((each) => (
          <EncoderRows key={each.encoder.sha256} {...each} />
        ))}
      </table>
    </div>
  );
}

function DifferenceRow({ difference: one }: { readonly difference: PairedDifference }): ReactNode {
  const verdict = judgeDifference(one.auc);
  return (
    <tr data-method={one.method} data-verdict={verdict}>
      <th scope="row">{methods[one.method]}</th>
      <FigureCell figure={one.auc} signed />
      <td>{wordPValue(one.deLong)}</td>
      <FigureCell figure={one.balancedAccuracy} signed />
      <FigureCell figure={one.accuracy} signed />
      <td>{words.verdicts[verdict]}</td>
    </tr>
  );
}

/** The judged encoder less each other one, on the same test images. */
function Differences({ result }: { readonly result: MeasuredEvaluation }): ReactNode {
  const [first, ...others] = result.encoders;
  return others.map(({ encoder }) => (
    <div key={encoder.sha256}>
      <h4>
        {fill(words.differencesTitle, {
          one: first === undefined ? '' : wordEncoder(first.encoder),
          other: wordEncoder(encoder),
        })}
      </h4>
      <table className={table['table']} data-testid="differences">
        <thead>
          <tr>
            <th scope="col">{words.columns.method}</th>
            <th scope="col">{metrics.auc}</th>
            <th scope="col">{words.columns.pValue}</th>
            <th scope="col">{metrics.balancedAccuracy}</th>
            <th scope="col">{metrics.accuracy}</th>
            <th scope="col">{words.columns.verdict}</th>
          </tr>
        </thead>
        <tbody>
          {result.differences
            .filter(({ against }) => against.sha256 === encoder.sha256)
            .map((difference) => (
              <DifferenceRow key={difference.method} difference={difference} />
            ))}
        </tbody>
      </table>
    </div>
  ));
}

/** How a run's encoder was judged: the split, its figures, and how it stands to an earlier encoder. */
export function RunEvaluation({ result }: { readonly result: EvaluationResult }): ReactNode {
  const refusal = wordOutcome(result);
  return (
    <div className={styles['evaluation']} data-testid="evaluation">
      <h3>{words.title}</h3>
      {refusal !== undefined && <p className={styles['simulated']}>{refusal}</p>}
      {result.split !== null && <SplitTable classes={result.classes} labelled={result.split} />}
      {result.outcome === 'measured' && (
        <>
          <FiguresTable result={result} />
          <Differences result={result} />
          <p className={styles['quiet']}>
            {fill(words.labelledBy, { labels: wordLabels(result) })} {wordAuc(result.classes)}{' '}
            {fill(words.explain, { rounds: result.bootstrap.rounds })}
          </p>
          {result.simulated && <p className={styles['simulated']}>{simulatedFigures}</p>}
        </>
      )}
    </div>
  );
}
