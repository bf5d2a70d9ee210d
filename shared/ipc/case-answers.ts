import type { UndefinedReason } from '../gaze/similarity/measure.ts';
import type { ExplainedAlignment } from '../gaze/similarity/explain-multimatch.ts';
import type { MultimatchFixation } from '../gaze/similarity/saccades.ts';
import type { Assessment, Modality } from '../imaging/study.ts';
import type { MeasureName } from '../training/run-configuration.ts';
import type { StudyImage } from './answers.ts';

/** What a run's pairs can be filtered by, each in alphabetical order. */
export type PairChoices = {
  /** Pseudonyms of the readers whose readings took part. */
  readonly readers: readonly string[];
  readonly modalities: readonly Modality[];
  readonly views: readonly string[];
};

/** Gaze of one side of a pair, as it was compared. */
export type ExplainedSide = {
  /** Null: no reading of this image that took part is left. */
  readonly readingId: number | null;
  /** In the frame that all images of the kind share: pixels of an 800 x 800 canvas, milliseconds. */
  readonly fixations: readonly MultimatchFixation[];
  /** Width of a look on the heat map: pixels of the canvas. */
  readonly sigmaPx: number;
  /** TIMA: the middle of each cluster in the order of time, pixels of the canvas; empty for other measures. */
  readonly clusters: readonly { readonly x: number; readonly y: number; readonly points: number }[];
  /** Why the measure cannot compare it; null where it can. */
  readonly reason: UndefinedReason | null;
};

/** One of a measure's own numbers beside chance. */
export type ExplainedNumber = {
  readonly value: number;
  /** Share of the chance pairs of this kind of image that lie in a lower two-hundredth; null: unknown. */
  readonly percentile: number | null;
};

export type PairExplanation = {
  /** Modality and view of both images. */
  readonly kind: string;
  readonly a: ExplainedSide;
  readonly b: ExplainedSide;
  /** Pairs of readings behind the stored numbers, which are their mean; the two most alike are shown. */
  readonly readingPairs: number;
  readonly relation: ExplainedNumber;
  /** As MinedPair.similarity. */
  readonly similarity: readonly ExplainedNumber[];
  /** Chance pairs of this kind of image that the run drew; 0: it has none. */
  readonly chancePairs: number;
  readonly pValue: number | null;
  readonly qValue: number | null;
  /** MultiMatch: which saccade is aligned with which; null for other measures or where gaze is gone. */
  readonly alignment: ExplainedAlignment | null;
};

export type SimilarCase = {
  readonly readingId: number;
  readonly image: StudyImage;
  readonly studyId: number;
  readonly patient: string;
  readonly modality: Modality;
  /** Pseudonym. */
  readonly reader: string;
  readonly startedAtMs: number;
  readonly assessment: Assessment | null;
  /** The gaze or the image was made by a program. */
  readonly simulated: boolean;
  readonly relation: number;
  /** As ExplainedNumber. */
  readonly percentile: number | null;
};

/** How the candidates were narrowed down before they were compared by the measure itself. */
export type SearchStage = 'all' | 'nearest-by-heat-map' | 'nearest-by-hash';

export type SimilarCases = {
  readonly measure: MeasureName;
  /** Why the measure cannot compare this reading's gaze; null where it can. */
  readonly reason: UndefinedReason | null;
  readonly cases: readonly SimilarCase[];
  /** Readings of images that may pair with this one and have a signature. */
  readonly candidates: number;
  /** How many of them the measure itself compared. */
  readonly compared: number;
  readonly stage: SearchStage;
  /** Readings without a signature by this measure, not searched; mining once describes them. */
  readonly notYetDescribed: number;
  /** The run whose chance pairs the percentiles refer to; null: none has any for this kind of image. */
  readonly chanceRunId: number | null;
};
