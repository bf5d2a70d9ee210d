import type { ModelRow } from '../../shared/ipc/model-answers.ts';
import type { Figure } from '../../shared/training/evaluation-result.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { withMinus } from '../messages/formats.ts';

const words = messages.models;

/** A number to three decimals; `signed` shows a plus before what is above 0. */
export const wordNumber = (number: number, signed = false): string =>
  signed && number > 0 ? `+${number.toFixed(3)}` : withMinus(number.toFixed(3));

/** Both ends of a figure's interval. */
export const wordInterval = ({ low, high }: Figure, signed = false): string =>
  fill(words.interval, { low: wordNumber(low, signed), high: wordNumber(high, signed) });

/** The figure that a list shows, or that there is none. */
export function wordFirstFigure({ evaluation }: ModelRow): string {
  const first = evaluation?.metrics[0];
  if (first === undefined) return words.notEvaluated;
  const { metric, figure } = first;
  const [value, low, high] = [figure.value, figure.low, figure.high].map((each) =>
    wordNumber(each),
  );
  return `${words.metrics[metric]} ${fill(words.figure, { value: value ?? '', low: low ?? '', high: high ?? '' })}`;
}

/** What an interval of candidate minus champion shows; none where it holds 0. */
export function judgeDifference(
  difference: Figure | null,
): 'better' | 'worse' | 'none' | 'unknown' {
  if (difference === null) return 'unknown';
  if (difference.low > 0) return 'better';
  return difference.high < 0 ? 'worse' : 'none';
}
