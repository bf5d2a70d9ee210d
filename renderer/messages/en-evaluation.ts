import type { EvaluationRefusal, SplitPart } from '../../shared/training/evaluation-result.ts';

/** Words of the frozen split and of how a run's encoder was judged on it. */
export const evaluationMessages = {
  title: 'Judged on the frozen split',
  splitTitle: 'Frozen split by patient',
  splitExplain:
    'A patient’s part is set once and never changes. Nothing is pre-trained on a test patient’s images.',
  parts: { train: 'Train', validation: 'Validation', test: 'Test' } satisfies Record<
    SplitPart,
    string
  >,
  columns: {
    encoder: 'Encoder',
    method: 'Method',
    pValue: 'DeLong p',
    verdict: 'What it shows',
  },
  countsTitle: 'Patients (images)',
  all: 'All',
  labelled: 'Labelled',
  counts: '{patients} ({images})',
  labelledBy: 'Labels: {labels}.',
  importLabels: 'Import labels (CSV)',
  skipUnknown: 'Skip lines that name no image of the station',
  labelsTaken: 'Labels of {images} images; lines skipped: {skipped}.',
  nothingLabelled: 'No image has a label yet.',
  labels: { assessments: 'the readers’ assessments', file: '{name}' },
  anyFile: 'an imported file',
  figuresTitle: 'Figures on the test part, with 95 % intervals',
  encoders: {
    new: 'Run {id}',
    champion: 'Run {id} (champion)',
    earlier: 'Run {id} (earlier)',
    random: 'Untrained',
    other: 'Another encoder',
  },
  chosen: { k: 'k = {value}', lambda: 'penalty {value}', epochs: 'epoch {value} of {last}' },
  differencesTitle: '{one} less {other}',
  verdicts: {
    better: 'AUC higher',
    worse: 'AUC lower',
    none: 'No difference shown',
    unknown: 'Not known',
  },
  noTest: 'none',
  smallestP: '< 0.001',
  explainTwo: 'AUC of "{positive}" against the other class.',
  explainMany: 'AUC: mean of each class against the rest; DeLong is for two classes.',
  explain:
    'k, penalty and epoch were chosen on validation, and the test part was opened once. Intervals: {rounds} bootstrap samples of the test patients.',
  notJudged: 'No figure can be stated: {why}',
  refusals: {
    'no-labels':
      'no image has a label. Import a file of labels, or read studies so that there are assessments.',
    'one-class': 'every label is "{class}". At least two classes are needed.',
    'too-few-patients':
      'class "{class}" has {found} patients in the part "{part}" and needs {needed}. Label more patients.',
    'encoder-unreadable': 'the encoder cannot be read any more.',
    'not-run': 'it was not asked for.',
    failed: 'it failed, and the trainer’s words are in the log.',
  } satisfies Record<EvaluationRefusal, string>,
} as const;
