import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { PairSide } from '../../shared/ipc/answers.ts';
import type { SimilarCase, SimilarCases } from '../../shared/ipc/case-answers.ts';
import { type MeasureName, measureNames } from '../../shared/training/run-configuration.ts';
import { ErrorLine } from '../components/error-line.tsx';
import { SelectField } from '../components/fields.tsx';
import { LayerToggles, toggleLayer, usualLayers } from '../components/layer-toggles.tsx';
import { moveCursor } from '../components/list-keys.ts';
import { keysAreTaken } from '../components/navigation-keys.ts';
import { NotLoaded } from '../components/not-loaded.tsx';
import { PairSideView } from '../components/pair-side.tsx';
import { SimilarList } from '../components/similar-list.tsx';
import { TickBox } from '../components/tick-box.tsx';
import { useKeys } from '../components/use-keys.ts';
import { useRequest } from '../components/use-request.ts';
import { fill, fillCount } from '../messages/fill.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { type LoadedReplay, useReplay } from '../viewer/use-replay.ts';
import styles from './case-page.module.css';

const words = messages.cases;
const mostShown = 20;

type CasePageProps = {
  readonly readingId: number;
  /** Null: the first image with gaze. */
  readonly imageId: number | null;
  readonly onBack: () => void;
};

const toSide = ({
  image,
  studyId,
  patient,
  modality,
  readingId,
  simulated,
}: SimilarCase): PairSide => ({
  image,
  studyId,
  patient,
  modality,
  readingId,
  simulated,
});

/** How the search was made and what it left out. */
function Searched({ answer }: { readonly answer: SimilarCases }): ReactNode {
  const { candidates, chanceRunId, notYetDescribed, reason } = answer;
  return (
    <div data-testid="searched">
      {reason === null ? (
        <p className={styles['quiet']}>{fillCount(words.searched, candidates)}</p>
      ) : (
        <p role="alert">{words.reasons[reason]}</p>
      )}
      {notYetDescribed > 0 && (
        <p className={styles['quiet']}>{fillCount(words.notYet, notYetDescribed)}</p>
      )}
      {reason === null && (
        <p className={styles['quiet']}>
          {chanceRunId === null
            ? words.noChanceRun
            : fill(words.chanceRun, { id: String(chanceRunId) })}
        </p>
      )}
    </div>
  );
}

