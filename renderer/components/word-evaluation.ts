import type {
  EvaluatedEncoder,
  EvaluationRefusal,
  EvaluationResult,
  MeasuredEvaluation,
  MethodFigures,
  PairedDifference,
} from '../../shared/training/evaluation-result.ts';
import { splitParts } from '../../shared/training/evaluation-result.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';

const words = messages.evaluation;

/** Why there is no figure, with what is missing. */
export function wordRefusal(
  reason: EvaluationRefusal,
  details: Readonly<Record<string, string | number>>,
): string {
  const part = splitParts.find((each) => each === details['part']);
  return fill(words.refusals[reason], { ...details, ...(part && { part: words.parts[part] }) });
}

/** The encoder by its run and its role beside the judged one. */
export const wordEncoder = ({ role, runId }: EvaluatedEncoder): string =>
  fill(words.encoders[runId === null ? 'other' : role], { id: String(runId) });

/** What was chosen on validation: k, the penalty, or the epoch of how many. */
export const wordChoice = ({ name, value, candidates }: MethodFigures['chosen']): string =>
  fill(words.chosen[name], { value: String(value), last: String(Math.max(...candidates)) });

/** DeLong's p to three decimals; one below that is called so. */
export function wordPValue(deLong: PairedDifference['deLong']): string {
  if (deLong === null) return words.noTest;
  return deLong.pValue < 0.001 ? words.smallestP : deLong.pValue.toFixed(3);
}

/** Where the labels come from. */
export const wordLabels = ({ labels }: MeasuredEvaluation): string =>
  labels.kind === 'file'
    ? fill(words.labels.file, { name: labels.name })
    : words.labels.assessments;

/** What an AUC means for these classes. */
export const wordAuc = (classes: readonly string[]): string =>
  classes.length === 2 ? fill(words.explainTwo, { positive: classes[1] ?? '' }) : words.explainMany;

/** Whether something of an evaluation went wrong, so that the trainer's words are wanted. */
export const hasFailed = (result: EvaluationResult): boolean =>
  result.outcome === 'refused'
    ? result.reason === 'failed'
    : result.encoders.some(({ methods }) =>
        methods.some(({ result: one }) => one.outcome === 'refused' && one.reason === 'failed'),
      );

/** Why an evaluation gave no figure at all; undefined where it did. */
export const wordOutcome = (result: EvaluationResult): string | undefined =>
  result.outcome === 'measured'
    ? undefined
    : fill(words.notJudged, { why: wordRefusal(result.reason, result.details) });
