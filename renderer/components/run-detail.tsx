import type { ReactNode } from 'react';
import type { RunDetail } from '../../shared/ipc/answers.ts';
import { wordError } from '../../shared/messages/error-messages.ts';
import { hasEnded, type RunStart } from '../../shared/training/run-states.ts';
import { fill } from '../messages/fill.ts';
import { formatBytes, formatDuration, formatFigure, formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { Badges } from './badge.tsx';
import { ErrorLine } from './error-line.tsx';
import { ProgressLine } from './progress-line.tsx';
import { RunButtons } from './run-buttons.tsx';
import { RunCurves } from './run-curves.tsx';
import { RunEvaluation } from './run-evaluation.tsx';
import { EncoderTable, MinedTable } from './run-results.tsx';
import { RunStages } from './run-stages.tsx';
import { findRunWarnings } from './run-warnings.ts';
import { hasFailed } from './word-evaluation.ts';
import { wordMeasures } from './word-measures.ts';
import styles from './run-detail.module.css';

const words = messages.training;

function Figure({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Figures({ run }: { readonly run: RunDetail }): ReactNode {
  const { figures } = words;
  const { startedAtMs, endedAtMs, progress, residentBytes, imagesPerSecond, lastLoss } = run;
  const ended = hasEnded(run.state);
  return (
    <dl className={styles['figures']}>
      {run.images !== null && <Figure name={figures.images} value={String(run.images)} />}
      {run.belowGate !== undefined && run.belowGate > 0 && (
        <Figure name={figures.belowGate} value={String(run.belowGate)} />
      )}
      {run.leftOut !== undefined && run.leftOut > 0 && (
        <Figure name={figures.leftOut} value={String(run.leftOut)} />
      )}
      {lastLoss !== null && <Figure name={figures.loss} value={formatFigure(lastLoss, 4)} />}
      {imagesPerSecond !== null && (
        <Figure name={figures.imagesPerSecond} value={formatFigure(imagesPerSecond)} />
      )}
      {!ended && progress !== null && progress.secondsLeft !== null && (
        <Figure name={figures.timeLeft} value={formatDuration(progress.secondsLeft * 1000)} />
      )}
      {!ended && residentBytes !== null && (
        <Figure name={figures.memory} value={formatBytes(residentBytes)} />
      )}
      {startedAtMs !== null && <Figure name={figures.started} value={formatTime(startedAtMs)} />}
      {startedAtMs !== null && endedAtMs !== null && (
        <Figure name={figures.took} value={formatDuration(endedAtMs - startedAtMs)} />
      )}
      {run.engine !== null && (
        <div className={styles['wide']}>
          <dt>{figures.engine}</dt>
          <dd>
            {run.engine}
            {run.engineReason !== null && <span>{run.engineReason}</span>}
            {run.refusedEngines.length > 0 && (
              <span data-testid="refused-engines">
                {fill(words.refusedEngines, {
                  engines: run.refusedEngines
                    .map(({ engine, reason }) => `${engine} (${reason})`)
                    .join('; '),
                })}
              </span>
            )}
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What began a run. */
const wordStart = (startedFor: RunStart, mineOnly: boolean): string =>
  startedFor === 'pairs' && mineOnly ? words.startedToMine : words.startedFor[startedFor];

/** Everything about one run: how far it is, its curves, its pairs, its encoder, and why it failed. */
export function RunDetailView({ run }: { readonly run: RunDetail }): ReactNode {
  const { configuration: chosen, progress } = run;
  const ended = hasEnded(run.state);
  const wantsLog =
    run.log.length > 0 &&
    (run.state === 'failed' || (run.evaluation !== undefined && hasFailed(run.evaluation)));
  return (
    <section className={styles['detail']} aria-busy={!ended} data-testid="run-detail">
      <header className={styles['head']}>
        <h2>{fill(words.run, { id: String(run.runId) })}</h2>
        <strong role="status" data-testid="run-state" data-state={run.state}>
          {words.states[run.state]}
        </strong>
        <span className={styles['quiet']}>
          {words.methods[chosen.method]}, {words.encoders[chosen.encoder]},{' '}
          {chosen.useGaze ? wordMeasures(chosen) : words.withoutGaze},{' '}
          {words.readerPolicies[chosen.readerPolicy]}
          {chosen.samePatientPairs ? `, ${words.withSamePatient}` : ''}
          {run.startedFor === 'hand' ? '' : `, ${wordStart(run.startedFor, chosen.mineOnly)}`}
        </span>
        <RunButtons run={run} />
      </header>
      {run.simulated && (
        <p className={styles['simulated']}>
          <Badges simulated /> {words.simulated}
        </p>
      )}
      {(run.holds.length > 0 || run.queuePlace !== null) && (
        <p role="status" className={styles['holds']} data-testid="run-holds">
          {[
            ...(run.queuePlace === null ? [] : [fill(words.place, { n: run.queuePlace })]),
            ...run.holds.map((hold) => words.holds[hold]),
          ].join('. ')}
        </p>
      )}
      <RunStages run={run} />
      {!ended && progress !== null && (
        <div className={styles['progress']}>
          <ProgressLine label={words.progress} done={progress.done} total={progress.total} />
          <span>{fill(words.stepOf, { done: progress.done, total: progress.total })}</span>
        </div>
      )}
      {run.notices.map((notice) => (
        <p key={JSON.stringify(notice)} className={styles['holds']} data-testid="run-notice">
          {wordError(notice)}
        </p>
      ))}
      {findRunWarnings(run).map((warning) => (
        <p key={warning} className={styles['holds']} data-testid="run-warning">
          {warning}
        </p>
      ))}
      {run.error !== null && <ErrorLine error={run.error} />}
      {wantsLog && (
        <details open={run.state === 'failed'} className={styles['log']}>
          <summary>{words.log}</summary>
          <pre tabIndex={0}>{run.log.slice(-20).join('\n')}</pre>
        </details>
      )}
      <Figures run={run} />
      <RunCurves run={run} />
      {run.mined.length > 0 && <MinedTable run={run} />}
      {run.evaluation !== undefined && <RunEvaluation result={run.evaluation} />}
      {run.encoder !== null && <EncoderTable encoder={run.encoder} />}
    </section>
  );
}