function LoadedCase({
  loaded,
  imageId,
  onBack,
}: Omit<CasePageProps, 'readingId'> & { readonly loaded: LoadedReplay }): ReactNode {
  const { replay, gaze } = loaded;
  const { imageList } = replay.study;
  const seen = imageList.filter((each) => gaze.some((one) => one.imageId === each.imageId));
  const [shownId, setShownId] = useState(imageId ?? seen[0]?.imageId);
  const image = seen.find((each) => each.imageId === shownId) ?? seen[0];
  const [chosen, setChosen] = useState<MeasureName>();
  const [sameReader, setSameReader] = useState(false);
  const [layers, setLayers] = useState(usualLayers);
  const [cursor, setCursor] = useState(0);
  const [opened, setOpened] = useState<SimilarCase>();
  const { value: settings } = useRequest('settings.get', {});
  const { value: others } = useRequest('reading.list', { studyId: replay.studyId, limit: 5 });
  const measure = chosen ?? settings?.measureByModality[replay.modality];
  const { value: answer, error } = useRequest(
    'reading.similar',
    image === undefined || measure === undefined
      ? null
      : {
          readingId: replay.readingId,
          imageId: image.imageId,
          measure,
          limit: mostShown,
          sameReader,
        },
  );
  const cases = answer?.cases ?? [];
  const shown = opened ?? cases[0];
  const begin = (): void => {
    setCursor(0);
    setOpened(undefined);
  };
  const open = (index: number): void => {
    setCursor(index);
    setOpened(cases[index]);
  };
  const showImage = (step: number): void => {
    const at = seen.findIndex((each) => each.imageId === image?.imageId);
    const next = seen[Math.min(seen.length - 1, Math.max(0, at + step))];
    if (next === undefined || next === image) return;
    setShownId(next.imageId);
    begin();
  };
  useKeys((event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') {
      onBack();
      return;
    }
    if (keysAreTaken(event.target)) return;
    const toggled = event.key === 'c' ? undefined : toggleLayer(event.key, layers);
    const moved = moveCursor(event.key, cursor, cases.length, 5);
    if (toggled !== undefined) setLayers(toggled);
    else if (moved !== undefined) setCursor(moved);
    else if (event.key === '[') showImage(-1);
    else if (event.key === ']') showImage(1);
    else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) open(cursor);
    else return;
    event.preventDefault();
  });
  const own: PairSide | undefined =
    image === undefined
      ? undefined
      : {
          image,
          studyId: replay.studyId,
          patient: replay.patient,
          modality: replay.modality,
          readingId: replay.readingId,
          simulated: replay.simulated || image.simulated,
        };
  return (
    <div className={styles['page']} data-testid="case-page">
      <header className={styles['head']}>
        <Button onPress={onBack}>{words.back}</Button>
        <h1>{words.title}</h1>
        <span className={styles['quiet']}>
          {[
            replay.reader,
            formatTime(replay.startedAtMs),
            replay.assessment === null ? null : messages.shell.assessments[replay.assessment],
          ]
            .filter((part) => part !== null)
            .join(', ')}
        </span>
        <span className={styles['images']}>
          {seen.map((each, n) => (
            <button
              key={each.imageId}
              type="button"
              aria-pressed={each === image}
              onClick={() => {
                setShownId(each.imageId);
                begin();
              }}
            >
              {[each.laterality, each.viewPosition].filter(Boolean).join(' ') ||
                fill(words.chooseImage, { n: n + 1 })}
            </button>
          ))}
        </span>
        {measure !== undefined && (
          <SelectField
            label={messages.pairs.measure}
            value={measure}
            options={measureNames.map((value) => ({
              value,
              text: messages.training.measures[value],
            }))}
            onChange={(value) => {
              if (value !== null) setChosen(value);
              begin();
            }}
          />
        )}
        <TickBox
          isSelected={sameReader}
          onChange={(on) => {
            setSameReader(on);
            begin();
          }}
        >
          {words.sameReader}
        </TickBox>
        <LayerToggles layers={layers} onChange={setLayers} withShared={false} />
      </header>
      <div className={styles['body']}>
        <div className={styles['side']}>
          {own === undefined ? (
            <p>{messages.reading.replay.noGaze}</p>
          ) : (
            <PairSideView title={words.this} side={own} layers={layers} />
          )}
          <p className={styles['quiet']}>
            {words.readingsOf}:{' '}
            {(others ?? [])
              .slice(0, 5)
              .map(({ reader, startedAtMs, assessment }) =>
                [
                  reader,
                  formatTime(startedAtMs),
                  assessment === null ? null : messages.shell.assessments[assessment],
                ]
                  .filter((part) => part !== null)
                  .join(' '),
              )
              .join('; ')}
          </p>
        </div>
        <div className={styles['side']}>
          {shown !== undefined && (
            <PairSideView title={words.other} side={toSide(shown)} layers={layers} />
          )}
        </div>
        <div className={styles['list']}>
          <h2>{words.similar}</h2>
          {error !== undefined && <ErrorLine error={error} />}
          {answer === undefined && error === undefined && image !== undefined && (
            <p role="status">{words.searching}</p>
          )}
          {answer?.reason === null && cases.length === 0 && <p>{words.nothing}</p>}
          {cases.length > 0 && (
            <SimilarList cases={cases} cursor={cursor} opened={shown} onOpen={open} />
          )}
          {answer !== undefined && <Searched answer={answer} />}
        </div>
      </div>
      <footer className={styles['quiet']}>
        <strong className={styles['use']}>{messages.shell.researchUse}</strong> {words.hint}
      </footer>
    </div>
  );
}

/** A reading of an image beside the cases that were looked at like it. */
export function CasePage({ readingId, imageId, onBack }: CasePageProps): ReactNode {
  const { loaded, error } = useReplay(readingId);
  if (loaded !== undefined) return <LoadedCase loaded={loaded} imageId={imageId} onBack={onBack} />;
  return (
    <div className={styles['page']}>
      <NotLoaded error={error} onBack={onBack} />
    </div>
  );
}
