import type { ReactNode } from 'react';
import styles from './progress-line.module.css';

type ProgressLineProps = {
  readonly label: string;
  readonly done: number;
  /** 0: not known yet. */
  readonly total: number;
};

/** A bar for `done` of `total`. */
export function ProgressLine({ label, done, total }: ProgressLineProps): ReactNode {
  const known = total > 0;
  const share = known ? Math.min(1, done / total) : 0;
  return (
    <div
      className={styles['bar']}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={known ? total : undefined}
      aria-valuenow={known ? done : undefined}
    >
      <div className={styles['done']} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
