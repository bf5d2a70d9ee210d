import type {
  EvaluationRefusal,
  EvaluationResult,
  Figure,
  MeasuredEvaluation,
  PairedDifference,
} from '../../shared/training/evaluation-result.ts';

const methods = {
  'k-nn': 'k nearest neighbours',
  'linear-probe': 'linear probe',
  'fine-tuning': 'fine-tuning',
} as const;

const refusals: Readonly<
  Record<EvaluationRefusal, (details: Readonly<Record<string, string | number>>) => string>
> = {
  'no-labels': () =>
    'there are no labels. Import a file of labels, or read studies so that there are assessments',
  'one-class': (d) => `all labels are "${d['class']}". At least two classes are needed`,
  'too-few-patients': (d) =>
    `class "${d['class']}" has ${d['found']} patients in the part "${d['part']}" and needs ${d['needed']}. Label more patients`,
  'encoder-unreadable': () => 'the encoder cannot be read any more',
  'not-run': () => 'it was not done',
  failed: () => 'the evaluation failed; the log says why',
};

const range = ({ value, low, high }: Figure): string =>
  `${value.toFixed(3)} (95 % ${low.toFixed(3)} to ${high.toFixed(3)})`;

function wordDifference({ method, against, auc, deLong }: PairedDifference): string {
  const test =
    deLong === null
      ? 'no paired test'
      : `DeLong z = ${deLong.z.toFixed(2)}, p = ${deLong.pValue.toFixed(4)}`;
  return `  ${methods[method]}: AUC less that of run ${against.runId ?? '-'}: ${range(auc)}; ${test}`;
}

function wordMeasured(result: MeasuredEvaluation): readonly string[] {
  const { split, encoders, differences, classes, labels, simulated } = result;
  const parts = [split.train, split.validation, split.test].map(
    ({ patients, images }) => `${patients} patients with ${images} images`,
  );
  const source = labels.kind === 'file' ? labels.name : 'assessments';
  return [
    `Judged by ${source} (${classes.join(', ')}): train ${parts[0]}, validation ${parts[1]}, test ${parts[2]}.${simulated ? ' Something of it is simulated.' : ''}`,
    ...encoders.flatMap(({ encoder, methods: list }) =>
      list.flatMap(({ method, result: one }) =>
        one.outcome === 'measured'
          ? [
              `  run ${encoder.runId ?? '-'}, ${methods[method]} (${one.chosen.name} = ${one.chosen.value}): AUC ${range(one.auc)}, accuracy ${range(one.accuracy)}, balanced accuracy ${range(one.balancedAccuracy)}`,
            ]
          : one.reason === 'not-run'
            ? []
            : [
                `  run ${encoder.runId ?? '-'}, ${methods[method]}: ${refusals[one.reason](one.details)}`,
              ],
      ),
    ),
    ...differences.map(wordDifference),
  ];
}

/** Lines that say what an encoder is worth, or why nothing can be said. */
export function wordEvaluation(result: EvaluationResult): readonly string[] {
  return result.outcome === 'measured'
    ? wordMeasured(result)
    : [`The encoder was not judged: ${refusals[result.reason](result.details)}.`];
}
