import type { MinedCount } from '../../../shared/ipc/answers.ts';
import type { AliasChange, ModelDetail } from '../../../shared/ipc/model-answers.ts';
import type { Figure } from '../../../shared/training/evaluation-result.ts';
import { wordPreprocessing } from '../../../shared/training/preprocessing.ts';
import type { RunConfiguration } from '../../../shared/training/run-configuration.ts';

/** What a card is written from; whatever is null or empty here stands in the card as not known. */
export type CardFacts = {
  readonly model: ModelDetail;
  readonly configuration: RunConfiguration;
  readonly engineReason: string | null;
  readonly mined: readonly MinedCount[];
  /** Changes of aliases that name this model, oldest first. */
  readonly history: readonly AliasChange[];
};

const notKnown = 'not known';

/** Text that cannot break out of its line or table cell. */
const plain = (text: string): string =>
  text.replaceAll(/\s+/gu, ' ').replaceAll(/[\\|`*_<>[\]#]/gu, String.raw`\$&`);

const round = (value: number): string => value.toFixed(3);
const word = ({ value, low, high }: Figure): string =>
  `${round(value)} | ${round(low)} to ${round(high)}`;

const share = (part: number, whole: number): string =>
  whole === 0 ? 'none' : `${part} of ${whole} (${((100 * part) / whole).toFixed(0)} %)`;

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const metricWords = {
  auc: 'AUC',
  balancedAccuracy: 'balanced accuracy',
  accuracy: 'accuracy',
} as const;

function describeData({ model }: CardFacts): readonly string[] {
  const { lineage } = model;
  const sum = (counts: readonly number[]): number => counts.reduce((all, each) => all + each, 0);
  const drawn = sum(lineage.imagesBy.map(({ simulated }) => simulated));
  const made = sum(lineage.readers.map(({ simulated }) => simulated));
  const images = lineage.imagesBy.map(
    ({ modality, images }) => `${modality ?? 'erased since'} ${images}`,
  );
  const readers = lineage.readers.filter(({ reader }) => reader !== null);
  return [
    lineage.images === 0
      ? `- Images: ${notKnown}`
      : `- Images: ${lineage.images} (${images.join(', ')}); drawn by a program: ${share(drawn, lineage.images)}`,
    lineage.readings === 0
      ? '- Readings: none'
      : `- Readings: ${lineage.readings} of ${readers.length} readers; gaze that no eye made (program, pointer, replay): ${share(made, lineage.readings)}`,
    ...(lineage.sources.length > 0
      ? [
          `- Gaze source: ${lineage.sources.map(({ source, readings }) => `${plain(source)} (${readings} readings)`).join(', ')}`,
        ]
      : []),
    `- Simulated: ${model.simulated ? '**yes, in part or whole.** Nothing learnt from simulated gaze or images says anything about patients or readers.' : 'no'}`,
    `- Erased since: ${model.erasedReadings} readings, ${model.erasedImages} images${model.erasedReadings + model.erasedImages > 0 ? '. **The weights still hold what was learnt from them: train anew without them.**' : ''}`,
    `- Readings whose reader has withdrawn the consent to train since: ${model.withdrawnReadings}`,
  ];
}

function describeMining({ configuration, mined }: CardFacts): readonly string[] {
  if (!configuration.useGaze)
    return ['Trained without gaze: every image is its own only positive.'];
  const lines = [
    `- Positives from: ${configuration.positivesFrom}; readings compared ${configuration.readerPolicy === 'within' ? 'within one reader' : 'across readers'}; two images of one patient ${configuration.samePatientPairs ? 'may be' : 'are never'} a pair`,
    `- Thresholds: ${configuration.falsePositiveRate === null ? 'fixed' : `from chance, for a false-positive rate of ${configuration.falsePositiveRate}`}`,
    `- Readings that lost more than ${(100 * configuration.maxLostShare).toFixed(0)} % of their gaze are left out`,
  ];
  if (mined.length === 0) return [...lines, `- Pairs found: ${notKnown}`];
  const rows = mined.flatMap(({ measure, compared, found, groups }) =>
    groups.length === 0
      ? [`| ${measure} | all | ${notKnown} | ${notKnown} | ${notKnown} | ${found} of ${compared} |`]
      : groups.map(
          (group) =>
            `| ${measure} | ${plain(group.group)} | ${group.threshold === null ? 'none reached' : round(group.threshold)} | ${round(group.falsePositiveRate)} | ${group.falseDiscoveryRate === null ? notKnown : round(group.falseDiscoveryRate)} | ${group.found} of ${group.compared} |`,
        ),
  );
  return [
    ...lines,
    '',
    '| measure | kind of image | threshold | false-positive rate | false-discovery rate | pairs |',
    '|---|---|---|---|---|---|',
    ...rows,
  ];
}

/** Height and width. */
const wordSize = ({ imageSide, imageWidth }: CardFacts['configuration']): string =>
  `${imageSide} x ${imageWidth ?? imageSide} px`;

function wordStart(start: RunConfiguration['initialWeights']): string {
  switch (start.from) {
    case 'random':
      return 'at random, by the seed';
    case 'file':
      return `from the file ${plain(start.name)} (SHA-256 \`${start.sha256}\`)`;
    case 'model':
      return `from model ${start.version} (SHA-256 \`${start.sha256}\`), and so from what that has learnt from`;
    default:
      return start satisfies never;
  }
}

function describeRecipe({ configuration: c, model, engineReason }: CardFacts): readonly string[] {
  return [
    `- Method ${c.method}, encoder ${c.encoder} (${model.parameters} parameters), images ${wordSize(c)}`,
    `- Pictures: ${wordPreprocessing(c.recipe, c.imageSide, c.imageWidth ?? c.imageSide)}`,
    `- ${c.epochs} epochs (${c.warmupEpochs} of warm-up), ${c.batchImages} images a step, learning rate ${c.learningRate}, weight decay ${c.weightDecay}, seed ${c.seed}`,
    `- Engine: ${model.engine === null ? notKnown : plain(model.engine)}${engineReason === null ? '' : ` (${plain(engineReason)})`}; Fovea ${plain(model.appVersion)}`,
    `- Weights began ${wordStart(c.initialWeights)}${c.presetName === null ? '' : `; follows the published configuration ${plain(c.presetName)}`}`,
    '- The whole configuration stands in `run.json` in the folder of the run.',
  ];
}

function describeMetrics({ model }: CardFacts): readonly string[] {
  const { evaluation, refusal } = model;
  if (evaluation === null || evaluation.metrics.length === 0)
    return [
      refusal === null
        ? 'Not evaluated.'
        : `Not evaluated: the evaluation gave no figure (${refusal}).`,
    ];
  return [
    `Test part of the frozen split by patient: ${evaluation.testImages} images of ${evaluation.testPatients} patients; classes ${evaluation.classes.map(plain).join(', ')}; labels from ${evaluation.labels === 'file' ? 'an imported file' : 'the readers’ own assessments'}. Evaluation ${evaluation.evaluationId}, ${isoDay(evaluation.evaluatedAtMs)}.${evaluation.simulated ? ' **Simulated readings, images or labels took part.**' : ''}`,
    '',
    '| method | metric | value | 95 % interval |',
    '|---|---|---|---|',
    ...evaluation.metrics.map(
      ({ method, metric, figure }) => `| ${method} | ${metricWords[metric]} | ${word(figure)} |`,
    ),
  ];
}

function describeLimits({ model, configuration }: CardFacts): readonly string[] {
  return [
    '- An encoder, not a detector: it gives embeddings, no finding and no probability of disease.',
    '- Never tried on other machines, hospitals or populations than those of its images.',
    ...(model.evaluation === null
      ? ['- How well it works is not known: it was not evaluated.']
      : []),
    ...(model.simulated ? ['- Simulated gaze or images took part.'] : []),
    ...(configuration.imageSide < 224
      ? [
          `- Trained on images of ${wordSize(configuration)}: small findings cannot be seen at that size.`,
        ]
      : []),
    '- Sex, age, breast density and ethnicity behind the images are not recorded, so fairness was not looked at.',
  ];
}

function describeHistory({ history }: CardFacts): readonly string[] {
  if (history.length === 0) return ['None.'];
  return history.map(
    ({ alias, kind, by, changedAtMs, reason, shown }) =>
      `- ${new Date(changedAtMs).toISOString()}: ${alias}, ${kind}${by === null ? '' : ` by ${plain(by)}`}${reason === '' ? '' : `. Reason: ${plain(reason)}`}${shown === null ? '' : `. Shown: evaluation ${shown.candidateEvaluationId ?? 'none'} of this model, evaluation ${shown.championEvaluationId ?? 'none'} of ${shown.championVersion === null ? 'no champion' : `model ${shown.championVersion}`}`}`,
  );
}

/** The card of a model as Markdown. What is not known is said to be not known; nothing is made up. */
export function describeModelCard(facts: CardFacts): string {
  const { model } = facts;
  const { lineage } = model;
  const erased = lineage.readingList.filter((each) => each.erased).length;
  const pairs = lineage.pairs.map(({ measure, pairs }) => `${measure} ${pairs}`).join(', ');
  const gaze = model.positivesFrom === null ? 'without gaze' : 'with gaze';
  return [
    `# Model ${model.version}: ${model.encoder}, ${model.method}, ${gaze}`,
    '',
    '**Research use only. Not for diagnosis.**',
    '',
    `Registered ${isoDay(model.createdAtMs)}. ${model.aliases.length === 0 ? 'No alias.' : `Now the ${model.aliases.join(' and ')}.`}`,
    '',
    '## Intended use',
    '',
    'Research on gaze-guided pre-training. Research use only. Not for diagnosis, not for triage, not for judging readers.',
    '',
    '## Data',
    '',
    ...describeData(facts),
    '',
    '## Mining',
    '',
    ...describeMining(facts),
    '',
    '## Recipe',
    '',
    ...describeRecipe(facts),
    '',
    '## Metrics',
    '',
    ...describeMetrics(facts),
    '',
    '## Limitations',
    '',
    ...describeLimits(facts),
    '',
    '## Lineage',
    '',
    `- File: \`${model.file}\`, SHA-256 \`${model.sha256}\`${model.fileDeletedAtMs === null ? '' : ` (deleted ${isoDay(model.fileDeletedAtMs)})`}`,
    `- Run ${model.runId}; pairs still stored: ${pairs === '' ? 'none' : pairs}`,
    `- Readings by number: ${lineage.readingList.length === 0 ? 'none' : lineage.readingList.map(({ readingId, erased }) => `${readingId}${erased ? ' (erased)' : ''}`).join(', ')}${lineage.readings > lineage.readingList.length ? `, and ${lineage.readings - lineage.readingList.length} more` : ''}${erased > 0 ? '. Numbers of erased readings may have been given again.' : ''}`,
    `- Hashes of the images: ${lineage.images === 0 ? notKnown : 'in `run.json` in the folder of the run'}`,
    '',
    '## Aliases',
    '',
    ...describeHistory(facts),
    '',
    '## Licence',
    '',
    'The program is under GPL-3.0-or-later. A licence of the weights is not stated: it depends on the images and readings behind them. Settle it before the file is passed on.',
    '',
  ].join('\n');
}
