import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { wordError } from '../../shared/messages/error-messages.ts';
import { type Assessment, assessments } from '../../shared/imaging/study.ts';
import type { StationError } from '../../shared/station-error.ts';
import { EarlierStudies } from '../components/earlier-studies.tsx';
import { DialogButtons, PageDialog } from '../components/page-dialog.tsx';
import { RecordingIndicator } from '../components/recording-indicator.tsx';
import { useKeys } from '../components/use-keys.ts';
import type { PaneState } from '../gaze/recording.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { toStationError } from '../station.ts';
import { hangStudy } from '../viewer/hanging.ts';
import { useTellInput } from '../viewer/use-tell-input.ts';
import { ViewerPanes } from '../viewer/viewer-panes.tsx';
import styles from './reading-page.module.css';
import { type OpenReading, useReading } from './use-reading.ts';
import { useShownStudy } from './use-shown-study.ts';

const words = messages.reading;

type ReadingPageProps = {
  readonly studyId: number;
  /** The reading is finished; null: nothing is left to read. */
  readonly onNext: (studyId: number | null) => void;
  readonly onLeave: () => void;
};

function KeyList({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <PageDialog title={words.keys} isOpen onClose={onClose}>
      <dl className={styles['keys']}>
        {words.keyList.map(([keys, what]) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <DialogButtons>
        <Button autoFocus onPress={onClose}>
          {messages.shell.close}
        </Button>
      </DialogButtons>
    </PageDialog>
  );
}

/** What is on the screen of an earlier study is no part of this reading: gaze there lies on no image. */
const keepNothing = (): void => undefined;

type OpenPageProps = {
  readonly reading: OpenReading;
  readonly onFinish: (assessment: Assessment, note: string) => Promise<number | null>;
  readonly onNext: (studyId: number | null) => void;
  readonly onLeave: () => void;
};

function OpenPage({ reading, onFinish, onNext, onLeave }: OpenPageProps): ReactNode {
  const { study, recording, why } = reading;
  const { shown, isEarlier, trouble: notShown, show, swap } = useShownStudy(study);
  const pages = useMemo(() => hangStudy(shown.modality, shown.imageList), [shown]);
  const [pageIndex, setPageIndex] = useState(0);
  const [assessment, setAssessment] = useState<Assessment | undefined>();
  const [note, setNote] = useState('');
  const [dialog, setDialog] = useState<'keys' | 'leave' | undefined>();
  const [trouble, setTrouble] = useState<string | undefined>();
  const [ending, setEnding] = useState(false);
  // The same views of an earlier study, where it has as many.
  const pageShown = Math.max(0, Math.min(pageIndex, pages.length - 1));
  const page = pages[pageShown];
  const earlier = isEarlier ? fill(words.earlier, { date: shown.studyDate }) : undefined;
  useTellInput();
  const onState = useCallback((state: PaneState) => recording?.pushState(state), [recording]);

  const finish = (): void => {
    if (ending) return;
    if (assessment === undefined) {
      setTrouble(words.chooseFirst);
      return;
    }
    setEnding(true);
    onFinish(assessment, note).then(onNext, (error: unknown) => {
      setEnding(false);
      setTrouble(wordError(toStationError(error)));
    });
  };
  const leave = (): void => {
    if (assessment === undefined && note === '') onLeave();
    else setDialog('leave');
  };

  useKeys((event) => {
    if (event.defaultPrevented || dialog !== undefined) return;
    const { key } = event;
    if (key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      finish();
      return;
    }
    const typing = event.target instanceof HTMLTextAreaElement;
    if (key === 'Escape') {
      if (typing) event.target.blur();
      else leave();
      return;
    }
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    const choice = assessments[Number(key) - 1];
    if (choice !== undefined) {
      setAssessment(choice);
      setTrouble(undefined);
    } else if (key.toLowerCase() === 'p') recording?.toggle('key');
    else if (key === '[') setPageIndex(pageShown - 1);
    else if (key === ']') setPageIndex(Math.min(pages.length - 1, pageShown + 1));
    else if (key.toLowerCase() === 'e') swap();
    else if (key === '?') setDialog('keys');
  });

  return (
    <div className={styles['page']} data-testid="reading-page">
      <header className={styles['bar']}>
        <Button onPress={leave}>{words.leave}</Button>
        <strong className={styles['patient']}>{study.patient}</strong>
        <span className={styles['what']}>
          {[messages.shell.modalities[study.modality], study.description, study.studyDate]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {pages.length > 1 && (
          <span className={styles['what']}>
            {fill(words.page, { page: pageShown + 1, pages: pages.length })}
          </span>
        )}
        {earlier !== undefined && <strong className={styles['earlier']}>{earlier}</strong>}
        <span className={styles['space']} />
        <RecordingIndicator recording={recording} why={why} />
        <Button onPress={() => setDialog('keys')}>
          {words.keys} <kbd>{words.keysHint}</kbd>
        </Button>
      </header>
      {page !== undefined && (
        <ViewerPanes
          page={page}
          patient={shown.patient}
          simulated={shown.simulated}
          earlier={earlier}
          onState={isEarlier ? keepNothing : onState}
        />
      )}
      <aside className={styles['side']}>
        <h2>{words.assessment}</h2>
        <div className={styles['choices']} role="radiogroup" aria-label={words.assessment}>
          {assessments.map((each, i) => (
            <button
              key={each}
              type="button"
              role="radio"
              aria-checked={assessment === each}
              onClick={() => {
                setAssessment(each);
                setTrouble(undefined);
              }}
            >
              <kbd>{i + 1}</kbd> {words.assessments[each]}
              {assessment === each && <span aria-hidden> ✓</span>}
            </button>
          ))}
        </div>
        <label className={styles['note']}>
          {words.note}
          <textarea value={note} rows={6} onChange={(event) => setNote(event.target.value)} />
        </label>
        <button type="button" className={styles['finish']} disabled={ending} onClick={finish}>
          {words.finish} <kbd>{words.finishHint}</kbd>
        </button>
        {trouble !== undefined && (
          <p className={styles['trouble']} role="alert">
            {trouble}
          </p>
        )}
        <h2>{words.priors}</h2>
        <EarlierStudies study={study} shownId={shown.studyId} onShow={show} />
        {notShown !== undefined && (
          <p className={styles['trouble']} role="alert">
            {notShown}
          </p>
        )}
        <p className={styles['research']}>
          {words.research} {words.notPrimary}
        </p>
      </aside>
      {dialog === 'keys' && <KeyList onClose={() => setDialog(undefined)} />}
      {dialog === 'leave' && (
        <PageDialog title={words.leaveTitle} isOpen onClose={() => setDialog(undefined)} alert>
          <p>{words.leaveBody}</p>
          <DialogButtons>
            <Button autoFocus onPress={() => setDialog(undefined)}>
              {words.stay}
            </Button>
            <Button onPress={onLeave}>{words.leave}</Button>
          </DialogButtons>
        </PageDialog>
      )}
    </div>
  );
}

const leaveByEscape =
  (onLeave: () => void) =>
  (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) onLeave();
  };

function Opening({ onLeave }: { readonly onLeave: () => void }): ReactNode {
  useKeys(leaveByEscape(onLeave));
  return (
    <p className={styles['opening']} role="status">
      {words.opening}
    </p>
  );
}

function Failed({
  error,
  onLeave,
}: {
  readonly error: StationError;
  readonly onLeave: () => void;
}): ReactNode {
  useKeys(leaveByEscape(onLeave));
  return (
    <div className={styles['opening']} role="alert">
      <p>{wordError(error)}</p>
      <Button autoFocus onPress={onLeave}>
        {words.back}
      </Button>
    </div>
  );
}

/** A study being read: the images first, the recording state always in sight, an assessment at the end. */
export function ReadingPage({ studyId, onNext, onLeave }: ReadingPageProps): ReactNode {
  const { phase, finish } = useReading(studyId);
  switch (phase.kind) {
    case 'opening':
      return <Opening onLeave={onLeave} />;
    case 'failed':
      return <Failed error={phase.error} onLeave={onLeave} />;
    case 'open':
      return (
        <OpenPage reading={phase.reading} onFinish={finish} onNext={onNext} onLeave={onLeave} />
      );
    default:
      return phase satisfies never;
  }
}
