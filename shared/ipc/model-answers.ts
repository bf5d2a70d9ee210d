import type { Modality } from '../imaging/study.ts';
import type { EvaluationMethod, EvaluationRefusal, Figure } from '../training/evaluation-result.ts';
import type { AliasChangeKind, ModelAlias } from '../training/model-aliases.ts';
import type {
  EncoderName,
  MeasureName,
  MethodName,
  PositiveSource,
} from '../training/run-configuration.ts';

export const modelMetricNames = ['auc', 'balancedAccuracy', 'accuracy'] as const;
export type ModelMetricName = (typeof modelMetricNames)[number];

/** One figure of an evaluation on the frozen split. */
export type ModelMetric = {
  readonly method: EvaluationMethod;
  readonly metric: ModelMetricName;
  readonly figure: Figure;
};

/** How a model did on the test part of the frozen split. */
export type ModelEvaluation = {
  readonly evaluationId: number;
  readonly evaluatedAtMs: number;
  readonly classes: readonly string[];
  readonly labels: 'assessments' | 'file';
  readonly testPatients: number;
  readonly testImages: number;
  /** Labels, images or readings behind it were made by a program. */
  readonly simulated: boolean;
  /** The first is the one that lists show. */
  readonly metrics: readonly ModelMetric[];
};

export type ModelRow = {
  readonly version: number;
  readonly runId: number;
  readonly aliases: readonly ModelAlias[];
  readonly createdAtMs: number;
  readonly encoder: EncoderName;
  readonly method: MethodName;
  /** Null: trained without gaze. */
  readonly positivesFrom: PositiveSource | null;
  /** Readings or images behind it were made by a program. */
  readonly simulated: boolean;
  /** What it has learnt from and that was deleted since, and readings whose reader has withdrawn. */
  readonly erasedReadings: number;
  readonly erasedImages: number;
  readonly withdrawnReadings: number;
  /** Null: its file is there, or should be. */
  readonly fileDeletedAtMs: number | null;
  /** Null: not evaluated. */
  readonly evaluation: ModelEvaluation | null;
  /** Why its evaluation gave no figure; null where it did, or where there was none. */
  readonly refusal: EvaluationRefusal | null;
};

export type AliasChange = {
  readonly alias: ModelAlias;
  readonly version: number | null;
  readonly kind: AliasChangeKind;
  /** Name of the administrator; null where a finished run made a challenger. */
  readonly by: string | null;
  readonly changedAtMs: number;
  readonly reason: string;
  /** What the administrator had been shown; null where nothing had to be. */
  readonly shown: ShownComparison | null;
};

/** Which evaluations a person saw side by side; null: there was none. */
export type ShownComparison = {
  readonly championVersion: number | null;
  readonly championEvaluationId: number | null;
  readonly candidateEvaluationId: number | null;
};

export type ModelList = {
  /** Newest first. */
  readonly models: readonly ModelRow[];
  /** Oldest first. */
  readonly history: readonly AliasChange[];
  /** The champion that a roll-back would bring back. */
  readonly rollBackTo: number | null;
};

export type ModelLineage = {
  readonly readings: number;
  readonly images: number;
  /** By reader; reader null: erased. */
  readonly readers: readonly {
    readonly reader: string | null;
    readonly readings: number;
    readonly simulated: number;
    readonly withdrawn: boolean;
  }[];
  /** By modality; modality null: erased. Images that a program has drawn are counted in `simulated` too. */
  readonly imagesBy: readonly {
    readonly modality: Modality | null;
    readonly images: number;
    readonly simulated: number;
  }[];
  readonly sources: readonly { readonly source: string; readonly readings: number }[];
  /** Pairs of its run that are still stored. */
  readonly pairs: readonly { readonly measure: MeasureName; readonly pairs: number }[];
  /** The first thousand readings by number. */
  readonly readingList: readonly { readonly readingId: number; readonly erased: boolean }[];
};

export type ModelDetail = ModelRow & {
  /** Relative to the data folder. */
  readonly file: string;
  readonly sha256: string;
  readonly parameters: number;
  /** Whether the file is there with the SHA-256 that was registered. */
  readonly fileState: 'whole' | 'damaged' | 'missing' | 'deleted';
  readonly appVersion: string;
  readonly engine: string | null;
  readonly lineage: ModelLineage;
};

/** One metric of two models. */
export type ComparedMetric = {
  readonly method: EvaluationMethod;
  readonly metric: ModelMetricName;
  readonly candidate: Figure | null;
  readonly champion: Figure | null;
  /** Candidate minus champion, over the same bootstrap samples; null where both were not judged together. */
  readonly difference: Figure | null;
};

export type ModelComparison = {
  readonly candidate: ModelRow;
  /** The model it is compared with, the champion unless another was asked for; null: there is none. */
  readonly champion: ModelRow | null;
  /** Why there is no difference; null where there is. */
  readonly missing: 'no-champion' | 'not-evaluated' | 'not-together' | null;
  /** What a person who sees this has been shown; goes with a promotion. */
  readonly shown: ShownComparison;
  readonly rows: readonly ComparedMetric[];
};

export type ModelCard = {
  readonly version: number;
  /** Markdown. */
  readonly text: string;
  /** Where it lies beside the model, relative to the data folder. */
  readonly file: string;
};
