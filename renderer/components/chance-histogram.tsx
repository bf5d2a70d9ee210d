import { type ReactNode, useMemo } from 'react';
import type { MinedGroup } from '../../shared/trainer-protocol.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { discoveryFrom, sharesOf } from './chance.ts';
import styles from './chance-histogram.module.css';

const words = messages.pairs;
const [width, height] = [340, 90];

/** Relations of all pairs as bars, those of chance pairs as a line over them, and where the list begins. */
export function ChanceHistogram({
  groups,
  lowest,
  atLeast,
  onAtLeast,
}: {
  readonly groups: readonly MinedGroup[];
  /** Pairs below were not stored. */
  readonly lowest: number;
  readonly atLeast: number;
  readonly onAtLeast: (relation: number) => void;
}): ReactNode {
  const { pairs, chance } = useMemo(() => sharesOf(groups), [groups]);
  const bins = pairs.length;
  const firstBin = Math.max(
    0,
    pairs.findIndex((share, i) => share > 0 || (chance[i] ?? 0) > 0),
  );
  const shown = Math.max(1, bins - firstBin);
  const top = Math.max(1e-9, ...pairs, ...chance);
  const x = (bin: number): number => ((bin - firstBin) / shown) * width;
  const y = (share: number): number => height - (share / top) * (height - 4);
  const line = chance
    .slice(firstBin)
    .map((share, k) => `${x(firstBin + k + 0.5).toFixed(1)},${y(share).toFixed(1)}`)
    .join(' ');
  const { byChance } = discoveryFrom(groups, atLeast);
  const step = 1 / bins;
  const at = x(atLeast * bins);
  return (
    <figure className={styles['figure']} data-testid="chance">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words.histogram}>
        {pairs.map((share, bin) =>
          share === 0 ? null : (
            <rect
              key={bin}
              className={bin >= Math.round(atLeast * bins) ? styles['kept'] : styles['bar']}
              x={x(bin)}
              y={y(share)}
              width={Math.max(1, width / shown - 0.5)}
              height={height - y(share)}
            />
          ),
        )}
        <polyline className={styles['chance']} points={line} />
        <line className={styles['limit']} x1={at} x2={at} y1={0} y2={height} />
      </svg>
      <div className={styles['ends']}>
        <span>{(firstBin / bins).toFixed(2)}</span>
        <span>
          <span className={styles['barSign']} /> {words.histogramPairs}{' '}
          <span className={styles['chanceSign']} /> {words.histogramChance}
        </span>
        <span>1</span>
      </div>
      <label className={styles['slider']}>
        {fill(words.atLeast, { relation: atLeast.toFixed(3) })}
        <input
          type="range"
          min={Math.ceil(lowest * bins - 1e-9) * step}
          max={1 - step}
          step={step}
          value={atLeast}
          onChange={(event) => onAtLeast(Number(event.target.value))}
        />
      </label>
      {byChance !== undefined && (
        <figcaption role="status">
          {fill(words.byChance, { percent: (byChance * 100).toFixed(0) })}
        </figcaption>
      )}
    </figure>
  );
}
