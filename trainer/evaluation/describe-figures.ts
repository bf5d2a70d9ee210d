import type {
  EvaluatedEncoder,
  MethodFigures,
  PairedDifference,
} from '../../shared/training/evaluation-result.ts';
import { bootstrap, type BootstrapOptions } from './bootstrap.ts';
import { aucCovariance, compareAucs } from './delong.ts';
import type { Judged } from './judge-features.ts';
import { openMetrics } from './metrics.ts';
import { scoresOf } from './scored-cases.ts';

/** Figures of a method with their intervals. */
export function describeFigures(
  { scored, chosen }: Judged,
  options: BootstrapOptions,
): MethodFigures {
  const found = bootstrap(scored.patients, openMetrics(scored), options);
  const [[variance = 0] = []] =
    scored.classCount === 2 ? aucCovariance(scored, [scoresOf(scored, 1)]).covariance : [];
  return {
    outcome: 'measured',
    ...found,
    auc: {
      ...found.auc,
      standardError: scored.classCount === 2 ? Math.sqrt(Math.max(0, variance)) : null,
    },
    chosen,
  };
}

/** The first encoder minus the other by one method, over the same bootstrap samples of the same test images. */
export function describeDifference(
  one: Judged,
  other: Judged,
  against: EvaluatedEncoder,
  options: BootstrapOptions,
): PairedDifference {
  const { labels, patients, classCount } = one.scored;
  if (labels.some((label, i) => label !== other.scored.labels[i]))
    throw new Error('Encoders are compared on the same test images in the same order.');
  const [first, second] = [openMetrics(one.scored), openMetrics(other.scored)];
  const found = bootstrap(
    patients,
    (weights) => {
      const [a, b] = [first(weights), second(weights)];
      return {
        accuracy: a.accuracy - b.accuracy,
        balancedAccuracy: a.balancedAccuracy - b.balancedAccuracy,
        auc: a.auc - b.auc,
      };
    },
    options,
  );
  const deLong =
    classCount === 2
      ? compareAucs(aucCovariance(one.scored, [scoresOf(one.scored, 1), scoresOf(other.scored, 1)]))
      : undefined;
  return { method: one.method, against, ...found, deLong: deLong ?? null };
}
