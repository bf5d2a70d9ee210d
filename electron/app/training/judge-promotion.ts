import type { ModelComparison, ShownComparison } from '../../../shared/ipc/model-answers.ts';
import { StationError } from '../../../shared/station-error.ts';

/** At least one word; marks and digits are no reason. */
const inWords = /\p{L}{2,}/u;

/**
 * Whether a promotion may go on. `comparison` is the one that holds now, of the candidate with the champion.
 * Throws StationError already-champion; comparison-not-shown where the person saw another one; reason-needed
 * where the frozen split says nothing about both and no reason is given in words.
 */
export function judgePromotion(
  comparison: ModelComparison,
  shown: ShownComparison,
  reason: string,
): void {
  const { candidate, missing } = comparison;
  if (candidate.aliases.includes('champion'))
    throw new StationError('already-champion', { version: candidate.version });
  const now = comparison.shown;
  if (
    now.championVersion !== shown.championVersion ||
    now.championEvaluationId !== shown.championEvaluationId ||
    now.candidateEvaluationId !== shown.candidateEvaluationId
  )
    throw new StationError('comparison-not-shown');
  const isFirstEvaluated = missing === 'no-champion' && candidate.evaluation !== null;
  if (missing !== null && !isFirstEvaluated && !inWords.test(reason))
    throw new StationError('reason-needed');
}
