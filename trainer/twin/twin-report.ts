import { compareArms, type ComparedArm, type FigureName } from './compare-arms.ts';
import { numberPart } from './run-twin.ts';
import { wordAlike } from './word-alike.ts';
import { markdownTable } from './text-table.ts';
import {
  change,
  changes,
  fewestSeeds,
  hasInterval,
  percent,
  range,
  three,
  wordFewSeeds,
} from './word-figures.ts';
import { wordLeftOut } from './word-left-out.ts';
import type { ArmResult } from './arm-results.ts';
import type { SizedImage } from './mine-twin.ts';
import { type ProbeName, probeNames, probeNeighbours, probePenalty } from './probes.ts';
import type { TwinInputs } from './twin-inputs.ts';
import type { TwinArm, TwinPlan } from './twin-plan.ts';

const bootstrap = { rounds: 2000, seed: 1 } as const;

/** What the gaze of an arm is. */
export const gazeKind = ({ gaze, simulated }: TwinArm): 'none' | 'recorded' | 'SIMULATED' =>
  gaze === null ? 'none' : simulated ? 'SIMULATED' : 'recorded';

type PartReport = {
  readonly images: number;
  readonly patients: number;
  readonly imagesByLabel: Readonly<Record<string, number>>;
};

export type ArmReport = ComparedArm & {
  readonly gaze: ReturnType<typeof gazeKind>;
  readonly describes: string;
  readonly mined: ArmResult['mined'];
  /** Means over seeds. */
  readonly positives: number;
  readonly loss: number | null;
  readonly spread: number | null;
  readonly secondsPerSeed: number;
  readonly engine: string;
};

/** What came out of a twin run, or of as much of it as was run. */
export type TwinReport = {
  readonly notice: 'Research use only. Not for diagnosis.';
  readonly title: string;
  /** Set where any arm's gaze was made by a program. */
  readonly simulated: string | null;
  readonly complete: boolean;
  /** Arms and seeds that were not run. */
  readonly notRun: readonly string[];
  readonly baseline: string;
  readonly labels: readonly string[];
  readonly split: { readonly train: PartReport; readonly test: PartReport; readonly how: string };
  readonly intervals: string;
  /** Set where the run has too few seeds for intervals. */
  readonly fewSeeds: string | null;
  readonly plan: TwinPlan;
  readonly fingerprint: string;
  readonly missing: readonly string[];
  /** Images of the files of gaze that are not in the folder or have no label. */
  readonly unusedGaze: readonly string[];
  readonly arms: readonly ArmReport[];
};

const simulatedNotice =
  'The gaze of this report is SIMULATED: a program made it, no person looked at these images. Nothing here says what the gaze of readers would do.';

const intervals = `Arms with fewer than ${fewestSeeds} seeds have no interval. Each interval is the 2.5 to 97.5 % range over ${bootstrap.rounds} bootstrap samples. A sample draws the test patients with replacement (all images of a patient together) and, independently, the seeds with replacement; an arm and the baseline have the same patients and seeds in each sample. It covers chance in who the test patients are, in the weights at the start and in augmentation. It does not cover other training images, another split, another drawing of the gaze or another recipe, and with few seeds it is too narrow in what it says of them. No correction for several arms was made.`;

const countBy = (values: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

const partOf = (part: readonly SizedImage[]): PartReport => ({
  images: part.length,
  patients: new Set(part.map(({ patient }) => patient)).size,
  imagesByLabel: countBy(part.map(({ label }) => label)),
});

const meanOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};

