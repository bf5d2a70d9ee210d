import type { ModelRow } from '../../shared/ipc/model-answers.ts';
import type { Figure } from '../../shared/training/evaluation-result.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';

const words = messages.models;

/** A figure with its interval, to three decimals; `signed` shows a plus before what is above 0. */
export function wordFigure({ value, low, high }: Figure, signed = false): string {
  const text = (number: number): string =>
    `${signed && number > 0 ? '+' : ''}${number.toFixed(3)}`.replace('-', '\u2212');
  return fill(words.figure, { value: text(value), low: text(low), high: text(high) });
}

/** The figure that a list shows, or that there is none. */
export function wordFirstFigure({ evaluation }: ModelRow): string {
  const first = evaluation?.metrics[0];
  if (first === undefined) return words.notEvaluated;
  return `${words.metrics[first.metric]} ${wordFigure(first.figure)}`;
}

/** What an interval of candidate minus champion shows; none where it holds 0. */
export function judgeDifference(
  difference: Figure | null,
): 'better' | 'worse' | 'none' | 'unknown' {
  if (difference === null) return 'unknown';
  if (difference.low > 0) return 'better';
  return difference.high < 0 ? 'worse' : 'none';
}
