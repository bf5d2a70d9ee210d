import type { ScreenFacts } from '../gaze/geometry.ts';
import type { GazeSample, GazeSourceId, RecordingEvent, ViewportState } from '../gaze/samples.ts';
import type {
  Assessment,
  ImageFormat,
  Laterality,
  Modality,
  StudyStatus,
} from '../imaging/study.ts';
import type { MinedGroup } from '../trainer-protocol.ts';
import type { EvaluationResult } from '../training/evaluation-result.ts';
import type { HoldReason, TrainingRules } from '../training/hold-reasons.ts';
import type { LabelAgreement } from '../training/label-agreement.ts';
import type { PairVerdict } from '../training/pair-verdicts.ts';
import type { MeasureName, RunConfiguration } from '../training/run-configuration.ts';
import type { RunStage, RunStart, RunState } from '../training/run-states.ts';
import type { NextRun, Schedule } from '../training/schedule.ts';
import type { Failure } from './contract.ts';

/** Facts about the station and the person in front of it. */
export type StationState = {
  readonly version: string;
  readonly dataFolder: string;
  /** What the page runs in: Electron itself, or installed Chromium in its place. */
  readonly host: 'electron' | 'chromium' | 'node';
  /** Whether the host can open a file dialog of its own. */
  readonly nativeDialogs: boolean;
  readonly user: { readonly id: number; readonly name: string; readonly role: 'reader' | 'admin' };
  readonly noticeAcknowledged: boolean;
  /** Purposes the reader has agreed to; null: never asked. */
  readonly consent: {
    readonly record: boolean;
    readonly train: boolean;
    readonly export: boolean;
    readonly atMs: number;
  } | null;
  /** Studies of the demonstration library that are still there. */
  readonly demonstrationStudies: number;
};

export type Settings = {
  readonly gazeSource: 'webgazer' | 'pointer' | 'replay' | 'off';
  readonly replayReadingId: number | null;
  readonly screenWidthMm: number | null;
  readonly viewingDistanceMm: number | null;
  readonly pauseTrainingWhileReading: boolean;
  readonly yieldToInput: boolean;
  /** What new runs begin with; changed by an administrator alone (presets.set). */
  readonly measureByModality: RunConfiguration['measureByModality'];
  /** Changed by an administrator alone (training-rules.set). */
  readonly trainingRules: TrainingRules;
};

export type WorklistRow = {
  readonly studyId: number;
  readonly patient: string;
  readonly description: string;
  readonly modality: Modality;
  /** ISO date or empty. */
  readonly studyDate: string;
  readonly images: number;
  readonly status: StudyStatus;
  readonly assessment: Assessment | null;
  readonly simulated: boolean;
  readonly demonstration: boolean;
};
export type WorklistPage = {
  /** Rows that match, of which `rows` is one page. */
  readonly total: number;
  readonly unread: number;
  readonly rows: readonly WorklistRow[];
};

export type StudyImage = {
  readonly imageId: number;
  /** `/image/<imageId>` under the page's own origin: the bytes of the file. */
  readonly url: string;
  readonly format: ImageFormat;
  readonly laterality: Laterality | null;
  readonly viewPosition: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly transferSyntax: string | null;
  readonly simulated: boolean;
  /** Credit that must stand beside the picture; empty where none is needed. */
  readonly attribution: string;
};
export type StudyDetail = WorklistRow & {
  readonly imageList: readonly StudyImage[];
  /** Earlier studies of the same patient, newest first. */
  readonly priors: readonly {
    readonly studyId: number;
    readonly studyDate: string;
    readonly description: string;
  }[];
};

export type ImportProgress = {
  readonly importId: number;
  /** Files looked at so far, of all found (0 while the folder is still being listed). */
  readonly done: number;
  readonly total: number;
  readonly taken: number;
  readonly alreadyThere: number;
  readonly refused: number;
  readonly bytes: number;
  readonly finished: boolean;
};
export type ImportReport = ImportProgress & {
  /** Set where the whole import stopped early (disk full, data folder gone). */
  readonly stopped: Failure | null;
  readonly refusals: readonly { readonly file: string; readonly error: Failure }[];
};

export type ReadingRow = {
  readonly readingId: number;
  readonly studyId: number;
  readonly patient: string;
  readonly modality: Modality;
  /** Reader's pseudonym. */
  readonly reader: string;
  readonly state: 'open' | 'finished' | 'left' | 'interrupted';
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly assessment: Assessment | null;
  readonly note: string;
  readonly gazeSource: GazeSourceId | null;
  readonly samples: number;
  readonly simulated: boolean;
};
/** Raw rows; image points, fixations and maps are derived from them by shared/gaze. */
export type ReadingReplay = ReadingRow & {
  readonly study: StudyDetail;
  readonly screen: ScreenFacts;
  readonly sampleList: readonly GazeSample[];
  readonly stateList: readonly ViewportState[];
  readonly eventList: readonly RecordingEvent[];
};

