import type { StoredEvaluation } from '../../../shared/database/evaluations.ts';
import type {
  ComparedMetric,
  ModelComparison,
  ModelEvaluation,
  ModelMetric,
  ModelMetricName,
} from '../../../shared/ipc/model-answers.ts';
import { modelMetricNames } from '../../../shared/ipc/model-answers.ts';
import type {
  EncoderResult,
  EvaluationMethod,
  EvaluationRefusal,
  Figure,
  MeasuredEvaluation,
  PairedDifference,
} from '../../../shared/training/evaluation-result.ts';

/** A model as evaluations know it. */
type Encoder = { readonly sha256: string; readonly runId: number };

/** The probe that lists show comes first. */
const methodOrder: readonly EvaluationMethod[] = ['linear-probe', 'k-nn', 'fine-tuning'];

type Found = {
  readonly stored: StoredEvaluation;
  readonly result: MeasuredEvaluation;
  readonly encoder: EncoderResult;
};

const isOf = (sha256: string, { encoder }: EncoderResult): boolean => encoder.sha256 === sha256;

/** Evaluations that measured the encoder, newest first. */
function findAll(evaluations: readonly StoredEvaluation[], sha256: string): readonly Found[] {
  return evaluations
    .toSorted((a, b) => b.evaluationId - a.evaluationId)
    .flatMap((stored) => {
      const { result } = stored;
      if (result.outcome !== 'measured') return [];
      const encoder = result.encoders.find((each) => isOf(sha256, each));
      return encoder === undefined ? [] : [{ stored, result, encoder }];
    });
}

const bare = ({ value, low, high }: Figure): Figure => ({ value, low, high });

/** The figures of one encoder, the probe that lists show first. */
function metricsOf({ methods }: EncoderResult): readonly ModelMetric[] {
  return methodOrder.flatMap((method) => {
    const result = methods.find((each) => each.method === method)?.result;
    if (result?.outcome !== 'measured') return [];
    return modelMetricNames.map((metric) => ({ method, metric, figure: bare(result[metric]) }));
  });
}

function describe({ stored, result, encoder }: Found): ModelEvaluation {
  return {
    evaluationId: stored.evaluationId,
    evaluatedAtMs: stored.evaluatedAtMs,
    classes: result.classes,
    labels: result.labels.kind,
    testPatients: result.split.test.patients,
    testImages: result.split.test.images,
    simulated: result.simulated,
    metrics: metricsOf(encoder),
  };
}

/** The newest evaluation that measured a model, or why there is none. */
export function evaluationOf(
  evaluations: readonly StoredEvaluation[],
  model: Encoder,
): {
  readonly evaluation: ModelEvaluation | null;
  readonly refusal: EvaluationRefusal | null;
} {
  const [newest] = findAll(evaluations, model.sha256);
  if (newest !== undefined) return { evaluation: describe(newest), refusal: null };
  const refused = evaluations.findLast(
    ({ runId, result }) => runId === model.runId && result.outcome === 'refused',
  )?.result;
  return { evaluation: null, refusal: refused?.outcome === 'refused' ? refused.reason : null };
}

const negate = ({ value, low, high }: Figure): Figure => ({
  value: -value,
  low: -high,
  high: -low,
});

/** Candidate minus champion of one method, whichever of them the evaluation began with. */
function differenceOf(
  result: MeasuredEvaluation,
  candidate: string,
  champion: string,
  method: EvaluationMethod,
): ((metric: ModelMetricName) => Figure) | undefined {
  const first = result.encoders[0]?.encoder.sha256;
  const against = (sha256: string): PairedDifference | undefined =>
    result.differences.find((each) => each.method === method && each.against.sha256 === sha256);
  if (first === candidate) {
    const found = against(champion);
    return found && ((metric) => bare(found[metric]));
  }
  if (first === champion) {
    const found = against(candidate);
    return found && ((metric) => negate(found[metric]));
  }
  return undefined;
}

function join(
  candidate: readonly ModelMetric[],
  champion: readonly ModelMetric[],
  difference: (method: EvaluationMethod, metric: ModelMetricName) => Figure | undefined,
): readonly ComparedMetric[] {
  return methodOrder.flatMap((method) =>
    modelMetricNames.flatMap((metric) => {
      const of = (metrics: readonly ModelMetric[]): Figure | null =>
        metrics.find((each) => each.method === method && each.metric === metric)?.figure ?? null;
      const [a, b] = [of(candidate), of(champion)];
      if (a === null && b === null) return [];
      return [
        {
          method,
          metric,
          candidate: a,
          champion: b,
          difference: difference(method, metric) ?? null,
        },
      ];
    }),
  );
}

/**
 * Two models on the frozen split: from the newest evaluation that judged both on the same test images, else each
 * from its own, without a difference. `champion` undefined: there is none to compare with.
 */
export function compareOnSplit(
  evaluations: readonly StoredEvaluation[],
  candidate: Encoder,
  champion: Encoder | undefined,
): {
  readonly candidate: ModelEvaluation | null;
  readonly champion: ModelEvaluation | null;
} & Pick<ModelComparison, 'missing' | 'rows'> {
  const ofCandidate = findAll(evaluations, candidate.sha256);
  const ofChampion = champion === undefined ? [] : findAll(evaluations, champion.sha256);
  const describeFirst = ([found]: readonly Found[]): ModelEvaluation | null =>
    found === undefined ? null : describe(found);
  const alone = {
    candidate: describeFirst(ofCandidate),
    champion: describeFirst(ofChampion),
  };
  const rows = (): readonly ComparedMetric[] =>
    join(alone.candidate?.metrics ?? [], alone.champion?.metrics ?? [], () => undefined);
  if (champion === undefined) return { ...alone, missing: 'no-champion', rows: rows() };
  if (alone.candidate === null || alone.champion === null)
    return { ...alone, missing: 'not-evaluated', rows: rows() };
  for (const found of ofCandidate) {
    const other = found.result.encoders.find((each) => isOf(champion.sha256, each));
    if (other === undefined) continue;
    const [mine, theirs] = [metricsOf(found.encoder), metricsOf(other)];
    const joined = join(mine, theirs, (method, metric) =>
      differenceOf(found.result, candidate.sha256, champion.sha256, method)?.(metric),
    );
    if (joined.every(({ difference }) => difference === null)) continue;
    return {
      candidate: describe(found),
      champion: describe({ ...found, encoder: other }),
      missing: null,
      rows: joined,
    };
  }
  return { ...alone, missing: 'not-together', rows: rows() };
}
