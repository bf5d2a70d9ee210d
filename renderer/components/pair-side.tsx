import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { PairSide } from '../../shared/ipc/answers.ts';
import type { ExplainedSide } from '../../shared/ipc/case-answers.ts';
import { messages } from '../messages/en.ts';
import { usePageStores } from '../store.ts';
import type { AlignedMark } from '../viewer/draw-alignment.ts';
import type { GazeLayers } from '../viewer/gaze-picture.tsx';
import { Badges } from './badge.tsx';
import { openCase } from './open-case.ts';
import { fitHeight } from './fit-height.ts';
import styles from './pair-view.module.css';

const words = messages.pairs;

// Cornerstone comes with it: loaded when first needed.
const GazePicture = lazy(async () => ({
  default: (await import('../viewer/gaze-picture.tsx')).GazePicture,
}));
const SharedFrame = lazy(async () => ({
  default: (await import('../viewer/shared-frame.tsx')).SharedFrame,
}));

type PairSideProps = {
  readonly title: string;
  readonly side: PairSide;
  readonly layers: GazeLayers;
  /** Set: gaze in the shared frame in the place of the picture. */
  readonly shared?: Pick<ExplainedSide, 'fixations' | 'sigmaPx'> | undefined;
  readonly marks?: readonly AlignedMark[] | undefined;
  readonly onDrawn?: () => void;
};

const stay = (): void => undefined;

/** One image with the gaze of its reading, and the ways from it to its replay and its similar cases. */
export function PairSideView(props: PairSideProps): ReactNode {
  const { title, side, layers, shared, marks, onDrawn = stay } = props;
  const { page } = usePageStores();
  const place = useRef<HTMLDivElement>(null);
  const [space, setSpace] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() =>
      setSpace({ width: element.clientWidth, height: element.clientHeight }),
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const { image, readingId } = side;
  const height = fitHeight(image, space);
  const what = [
    side.patient,
    messages.shell.modalities[side.modality],
    image.laterality === null ? null : words.laterality[image.laterality],
    image.viewPosition,
  ];
  return (
    <figure className={styles['side']} aria-label={title}>
      <figcaption>
        <strong>{title}</strong> <span>{what.filter((part) => part !== null).join(', ')}</span>{' '}
        <Badges simulated={side.simulated} />
      </figcaption>
      <div ref={place} className={styles['image']}>
        {height > 0 && (
          <Suspense fallback={<p role="status">{messages.shell.opening}</p>}>
            {shared === undefined ? (
              <GazePicture
                key={`${image.imageId} ${readingId}`}
                image={image}
                readingId={readingId}
                height={height}
                layers={layers}
                marks={marks}
                onDrawn={onDrawn}
              />
            ) : (
              <SharedFrame
                side={shared}
                sidePx={Math.min(space.width, space.height) - 2}
                layers={layers}
              />
            )}
          </Suspense>
        )}
      </div>
      <div className={styles['foot']}>
        {readingId === null ? (
          <span>{words.noReading}</span>
        ) : (
          <>
            <Button data-kind="quiet" onPress={() => page.set({ kind: 'replay', readingId })}>
              {words.openReplay}
            </Button>
            <Button data-kind="quiet" onPress={() => openCase(page, readingId, image.imageId)}>
              {messages.cases.open}
            </Button>
          </>
        )}
        {image.attribution !== '' && <small>{image.attribution}</small>}
      </div>
    </figure>
  );
}