export type RunRow = {
  readonly runId: number;
  readonly state: RunState;
  readonly stage: RunStage | null;
  readonly configuration: RunConfiguration;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly error: Failure | null;
  /** Why it waits; empty while it goes on. */
  readonly holds: readonly HoldReason[];
  readonly startedFor: RunStart;
  /** Place in the queue from 1 on; null where it does not wait for its turn. */
  readonly queuePlace: number | null;
  readonly engine: string | null;
  readonly images: number | null;
  /** Some readings behind the run were made by a program. */
  readonly simulated: boolean;
  readonly pairs: Readonly<Partial<Record<MeasureName, number | null>>>;
  readonly lastLoss: number | null;
  readonly imagesPerSecond: number | null;
  readonly encoder: {
    readonly file: string;
    readonly sha256: string;
    readonly parameters: number;
  } | null;
};
export type RunProgressPoint = {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly imagesPerSecond: number;
  readonly embeddingSpread: number | null;
};
export type MinedCount = {
  readonly measure: MeasureName;
  readonly images: number;
  readonly compared: number;
  readonly found: number;
  readonly undefinedPairs: number;
  /** By kind of image; empty for runs that were not judged by chance. */
  readonly groups: readonly MinedGroup[];
  /** Null where the assessments say nothing, or for older runs. */
  readonly agreement: LabelAgreement | null;
};
export type MemoryPoint = { readonly atMs: number; readonly residentBytes: number };
export type RunDetail = RunRow & {
  readonly engineReason: string | null;
  readonly refusedEngines: readonly { readonly engine: string; readonly reason: string }[];
  /** What the run met and went on from, worded as errors. */
  readonly notices: readonly Failure[];
  /** The trainer's memory over time, thinned. */
  readonly memory: readonly MemoryPoint[];
  readonly progress: {
    readonly done: number;
    readonly total: number;
    readonly secondsLeft: number | null;
  } | null;
  readonly residentBytes: number | null;
  /** Images that take no part because they cannot be decoded. */
  readonly leftOut?: number;
  /** Readings left out because too much of their gaze is lost. */
  readonly belowGate?: number;
  readonly points: readonly RunProgressPoint[];
  readonly mined: readonly MinedCount[];
  /** What the encoder is worth on the frozen split; absent until it was judged, and for older runs. */
  readonly evaluation?: EvaluationResult;
  /** Last 20 lines of the trainer's output, for a failed run. */
  readonly log: readonly string[];
};
/** When runs begin by themselves, and what comes next; `schedule` is null where none was set. */
export type ScheduleState = { readonly schedule: Schedule | null; readonly next: NextRun | null };
/** A change of a run; the page merges it into what it shows. */
export type RunEvent = {
  readonly runId: number;
  readonly row: RunRow;
  readonly progress: RunDetail['progress'];
  readonly point: RunProgressPoint | null;
  readonly residentBytes: number | null;
  /** When this was told, milliseconds since 1970. */
  readonly atMs: number;
};

export type PairSide = {
  readonly image: StudyImage;
  readonly studyId: number;
  readonly patient: string;
  readonly modality: Modality;
  /** The reading that the pair names, else the newest with gaze that took part. */
  readonly readingId: number | null;
  readonly simulated: boolean;
};
export type PairRow = {
  readonly pairId: number;
  readonly relation: number;
  /** As MinedPair; null for runs that were not judged by chance. */
  readonly pValue: number | null;
  readonly qValue: number | null;
  /** What a person thinks of it; the next run leaves a refused pair out. */
  readonly verdict: PairVerdict | null;
  /** As MinedPair; null for older runs, or where the reading is gone. */
  readonly readingA: number | null;
  readonly readingB: number | null;
  readonly readingPairs: number;
  /** As MinedPair.similarity. */
  readonly similarity: readonly number[];
  readonly a: PairSide;
  readonly b: PairSide;
};
export type PairsPage = {
  readonly total: number;
  readonly threshold: number;
  readonly rows: readonly PairRow[];
};

/** An encoder that was written for other programs. */
export type EncoderExport = {
  /** Absolute path. */
  readonly file: string;
  readonly sha256: string;
  /** Trained numbers, without running statistics. */
  readonly parameters: number;
};

export type ExportResult = {
  readonly folder: string;
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  readonly readings: number;
  readonly samples: number;
  /** Readings left out, with the reason, for example no consent to export. */
  readonly leftOut: readonly {
    readonly readingId: number;
    readonly reason: 'no-consent' | 'simulated' | 'no-gaze';
  }[];
};