/** Compares what has been run so far. */
export function reportTwin(
  plan: TwinPlan,
  inputs: TwinInputs,
  results: readonly ArmResult[],
): TwinReport {
  const baseline = plan.arms[0]?.name ?? '';
  const { train, test, labels } = inputs;
  const compared = compareArms(results, baseline, numberPart(test, labels), bootstrap);
  const arms = plan.arms.flatMap((arm): ArmReport[] => {
    const found = compared.find((each) => each.arm === arm.name);
    const own = results.filter((each) => each.arm === arm.name);
    if (found === undefined) return [];
    return [
      {
        ...found,
        gaze: gazeKind(arm),
        describes: arm.describes,
        mined: own[0]?.mined ?? null,
        positives: meanOf(own.map(({ positives }) => positives)) ?? 0,
        loss: meanOf(own.map(({ loss }) => loss)),
        spread: meanOf(own.map(({ spread }) => spread)),
        engine: own[0]?.engine ?? '',
        secondsPerSeed: meanOf(own.map(({ seconds }) => seconds)) ?? 0,
      },
    ];
  });
  const notRun = plan.seeds.flatMap((seed) =>
    plan.arms.flatMap(({ name }) =>
      results.some((each) => each.arm === name && each.seed === seed)
        ? []
        : [`${name}, seed ${seed}`],
    ),
  );
  return {
    notice: 'Research use only. Not for diagnosis.',
    title: plan.title,
    simulated: plan.arms.some(({ simulated }) => simulated) ? simulatedNotice : null,
    complete: notRun.length === 0,
    notRun,
    baseline,
    labels,
    split: {
      train: partOf(train),
      test: partOf(test),
      how: inputs.patientsKnown
        ? 'by patient, by hash of the patient'
        : 'by IMAGE, by hash of its name: the table of labels names no patients, and images of one patient may lie in both parts',
    },
    intervals,
    fewSeeds: wordFewSeeds(plan.seeds.length) ?? null,
    plan,
    fingerprint: inputs.fingerprint,
    missing: inputs.missing,
    unusedGaze: inputs.unusedGaze,
    arms,
  };
}

const probeWords: Readonly<Record<ProbeName, string>> = {
  'linear-probe': 'linear probe',
  'k-nn': 'nearest neighbours',
};

/** One line an arm: mean and difference from the baseline. */
export function tableOf(
  { arms, baseline }: TwinReport,
  probe: ProbeName,
  name: FigureName,
): readonly (readonly string[])[] {
  const words = name === 'auc' ? 'AUC' : 'balanced accuracy';
  return [
    ['arm', 'gaze', 'seeds', `${words}, ${probeWords[probe]}`, `minus ${baseline}`, 'by seed'],
    ...arms.map(({ arm, gaze, seeds, figures }) => {
      const { mean, difference, differences } = figures[probe][name];
      return [
        arm,
        gaze,
        String(seeds.length),
        range(mean),
        difference === null ? '(baseline)' : change(difference),
        changes(differences),
      ];
    }),
  ];
}

/** What the decisive figure says of an arm, in one sentence. */
export function sentenceOf({ baseline }: TwinReport, { arm, gaze, figures }: ArmReport): string {
  const { difference } = figures['linear-probe'].auc;
  const named = gaze === 'SIMULATED' ? `${arm} (SIMULATED gaze)` : arm;
  if (difference === null) return `${named} is the baseline.`;
  const verdict = !hasInterval(difference)
    ? 'fewer than three seeds: this is no result'
    : difference.low > 0
      ? 'the interval lies above 0'
      : difference.high < 0
        ? 'the interval lies below 0'
        : 'the interval holds 0: no difference was shown';
  return `${named} minus ${baseline}: ${change(difference)} AUC by linear probe; ${verdict}.`;
}

function minedTable({ arms }: TwinReport): string {
  const rows = arms.flatMap(({ arm, gaze, mined, positives }) =>
    mined === null
      ? []
      : [
          [
            arm,
            gaze,
            `${mined.tracks} (${mined.belowGate})`,
            mined.fixations.toFixed(1),
            Object.values(mined.thresholds)
              .map((threshold) => (threshold === null ? 'none' : three(threshold)))
              .join(', '),
            percent(mined.falsePositiveRate),
            `${mined.pairs} of ${mined.compared}`,
            `${percent(mined.sameLabel)} (all pairs: ${percent(mined.sameLabelBase)})`,
            positives.toFixed(2),
          ],
        ],
  );
  const header = [
    'arm',
    'gaze',
    'tracks (below the gate)',
    'fixations a track',
    'threshold',
    'chance above it',
    'pairs alike',
    'of equal label',
    'positives an image in a batch',
  ];
  return rows.length === 0 ? 'No arm has gaze.' : markdownTable([header, ...rows]);
}

