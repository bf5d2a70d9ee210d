import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { PairRow, PairSide } from '../../shared/ipc/answers.ts';
import type { MeasureName } from '../../shared/training/run-configuration.ts';
import { formatFigure } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { usePageStores } from '../store.ts';
import { Badges } from './badge.tsx';
import { fitHeight } from './fit-height.ts';
import styles from './pair-view.module.css';

const words = messages.pairs;

const ImageWithHeatmap = lazy(async () => ({
  default: (await import('../viewer/image-with-heatmap.tsx')).ImageWithHeatmap,
}));

function Side({ title, side }: { readonly title: string; readonly side: PairSide }): ReactNode {
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
            <ImageWithHeatmap
              key={`${image.imageId} ${readingId}`}
              image={image}
              readingId={readingId}
              height={height}
            />
          </Suspense>
        )}
      </div>
      <div className={styles['foot']}>
        {readingId === null ? (
          <span>{words.noReading}</span>
        ) : (
          <Button data-kind="quiet" onPress={() => page.set({ kind: 'replay', readingId })}>
            {words.openReplay}
          </Button>
        )}
        {image.attribution !== '' && <small>{image.attribution}</small>}
      </div>
    </figure>
  );
}

/** One pair: how alike by each number of the measure, and both images with where they were looked at. */
export function PairView({
  pair,
  measure,
  onVeto,
}: {
  readonly pair: PairRow;
  readonly measure: MeasureName;
  readonly onVeto: () => void;
}): ReactNode {
  const names: readonly string[] = words.similarity[measure];
  return (
    <section className={styles['pair']} data-testid="pair" data-pair={pair.pairId}>
      <dl className={styles['figures']}>
        <div>
          <dt>{words.relation}</dt>
          <dd>{formatFigure(pair.relation)}</dd>
        </div>
        {pair.similarity.map((value, index) => (
          <div key={names[index] ?? index}>
            <dt>{names[index]}</dt>
            <dd>{formatFigure(value)}</dd>
          </div>
        ))}
        {pair.pValue !== null && (
          <div>
            <dt>{words.pValue}</dt>
            <dd>{pair.pValue.toFixed(4)}</dd>
          </div>
        )}
        {pair.qValue !== null && (
          <div>
            <dt>{words.qValue}</dt>
            <dd>{pair.qValue.toFixed(4)}</dd>
          </div>
        )}
      </dl>
      <div className={styles['veto']}>
        <Button onPress={onVeto}>
          {pair.verdict === 'refused' ? words.unveto : words.veto} <kbd>{words.vetoKey}</kbd>
        </Button>
        {pair.verdict === 'refused' && <span role="status">{words.vetoed}</span>}
      </div>
      <div className={styles['sides']}>
        <Side title={words.side.a} side={pair.a} />
        <Side title={words.side.b} side={pair.b} />
      </div>
    </section>
  );
}
