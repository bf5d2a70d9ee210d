import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ImportProgress, ImportReport } from '../../shared/ipc/answers.ts';
import { wordError } from '../../shared/messages/error-messages.ts';
import { fill, fillCount } from '../messages/fill.ts';
import { formatBytes } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { usePageStores, useStore } from '../store.ts';
import { ErrorLine } from './error-line.tsx';
import { ProgressLine } from './progress-line.tsx';
import styles from './import-panel.module.css';

const words = messages.import;
/** Refused files that are listed; the rest is counted. */
const listed = 200;

function Counts({ progress }: { readonly progress: ImportProgress }): ReactNode {
  return (
    <p className={styles['counts']}>
      <span data-testid="import-taken">
        {progress.taken} {words.counts.taken}
      </span>
      <span data-testid="import-already-there">
        {progress.alreadyThere} {words.counts.alreadyThere}
      </span>
      <span data-testid="import-refused" data-some={progress.refused > 0}>
        {progress.refused} {words.counts.refused}
      </span>
      {progress.bytes > 0 && <span>{fill(words.size, { size: formatBytes(progress.bytes) })}</span>}
    </p>
  );
}

function Refusals({ report }: { readonly report: ImportReport }): ReactNode {
  const [open, setOpen] = useState(report.refusals.length <= 5);
  const { refusals } = report;
  if (refusals.length === 0) return null;
  return (
    <>
      <Button data-kind="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
        {open ? words.hideRefusals : fillCount(words.showRefusals, refusals.length)}
      </Button>
      {open && (
        <ul
          className={styles['refusals']}
          aria-label={words.refusals}
          tabIndex={0}
          data-testid="import-refusals"
        >
          {refusals.slice(0, listed).map(({ file, error }, index) => (
            <li key={`${index} ${file}`}>
              <code>{file}</code> <span>{wordError(error)}</span>
            </li>
          ))}
          {refusals.length > listed && (
            <li>{fill(words.moreRefusals, { n: refusals.length - listed })}</li>
          )}
        </ul>
      )}
    </>
  );
}

function Report({ report }: { readonly report: ImportReport }): ReactNode {
  return (
    <>
      <h2>{report.stopped === null ? words.doneTitle : words.stoppedTitle}</h2>
      <Counts progress={report} />
      {report.stopped !== null && <ErrorLine error={report.stopped} />}
      <Refusals report={report} />
    </>
  );
}

/** The import under way, or the result of the last one until it is closed. */
export function ImportPanel(): ReactNode {
  const { importControl } = usePageStores();
  const view = useStore(importControl.view);
  if (view.kind === 'idle') return null;
  const running = view.kind === 'running' || view.kind === 'listing';
  return (
    <section
      className={styles['panel']}
      aria-label={running ? words.progress : words.doneTitle}
      aria-busy={running}
      data-testid="import-panel"
      data-kind={view.kind}
    >
      {view.kind === 'listing' && <p role="status">{words.listing}</p>}
      {view.kind === 'running' && <Running sent={view.sent} progress={view.progress} />}
      {view.kind === 'done' && <Report report={view.report} />}
      {view.kind === 'nothing' && <p role="status">{words.nothing}</p>}
      {view.kind === 'failed' && (
        <>
          <h2>{words.failedTitle}</h2>
          <ErrorLine error={view.error} />
        </>
      )}
      {!running && (
        <Button
          className={`react-aria-Button ${styles['close'] ?? ''}`}
          onPress={() => importControl.dismiss()}
        >
          {words.dismiss}
        </Button>
      )}
    </section>
  );
}

type RunningProps = {
  readonly sent: { readonly done: number; readonly total: number } | null;
  readonly progress: ImportProgress | null;
};

function Running({ sent, progress }: RunningProps): ReactNode {
  const total = sent?.total ?? progress?.total ?? 0;
  const done = sent?.done ?? progress?.done ?? 0;
  const text =
    total === 0
      ? words.listing
      : sent === null
        ? fill(words.reading, { done, total })
        : fill(words.sending, { sent: done, total });
  return (
    <>
      <p>{text}</p>
      <ProgressLine label={words.progress} done={done} total={total} />
      {progress !== null && <Counts progress={progress} />}
    </>
  );
}
