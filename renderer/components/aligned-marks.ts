import type { ExplainedAlignment } from '../../shared/gaze/similarity/explain-multimatch.ts';
import type { AlignedMark } from '../viewer/draw-alignment.ts';

/**
 * The looks of one side with the numbers of the steps in which they take part, `3` or `3–5`, since a look may
 * be aligned with several; `chosen` is a step, from 0.
 */
export function markLooks(
  { steps, saccadesA, saccadesB }: ExplainedAlignment,
  side: 'a' | 'b',
  chosen: number | undefined,
): readonly AlignedMark[] {
  return (side === 'a' ? saccadesA : saccadesB).flatMap(({ from, to }, look) => {
    const first = steps.findIndex((step) => step[side] === look);
    const last = steps.findLastIndex((step) => step[side] === look);
    if (first < 0) return [];
    return {
      from,
      to,
      text: first === last ? String(first + 1) : `${first + 1}–${last + 1}`,
      share: steps.length < 2 ? 0 : (first + last) / 2 / (steps.length - 1),
      chosen: chosen !== undefined && chosen >= first && chosen <= last,
    };
  });
}
