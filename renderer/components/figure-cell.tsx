import type { ReactNode } from 'react';
import type { Figure } from '../../shared/training/evaluation-result.ts';
import { wordInterval, wordNumber } from './word-figure.ts';
import styles from './figure-cell.module.css';

type FigureCellProps = {
  readonly figure: Figure | null;
  /** Shown where there is no figure. */
  readonly missing?: string;
  /** With a plus above 0: a difference. */
  readonly signed?: boolean;
};

/** A table's cell with a figure and, quieter, its interval. */
export function FigureCell({ figure, missing = '', signed = false }: FigureCellProps): ReactNode {
  if (figure === null) return <td>{missing}</td>;
  return (
    <td>
      <strong>{wordNumber(figure.value, signed)}</strong>{' '}
      <span className={styles['interval']}>{wordInterval(figure, signed)}</span>
    </td>
  );
}
