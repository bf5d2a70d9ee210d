import { type ReactNode, type RefObject, useLayoutEffect, useState } from 'react';
import styles from './pair-view.module.css';

type Ends = {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
};

/** A line between the two looks that stand out in the pictures of `frame`; asked anew whenever `round` grows. */
export function JoinLine({
  frame,
  round,
}: {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly round: number;
}): ReactNode {
  const [ends, setEnds] = useState<Ends>();
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const origin = element.getBoundingClientRect();
    const [a, b] = [...element.querySelectorAll('[data-anchor]')].map((each) =>
      each.getBoundingClientRect(),
    );
    setEnds(
      a === undefined || b === undefined
        ? undefined
        : {
            x1: a.left - origin.left,
            y1: a.top - origin.top,
            x2: b.left - origin.left,
            y2: b.top - origin.top,
          },
    );
  }, [frame, round]);
  return (
    <svg className={styles['join']} aria-hidden="true">
      {ends !== undefined && <line {...ends} data-testid="join" />}
    </svg>
  );
}
