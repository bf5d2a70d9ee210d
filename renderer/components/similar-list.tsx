import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import type { SimilarCase } from '../../shared/ipc/case-answers.ts';
import { fill } from '../messages/fill.ts';
import { formatFigure, formatPercentile, formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { Badges } from './badge.tsx';
import styles from './similar-list.module.css';

const words = messages.cases;
const thumbnailPx = 84;
const onlyHeat = { heatmap: true, scanpath: false } as const;

const GazePicture = lazy(async () => ({
  default: (await import('../viewer/gaze-picture.tsx')).GazePicture,
}));

function Row({
  found,
  current,
  opened,
  onChoose,
}: {
  readonly found: SimilarCase;
  readonly current: boolean;
  readonly opened: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = row.current;
    if (element === null) return undefined;
    // A thumbnail decodes a whole image: only those that come into view are made.
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const { relation, percentile, reader, startedAtMs, assessment, image, patient } = found;
  return (
    <li
      ref={row}
      role="option"
      aria-selected={current}
      className={styles['row']}
      data-opened={opened}
      data-reading={found.readingId}
      onClick={onChoose}
    >
      <div className={styles['thumbnail']}>
        {seen && (
          <Suspense fallback={null}>
            <GazePicture
              image={image}
              readingId={found.readingId}
              height={thumbnailPx}
              layers={onlyHeat}
            />
          </Suspense>
        )}
      </div>
      <div className={styles['facts']}>
        <strong>{formatFigure(relation)}</strong>{' '}
        <span>
          {percentile === null
            ? words.percentileUnknown
            : fill(words.percentile, { percent: formatPercentile(percentile) })}
        </span>
        <span className={styles['line']}>
          {[patient, image.laterality, image.viewPosition].filter(Boolean).join(' ')}
        </span>
        <span className={styles['line']}>{reader}</span>
        <span className={styles['line']}>{formatTime(startedAtMs)}</span>
        <span className={styles['line']}>
          {assessment === null ? '' : messages.shell.assessments[assessment]}{' '}
          <Badges simulated={found.simulated} />
        </span>
      </div>
    </li>
  );
}

/** Similar cases, most alike first, each with its heat map and what it is. */
export function SimilarList({
  cases,
  cursor,
  opened,
  onOpen,
}: {
  readonly cases: readonly SimilarCase[];
  readonly cursor: number;
  readonly opened: SimilarCase | undefined;
  readonly onOpen: (index: number) => void;
}): ReactNode {
  return (
    <ul role="listbox" aria-label={words.similar} tabIndex={0} className={styles['list']}>
      {cases.map((found, index) => (
        <Row
          key={`${found.readingId} ${found.image.imageId}`}
          found={found}
          current={index === cursor}
          opened={found === opened}
          onChoose={() => onOpen(index)}
        />
      ))}
    </ul>
  );
}
