import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { measureQuality } from '../../shared/gaze/quality.ts';
import { LandmarkButtons } from '../components/landmark-buttons.tsx';
import { NotLoaded } from '../components/not-loaded.tsx';
import { openCase } from '../components/open-case.ts';
import { useKeys } from '../components/use-keys.ts';
import { useRequest } from '../components/use-request.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { usePageStores } from '../store.ts';
import { drawHeatmap, drawScanpath } from '../viewer/draw-gaze.ts';
import { LandmarkLayer } from '../viewer/landmark-layer.tsx';
import { Picture } from '../viewer/picture.tsx';
import { useLandmarks } from '../viewer/use-landmarks.ts';
import { type LoadedReplay, useReplay } from '../viewer/use-replay.ts';
import styles from './replay-page.module.css';

const words = messages.reading;
const { models } = messages;

type ReplayPageProps = { readonly readingId: number; readonly onBack: () => void };

/** Height that is left for the picture, and whether the window changed it. */
function useStageHeight(): readonly [React.RefObject<HTMLDivElement | null>, number] {
  const stage = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const element = stage.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [stage, height];
}

function Tick({
  label,
  on,
  onChange,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}): ReactNode {
  return (
    <label>
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

function LoadedPage({
  loaded,
  onBack,
}: {
  readonly loaded: LoadedReplay;
  readonly onBack: () => void;
}): ReactNode {
  const { replay, gaze } = loaded;
  const { page: pageStore } = usePageStores();
  const { value: learnt } = useRequest('model.of-reading', { readingId: replay.readingId });
  const versions = learnt?.versions ?? [];
  const images = replay.study.imageList;
  const firstSeen = images.findIndex((image) => gaze.some((g) => g.imageId === image.imageId));
  const [index, setIndex] = useState(Math.max(0, firstSeen));
  const [heatmap, setHeatmap] = useState(true);
  const [scanpath, setScanpath] = useState(true);
  const [samples, setSamples] = useState(false);
  const [opacity, setOpacity] = useState(60);
  const endMs = useMemo(
    () => replay.sampleList.reduce((last, sample) => Math.max(last, sample.tUs / 1000), 0),
    [replay],
  );
  const [untilMs, setUntilMs] = useState(endMs);
  const [playing, setPlaying] = useState(false);
  const [stage, height] = useStageHeight();
  const heat = useRef<HTMLCanvasElement>(null);
  const path = useRef<HTMLCanvasElement>(null);
  const image = images[index];
  const here = gaze.find((each) => each.imageId === image?.imageId);
  const isFundus = replay.study.modality === 'OP';
  const landmarks = useLandmarks(isFundus ? image : undefined);
  const quality = useMemo(() => measureQuality(replay.sampleList), [replay]);

  useEffect(() => {
    if (!playing) return undefined;
    let last = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const passed = now - last;
      last = now;
      setUntilMs((before) => {
        if (before + passed >= endMs) setPlaying(false);
        return Math.min(endMs, before + passed);
      });
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, endMs]);

  useEffect(() => {
    if (here === undefined || height === 0) return;
    const fixations = here.fixations.filter((fixation) => fixation.startMs <= untilMs);
    if (heat.current !== null) drawHeatmap(heat.current, here, fixations);
    if (path.current !== null)
      drawScanpath(path.current, here, {
        fixations: scanpath ? fixations : [],
        samples: samples ? here.points.filter((point) => point.tMs <= untilMs) : [],
      });
  }, [here, untilMs, scanpath, samples, height]);

  const togglePlay = (): void => {
    if (!playing && untilMs >= endMs) setUntilMs(0);
    setPlaying(!playing);
  };

  useKeys((event) => {
    if (event.defaultPrevented || landmarks.hear(event)) return;
    if (event.key === 'Escape') onBack();
    else if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      togglePlay();
    } else if (event.key === messages.cases.key && here !== undefined)
      openCase(pageStore, replay.readingId, here.imageId);
    else if (event.key === '[') setIndex((now) => Math.max(0, now - 1));
    else if (event.key === ']') setIndex((now) => Math.min(images.length - 1, now + 1));
  });

  return (
    <div className={styles['page']} data-testid="replay-page">
      <header className={styles['bar']}>
        <Button onPress={onBack}>{words.back}</Button>
        <strong>{words.replay.title}</strong>
        <span>{replay.patient}</span>
        {replay.gazeSource !== null && (
          <span className={replay.simulated ? styles['simulated'] : styles['source']}>
            {words.replay.sources[replay.gazeSource]}
          </span>
        )}
        {replay.assessment !== null && <span>{words.assessments[replay.assessment]}</span>}
        {versions.length > 0 && (
          <span className={styles['source']} data-testid="models-of-reading">
            {fill(versions.length === 1 ? models.ofReading.one : models.ofReading.many, {
              versions: versions.join(', '),
            })}
          </span>
        )}
        {isFundus && <LandmarkButtons landmarks={landmarks} />}
        <span className={styles['space']} />
        {here !== undefined && (
          <Button onPress={() => openCase(pageStore, replay.readingId, here.imageId)}>
            {messages.cases.open} <kbd>{messages.cases.key}</kbd>
          </Button>
        )}
        {images.map((each, i) => (
          <button
            key={each.imageId}
            type="button"
            aria-pressed={i === index}
            onClick={() => setIndex(i)}
          >
            {[each.laterality, each.viewPosition].filter(Boolean).join(' ') || String(i + 1)}
          </button>
        ))}
      </header>
      <div className={styles['stage']} ref={stage}>
        {image !== undefined && height > 0 && (
          <Picture key={image.imageId} image={image} height={height}>
            <canvas
              ref={heat}
              className={styles['layer']}
              style={{ opacity: heatmap ? opacity / 100 : 0 }}
              data-testid="heatmap"
            />
            <canvas ref={path} className={styles['layer']} data-testid="scanpath" />
            {isFundus && <LandmarkLayer image={image} landmarks={landmarks} />}
          </Picture>
        )}
        <p className={styles['attribution']}>{image?.attribution}</p>
      </div>
      <footer className={styles['foot']}>
        <button type="button" onClick={togglePlay}>
          {playing ? words.replay.pause : words.replay.play}
        </button>
        <input
          type="range"
          aria-label={words.replay.title}
          min={0}
          max={Math.ceil(endMs)}
          value={untilMs}
          onChange={(event) => setUntilMs(Number(event.target.value))}
        />
        <Tick label={words.replay.heatmap} on={heatmap} onChange={setHeatmap} />
        <Tick label={words.replay.scanpath} on={scanpath} onChange={setScanpath} />
        <Tick label={words.replay.samples} on={samples} onChange={setSamples} />
        <label>
          {words.replay.opacity}
          <input
            type="range"
            min={10}
            max={100}
            value={opacity}
            onChange={(event) => setOpacity(Number(event.target.value))}
          />
        </label>
        <span className={styles['figures']}>
          {replay.sampleList.length === 0
            ? words.replay.noGaze
            : fill(words.replay.figures, {
                samples: quality.samples,
                lost: `${(quality.lostShare * 100).toFixed(1)} %`,
                hz: quality.effectiveHz.toFixed(1),
                seconds: (quality.durationMs / 1000).toFixed(1),
                fixations: here?.fixations.length ?? 0,
              })}
        </span>
      </footer>
    </div>
  );
}

/** A stored reading played again: heat map and scanpath over each of its images. */
export function ReplayPage({ readingId, onBack }: ReplayPageProps): ReactNode {
  const { loaded, error } = useReplay(readingId);
  if (loaded !== undefined) return <LoadedPage loaded={loaded} onBack={onBack} />;
  return (
    <div className={styles['opening']}>
      <NotLoaded error={error} onBack={onBack} />
    </div>
  );
}
