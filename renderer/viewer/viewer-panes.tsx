import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useKeys } from '../components/use-keys.ts';
import type { PaneState } from '../gaze/recording.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { forgetImages } from './cornerstone.ts';
import type { HangingPage } from './hanging.ts';
import { attachPointerTools } from './pointer-tools.ts';
import { applyViewerKey } from './reading-keys.ts';
import { type PaneNews, StudyViewer } from './study-viewer.ts';
import styles from './viewer-panes.module.css';

const words = messages.reading;

type ViewerPanesProps = {
  readonly page: HangingPage;
  readonly patient: string;
  readonly simulated: boolean;
  /** Where the images are not those that are read: what they are. */
  readonly earlier: string | undefined;
  readonly onState: (state: PaneState) => void;
};

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
}

/** What was done to the picture that changes where its sides lie or which of its grey values are bright. */
function wordChanges(news: Extract<PaneNews, { readonly kind: 'shown' }>): readonly string[] {
  const { flippedHorizontally, flippedVertically, turned, inverted } = words.changed;
  return [
    ...(news.flipHorizontal ? [flippedHorizontally] : []),
    ...(news.flipVertical ? [flippedVertically] : []),
    ...(news.rotation === 0 ? [] : [fill(turned, { degrees: String(news.rotation) })]),
    ...(news.inverted ? [inverted] : []),
  ];
}

function Corner({ news }: { readonly news: PaneNews | undefined }): ReactNode {
  if (news?.kind !== 'shown') return null;
  const { windowCenter, windowWidth, magnification, frame } = news;
  return (
    <>
      {wordChanges(news).map((change) => (
        <strong key={change} className={styles['changed']}>
          {change}
        </strong>
      ))}
      {windowCenter !== null && windowWidth !== null && (
        <span>
          {fill(words.window, {
            width: String(Math.round(windowWidth)),
            centre: String(Math.round(windowCenter)),
          })}
        </span>
      )}
      <span>{fill(words.zoom, { percent: String(Math.round(magnification * 100)) })}</span>
      {frame > 0 && <span>{fill(words.frame, { frame: String(frame + 1) })}</span>}
    </>
  );
}

function Message({ news }: { readonly news: PaneNews | undefined }): ReactNode {
  if (news?.kind === 'failed')
    return (
      <p className={styles['failed']} role="alert">
        {fill(words.failed, { reason: news.message })}
      </p>
    );
  if (news?.kind === 'context-lost')
    return (
      <p className={styles['failed']} role="alert">
        {words.contextLost}
      </p>
    );
  return news?.kind === 'shown' ? null : <p className={styles['loading']}>{words.loading}</p>;
}

function LivePanes({
  page,
  patient,
  simulated,
  earlier,
  onState,
  onRedraw,
}: ViewerPanesProps & { readonly onRedraw: () => void }): ReactNode {
  const elements = useRef<(HTMLDivElement | null)[]>([]);
  const viewer = useRef<StudyViewer | undefined>(undefined);
  const [news, setNews] = useState<readonly (PaneNews | undefined)[]>([]);
  const [active, setActive] = useState(0);
  const [alone, setAlone] = useState<number | undefined>(undefined);
  const activePane = alone ?? Math.min(active, page.panes.length - 1);

  const panes = alone === undefined ? page.panes : page.panes.slice(alone, alone + 1);
  const columns = alone === undefined ? page.columns : 1;

  useEffect(() => {
    const ending = new AbortController();
    const shown = elements.current.filter((element) => element !== null);
    const hung = alone === undefined ? page.panes : page.panes.slice(alone, alone + 1);
    const opened = new StudyViewer(shown.slice(0, hung.length), hung, {
      onState,
      onNews: (i, what) =>
        setNews((before) => {
          const after = [...before];
          after[i] = what;
          return after;
        }),
    });
    viewer.current = opened;
    for (const [i, element] of shown.entries())
      attachPointerTools(
        element,
        i,
        opened,
        () => {
          if (alone === undefined) setActive(i);
        },
        ending.signal,
      );
    void opened.show();
    return () => {
      ending.abort();
      viewer.current = undefined;
      opened.close();
    };
  }, [page, alone, onState]);

  const toggleAlone = (pane: number): void =>
    setAlone((now) => (now === undefined && page.panes.length > 1 ? pane : undefined));

  useKeys((event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || isTyping(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const here = viewer.current;
    if (here === undefined) return;
    if (key === 'n') setActive((now) => (now + 1) % page.panes.length);
    else if (key === 'f') toggleAlone(activePane);
    else if (key === 'r' && news.some((each) => each?.kind === 'context-lost')) onRedraw();
    else if (
      !applyViewerKey({ key, shift: event.shiftKey }, here, alone === undefined ? activePane : 0)
    )
      return;
    event.preventDefault();
  });

  return (
    <div
      className={styles['panes']}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {panes.map(({ image, anchor }, i) => (
        <div
          key={image.imageId}
          className={styles['pane']}
          data-anchor={anchor}
          data-active={panes.length > 1 && i === activePane}
          data-testid="pane"
          data-shown={news[i]?.kind === 'shown'}
          onDoubleClick={() => toggleAlone(alone ?? i)}
        >
          <div
            className={styles['canvas']}
            ref={(element) => {
              elements.current[i] = element;
            }}
          />
          <div className={styles['topLeft']}>
            <span>{patient}</span>
            <strong>{[image.laterality, image.viewPosition].filter(Boolean).join(' ')}</strong>
            {earlier !== undefined && <strong className={styles['changed']}>{earlier}</strong>}
            {(image.simulated || simulated) && (
              <span className={styles['simulated']}>{words.simulated}</span>
            )}
          </div>
          <div className={styles['bottomLeft']}>
            <Corner news={news[i]} />
          </div>
          <div className={styles['bottomRight']}>{image.attribution}</div>
          <Message news={news[i]} />
        </div>
      ))}
    </div>
  );
}

/**
 * The panes of one hanging page, with mouse and keyboard tools; cornerstone draws outside React. What was loaded is
 * kept while pages are turned and studies compared, and forgotten with the last of them.
 */
export function ViewerPanes(props: ViewerPanesProps): ReactNode {
  const [round, setRound] = useState(0);
  useEffect(() => forgetImages, []);
  const images = props.page.panes.map(({ image }) => image.imageId).join(' ');
  return (
    <LivePanes key={`${round}: ${images}`} {...props} onRedraw={() => setRound((now) => now + 1)} />
  );
}
