import { wordError } from '../../shared/messages/error-messages.ts';
import type { RunDetail, RunEvent } from '../../shared/ipc/answers.ts';
import { newRunConfiguration, shortenWarmup } from '../../shared/training/contradictions.ts';
import { followPreset } from '../../shared/training/follow-preset.ts';
import { fitImageSize } from '../../shared/training/image-size.ts';
import {
  type Interval,
  judgeAgreement,
  type LabelAgreement,
} from '../../shared/training/label-agreement.ts';
import { findPreset, presets } from '../../shared/training/presets.ts';
import { canResume, hasEnded } from '../../shared/training/run-states.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import type { Application } from '../app/application.ts';
import { exitCodes } from './help.ts';
import type { Output } from './output.ts';
import { wordEvaluation } from './word-evaluation.ts';

export type RunOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

const numeric = (value: unknown, otherwise: number): number =>
  value === undefined ? otherwise : Number(value);

/** The next size of the same shape, where the sides are whole numbers. */
function wordFittingSize(side: number, width: number | null): string {
  const asked = { height: side, width: width ?? side };
  if (!Number.isInteger(side) || !Number.isInteger(asked.width)) return '';
  const fitting = fitImageSize(asked);
  return `; ${fitting.height} x ${fitting.width} has the shape of ${side} x ${asked.width}`;
}

/** Thresholds come from chance unless one is given; null: fixed. */
function chooseRate(options: RunOptions, base: RunConfiguration): number | null {
  const rate = options['false-positive-rate'];
  if (rate !== undefined) return Number(rate);
  const fixed = ['hash-threshold', 'multimatch-threshold'].some((name) => name in options);
  return fixed ? null : base.falsePositiveRate;
}

/** The configuration that options change: the demonstration's, or a published one. */
function findBase(name: RunOptions[string]): RunConfiguration | string {
  if (typeof name !== 'string') return demonstrationConfiguration;
  const preset = findPreset(name);
  return preset === undefined
    ? `preset: there is no ${name}, only ${presets.map((each) => each.name).join(', ')}`
    : followPreset(preset, demonstrationConfiguration);
}

/**
 * The run that the options describe, or a sentence that says which one does not fit; positives by modality use
 * the measures that are set for the station.
 */