const partLine = (name: string, { images, patients, imagesByLabel }: PartReport): string =>
  `- ${name}: ${images} images of ${patients} patients (${Object.entries(imagesByLabel)
    .map(([label, count]) => `${label} ${count}`)
    .join(', ')})`;

/** The report as a page. */
export function toMarkdown(report: TwinReport): string {
  const { plan, split } = report;
  const { recipe, mining } = plan;
  return [
    `# ${report.title}`,
    ...(report.simulated === null ? [] : [`**${report.simulated}**`]),
    report.notice,
    ...(report.fewSeeds === null ? [] : [`**${report.fewSeeds}**`]),
    ...(report.complete
      ? []
      : [`**Not complete.** Not run: ${report.notRun.join('; ')}. Figures are over what was run.`]),
    '## What came out',
    [
      ...report.arms
        .filter(({ arm }) => arm !== report.baseline)
        .map((arm) => sentenceOf(report, arm)),
      ...wordAlike(report.arms),
    ]
      .map((sentence) => `- ${sentence}`)
      .join('\n'),
    'The AUC of the linear probe is the figure by which arms are told apart; it was chosen before anything was run. The others stand beside it.',
    ...probeNames.flatMap((probe) =>
      (['auc', 'balancedAccuracy'] as const).map((name) =>
        markdownTable(tableOf(report, probe, name)),
      ),
    ),
    report.intervals,
    '## Arms',
    plan.arms.map((arm) => `- ${arm.name} (gaze: ${gazeKind(arm)}): ${arm.describes}`).join('\n'),
    minedTable(report),
    `Mined by ${mining.measure}, ${'fixed' in mining.rule ? `fixed threshold ${mining.rule.fixed}` : `threshold by chance at a false-positive rate of ${mining.rule.falsePositiveRate}`}, readers ${mining.readerPolicy}, ${mining.pxPerDegree === null ? 'pixels a degree not known' : `${mining.pxPerDegree.toFixed(2)} px a degree`}. How often pairs have equal labels was counted afterwards; mining and pre-training see no labels.`,
    '## Images',
    [
      partLine('training part', split.train),
      partLine('test part', split.test),
      `- split ${split.how}; test share ${plan.testShare}`,
      ...wordLeftOut(report),
    ].join('\n'),
    `Encoders are pre-trained on the training part alone; gaze on test images is not used at all. Probes learn from labels of the training part and are asked once about the test part; they are fixed beforehand (penalty ${probePenalty}, ${probeNeighbours} neighbours), so there is no validation part. All arms of a seed have the same weights at the start, batches, augmented views and rates.`,
    '## Recipe',
    `${recipe.method}, ${recipe.encoder}, ${recipe.imageSide} px, batches of ${recipe.batchImages}, ${recipe.epochs} epochs, SGD ${recipe.learningRate} with cosine and ${recipe.warmupEpochs} epochs of warm-up, weight decay ${recipe.weightDecay}, views "${recipe.recipe}", seeds ${plan.seeds.join(', ')}; engine ${report.arms[0]?.engine ?? 'none'}. Weights at the start are random, not from other images.`,
    report.arms
      .map(
        ({ arm, loss, spread, secondsPerSeed }) =>
          `- ${arm}: ${loss === null ? 'not trained' : `loss ${three(loss)}, spread of embeddings ${three(spread ?? 0)} at the last step, ${secondsPerSeed.toFixed(0)} s a seed`}`,
      )
      .join('\n'),
    ...(plan.remarks.length === 0 ? [] : ['## Remarks', ...plan.remarks]),
    `Fingerprint of plan and files: \`${report.fingerprint}\`.`,
    '',
  ].join('\n\n');
}
