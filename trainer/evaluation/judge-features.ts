import type { EvaluationMethod, MethodFigures } from '../../shared/training/evaluation-result.ts';
import { joinFeatures, type LabelledFeatures } from './features.ts';
import { applyProbe, fitProbe, type LinearProbe, penaltyCandidates } from './linear-probe.ts';
import { measure } from './metrics.ts';
import { neighbourCandidates, voteNearest } from './nearest-neighbours.ts';
import type { ScoredCases } from './scored-cases.ts';
import { SealedTest } from './sealed-test.ts';

/** Embeddings of the three parts. */
export type FeatureParts = {
  readonly train: LabelledFeatures;
  readonly validation: LabelledFeatures;
  readonly test: LabelledFeatures;
};

/** What a method says of the test images, and what was chosen before they were opened. */
export type Judged = {
  readonly method: EvaluationMethod;
  readonly chosen: MethodFigures['chosen'];
  readonly scored: ScoredCases;
};

const toScored = (
  { classCount, labels, patients }: LabelledFeatures,
  scores: Float64Array,
): ScoredCases => ({ classCount, labels, patients, scores });

/** The candidate with the highest balanced accuracy on the validation part; of equal ones the first. */
function choose(
  name: MethodFigures['chosen']['name'],
  candidates: readonly number[],
  validation: LabelledFeatures,
  scores: readonly Float64Array[],
): MethodFigures['chosen'] {
  const found = scores.map((each) => measure(toScored(validation, each)).balancedAccuracy);
  const best = found.indexOf(Math.max(...found));
  return {
    name,
    value: candidates[best] ?? 0,
    candidates: [...candidates],
    validationScore: found[best] ?? 0,
  };
}

/**
 * k nearest neighbours: k is chosen on validation among train; then train and validation together vote on the
 * test images, once.
 */
export function judgeNearest({ train, validation, test }: FeatureParts): Judged {
  const sealed = new SealedTest(test);
  const candidates = neighbourCandidates.filter((k) => k <= train.labels.length);
  const chosen = choose('k', candidates, validation, voteNearest(train, validation, candidates));
  const opened = sealed.open();
  const [scores] = voteNearest(joinFeatures(train, validation), opened, [chosen.value]);
  return { method: 'k-nn', chosen, scored: toScored(opened, scores ?? new Float64Array(0)) };
}

/**
 * A linear probe: its penalty is chosen on validation; then it is fitted to train and validation together and
 * asked about the test images, once. `pause` lets messages in between two fits.
 */
export async function judgeLinear(
  { train, validation, test }: FeatureParts,
  pause: () => Promise<void>,
): Promise<Judged> {
  const sealed = new SealedTest(test);
  let probe: LinearProbe | undefined;
  const scores: Float64Array[] = [];
  for (const penalty of penaltyCandidates) {
    await pause();
    probe = fitProbe(train, penalty, probe);
    scores.push(applyProbe(probe, validation));
  }
  const chosen = choose('lambda', penaltyCandidates, validation, scores);
  await pause();
  const last = fitProbe(joinFeatures(train, validation), chosen.value);
  const opened = sealed.open();
  return { method: 'linear-probe', chosen, scored: toScored(opened, applyProbe(last, opened)) };
}
