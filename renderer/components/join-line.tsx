import { type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';
import styles from './pair-view.module.css';

/** A line between the two looks that stand out in the pictures of `frame`; `round` grows whenever they are drawn. */
export function JoinLine({
  frame,
  round,
}: {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly round: number;
}): ReactNode {
  const line = useRef<SVGLineElement>(null);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null || line.current === null) return;
    const origin = element.getBoundingClientRect();
    const [a, b] = [...element.querySelectorAll('[data-anchor]')].map((each) =>
      each.getBoundingClientRect(),
    );
    const joined = a !== undefined && b !== undefined;
    line.current.setAttribute('data-joined', String(joined));
    line.current.setAttribute('visibility', joined ? 'visible' : 'hidden');
    if (!joined) return;
    for (const [name, value] of [
      ['x1', a.left - origin.left],
      ['y1', a.top - origin.top],
      ['x2', b.left - origin.left],
      ['y2', b.top - origin.top],
    ] as const)
      line.current.setAttribute(name, String(value));
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- where the looks stand is known to the pictures alone
  }, [frame, round]);
  return (
    <svg className={styles['join']} aria-hidden="true">
      <line ref={line} visibility="hidden" data-testid="join" />
    </svg>
  );
}