export function configureRun(
  options: RunOptions,
  mineOnly: boolean,
  measureByModality: RunConfiguration['measureByModality'],
): RunConfiguration | string {
  const base = findBase(options['preset']);
  if (typeof base === 'string') return base;
  const [method, encoder] = [options['method'] ?? base.method, options['encoder'] ?? base.encoder];
  const imageSide = numeric(options['image-side'], base.imageSide);
  const imageWidth =
    options['image-width'] === undefined ? base.imageWidth : Number(options['image-width']);
  const epochs = numeric(options['epochs'], base.epochs);
  const parsed = newRunConfiguration.safeParse({
    ...base,
    mineOnly,
    measures:
      typeof options['measures'] === 'string' ? options['measures'].split(',') : base.measures,
    falsePositiveRate: chooseRate(options, base),
    thresholds: {
      ...base.thresholds,
      'difference-hash': numeric(options['hash-threshold'], base.thresholds['difference-hash']),
      multimatch: numeric(options['multimatch-threshold'], base.thresholds.multimatch),
    },
    method,
    encoder,
    // With another method or encoder it has the station's own heads, and not the published one's name.
    presetName: method === base.method && encoder === base.encoder ? base.presetName : null,
    engine: options['engine'] ?? base.engine,
    positivesFrom: options['positives'] ?? base.positivesFrom,
    measureByModality,
    readerPolicy: options['reader-policy'] ?? base.readerPolicy,
    samePatientPairs: options['same-patient'] === true,
    useGaze: base.useGaze && options['no-gaze'] !== true,
    maxLostShare: numeric(options['max-lost-share'], base.maxLostShare),
    imageSide,
    imageWidth,
    batchImages: numeric(options['batch'], base.batchImages),
    epochs,
    warmupEpochs: numeric(options['warmup'], shortenWarmup(base, epochs)),
    queueLength: numeric(options['queue'], base.queueLength),
    learningRate: numeric(options['learning-rate'], base.learningRate),
    fineTuneEpochs: numeric(options['fine-tune'], base.fineTuneEpochs),
    seed: numeric(options['seed'], base.seed),
    modality: options['modality'] ?? base.modality,
    includeSimulated: options['no-simulated'] !== true,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join('.') ?? 'an option'}: ${issue?.message ?? 'does not fit'}${issue?.code === 'not_multiple_of' ? wordFittingSize(imageSide, imageWidth) : ''}`;
}

/** What became of the warm-up of a run that is shorter than its configuration says; undefined: nothing. */
export function wordWarmup(
  options: RunOptions,
  { epochs, warmupEpochs }: RunConfiguration,
): string | undefined {
  const base = findBase(options['preset']);
  if (typeof base === 'string' || options['warmup'] !== undefined) return undefined;
  if (warmupEpochs === base.warmupEpochs) return undefined;
  return `Warm-up: ${warmupEpochs} of ${epochs} epochs, in proportion to ${base.warmupEpochs} of ${base.epochs}; --warmup N sets it.`;
}

function describe({ row, progress, point }: RunEvent): string {
  const part = progress === null || progress.total === 0 ? 0 : progress.done / progress.total;
  const parts = [`run ${row.runId}`, row.stage ?? row.state, `${Math.round(part * 100)} %`];
  if (point !== null)
    parts.push(`loss ${point.loss.toFixed(4)}`, `${point.imagesPerSecond.toFixed(1)} images/s`);
  if (row.holds.length > 0) parts.push(`waits (${row.holds.join(', ')})`);
  if (progress?.secondsLeft != null) parts.push(`${Math.ceil(progress.secondsLeft)} s left`);
  return parts.join(' · ');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const agreementWords = {
  more: 'share their assessment more often than shuffled ones',
  less: 'share their assessment less often than shuffled ones',
  'as-by-chance': 'do not share their assessment more often than shuffled ones',
} as const;

function wordAgreement(agreement: LabelAgreement): string {
  const { auc, controlAuc, lift, controlLift, pValue } = agreement;
  const range = ({ value, low, high }: Interval): string =>
    `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return `assessments: pairs looked at alike ${agreementWords[judgeAgreement(agreement)]}: AUC ${range(auc)}, shuffled ${range(controlAuc)}; lift ${range(lift)}, shuffled ${range(controlLift)}; p = ${pValue.toFixed(4)}`;
}

function summarise(detail: RunDetail, output: Output): void {
  for (const {
    measure,
    images,
    compared,
    found,
    undefinedPairs,
    groups,
    agreement,
  } of detail.mined) {
    output.say(
      `${measure}: ${found} pairs above the threshold, of ${compared} compared (${images} images; ${undefinedPairs} pairs undefined)`,
    );
    for (const { group, threshold, falsePositiveRate, falseDiscoveryRate, chancePairs } of groups)
      output.say(
        `  ${group}: above ${threshold === null ? 'no threshold (too few readings for this rate)' : threshold.toFixed(4)}; of ${chancePairs} pairs put together by chance ${percent(falsePositiveRate)} are above it, ${falseDiscoveryRate === null ? 'no pair was found' : `so ${percent(falseDiscoveryRate)} of the pairs found may be chance`}`,
      );
    output.say(
      agreement === null ? `  assessments: nothing can be said` : `  ${wordAgreement(agreement)}`,
    );
  }
  if (detail.belowGate !== undefined && detail.belowGate > 0)
    output.say(`${detail.belowGate} readings are left out: too much of their gaze is lost.`);
  if (detail.simulated) output.say('Simulated readings or images took part.');
  const rates = detail.points.map((point) => point.imagesPerSecond).toSorted((a, b) => a - b);
  const median = rates[rates.length >>> 1];
  if (median !== undefined)
    output.say(
      `Loss ${detail.lastLoss?.toFixed(4) ?? '-'} after ${detail.points.at(-1)?.step ?? 0} steps, ${median.toFixed(1)} images/s (median), ${detail.engine ?? ''}`,
    );
  if (detail.encoder !== null)
    output.say(
      `Encoder: ${detail.encoder.file} (${detail.encoder.parameters} parameters, SHA-256 ${detail.encoder.sha256}). Research use only.`,
    );
  if (detail.evaluation !== undefined)
    for (const line of wordEvaluation(detail.evaluation)) output.say(line);
}

/**
 * Begins a run, or takes one up again, and waits for its end; Ctrl+C cancels it after its step. `begin` answers its id;
 * `events.listener` is set while it goes on.
 */
export async function runCommand(
  application: Application,
  begin: () => Promise<{ readonly runId: number }>,
  output: Output,
  events: { listener: ((event: RunEvent) => void) | undefined },
): Promise<number> {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  events.listener = (event) => {
    output.progress(describe(event));
    if (hasEnded(event.row.state)) resolve();
  };
  const { runId } = await begin();
  const cancel = (): void => {
    void application.call('run.cancel', { runId });
  };
  process.once('SIGINT', cancel);
  await ended;
  process.removeListener('SIGINT', cancel);
  output.endProgress();
  const detail = await application.call('run.detail', { runId });
  output.result(detail);
  switch (detail.state) {
    case 'done':
      summarise(detail, output);
      return exitCodes.ok;
    case 'cancelled':
      output.complain('Cancelled.');
      return exitCodes.cancelled;
    default:
      if (detail.error !== null) output.complain(wordError(detail.error));
      for (const line of detail.log) output.complain(`  ${line}`);
      if (canResume(detail.state, detail.error?.code ?? null))
        output.complain(
          `"fovea resume ${runId}" with the same --data-folder takes it up from its last checkpoint.`,
        );
      return exitCodes.failed;
  }
}
