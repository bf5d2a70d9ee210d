import {
  type EvaluatedEncoder,
  evaluationMethods,
  type EvaluationResult,
  type LabelSource,
  type MethodResult,
  type SplitPart,
} from '../../shared/training/evaluation-result.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { describeDifference, describeFigures } from './describe-figures.ts';
import type { LabelledFeatures } from './features.ts';
import { type FeatureParts, type Judged, judgeLinear, judgeNearest } from './judge-features.ts';
import {
  countSplit,
  enoughPatients,
  listClasses,
  refuseSplit,
  type SplitImage,
} from '../../shared/training/labelled-split.ts';

/** An encoder with the embedding that it gives each labelled image. */
export type EmbeddedEncoder = {
  readonly encoder: EvaluatedEncoder;
  /** By image id. */
  readonly features: ReadonlyMap<number, Float32Array>;
};

type EvaluationInputs = {
  /** Labelled images, all of which every encoder has embedded. */
  readonly images: readonly SplitImage[];
  readonly labels: LabelSource;
  readonly simulated: boolean;
  /** The new encoder first. */
  readonly encoders: readonly EmbeddedEncoder[];
  readonly bootstrap: BootstrapOptions;
  /** Lets messages in between two fits. */
  readonly pause: () => Promise<void>;
  /** Fine-tunes one encoder by its place, undefined where that failed; absent: it was not asked for. */
  readonly fineTune?: (place: number, labelled: LabelledParts) => Promise<Judged | undefined>;
};

/** Images of each part in the order of their ids, and the names of the classes. */
export type LabelledParts = {
  readonly classes: readonly string[];
  readonly part: (wanted: SplitPart) => readonly SplitImage[];
};

/** A number for each patient of a list, from 0 in the order of appearance. */
export function numberPatients(images: readonly SplitImage[]): ReadonlyMap<string, number> {
  const patients = new Map<string, number>();
  for (const { patientKey } of images)
    if (!patients.has(patientKey)) patients.set(patientKey, patients.size);
  return patients;
}

/** An evaluation with what each method said of each test image. */
export type Evaluation = {
  readonly result: EvaluationResult;
  /** By encoder in order, of the test images in the order of their ids. */
  readonly judged: readonly (readonly Judged[])[];
};

function gatherPart(
  images: readonly SplitImage[],
  classes: readonly string[],
  { features }: EmbeddedEncoder,
): LabelledFeatures {
  const patients = numberPatients(images);
  const rows = images.map(({ imageId }) => {
    const row = features.get(imageId);
    if (row === undefined) throw new Error(`Image ${imageId} was not embedded.`);
    return row;
  });
  const length = rows[0]?.length ?? 0;
  const matrix = new Float32Array(rows.length * length);
  for (const [i, row] of rows.entries()) matrix.set(row, i * length);
  return {
    classCount: classes.length,
    length,
    features: matrix,
    labels: Int32Array.from(images, ({ label }) => classes.indexOf(label)),
    patients: Int32Array.from(images, ({ patientKey }) => patients.get(patientKey) ?? 0),
  };
}

const notTuned = (reason: 'not-run' | 'failed'): MethodResult => ({
  method: 'fine-tuning',
  result: { outcome: 'refused', reason, details: {} },
});

/**
 * Judges encoders by k-NN, a linear probe and, where it is asked for, fine-tuning on the frozen split, the first
 * against the others. Refuses where a class has too few patients for a figure to mean something.
 */
export async function evaluateEncoders(inputs: EvaluationInputs): Promise<Evaluation> {
  const { images, labels, simulated, encoders, bootstrap, pause, fineTune } = inputs;
  const classes = listClasses(images);
  const split = countSplit(images, classes);
  const refusal = refuseSplit(split, classes);
  if (refusal !== undefined)
    return {
      judged: [],
      result: {
        outcome: 'refused',
        reason: refusal.reason,
        details: { ...refusal.details },
        split: classes.length === 0 ? null : split,
        classes: [...classes],
      },
    };
  const ordered = images.toSorted((a, b) => a.imageId - b.imageId);
  const partOf = (wanted: SplitPart): readonly SplitImage[] =>
    ordered.filter(({ part }) => part === wanted);
  const judged: Judged[][] = [];
  for (const [place, each] of encoders.entries()) {
    const of = (wanted: SplitPart): LabelledFeatures => gatherPart(partOf(wanted), classes, each);
    const parts: FeatureParts = {
      train: of('train'),
      validation: of('validation'),
      test: of('test'),
    };
    const frozen = [judgeNearest(parts), await judgeLinear(parts, pause)];
    const tuned = await fineTune?.(place, { classes, part: partOf });
    judged.push(tuned === undefined ? frozen : [...frozen, tuned]);
    await pause();
  }
  const [first = []] = judged;
  return {
    judged,
    result: {
      outcome: 'measured',
      classes: [...classes],
      labels,
      split,
      rule: enoughPatients,
      bootstrap,
      simulated,
      encoders: encoders.map(({ encoder }, i) => ({
        encoder,
        methods: evaluationMethods.map((method) => {
          const one = judged[i]?.find((each) => each.method === method);
          return one === undefined
            ? notTuned(fineTune === undefined ? 'not-run' : 'failed')
            : { method, result: describeFigures(one, bootstrap) };
        }),
      })),
      differences: encoders.slice(1).flatMap(({ encoder }, i) =>
        first.flatMap((one) => {
          const other = judged[i + 1]?.find(({ method }) => method === one.method);
          return other === undefined ? [] : [describeDifference(one, other, encoder, bootstrap)];
        }),
      ),
    },
  };
}
