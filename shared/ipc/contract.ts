import { z } from 'zod';
import { type ImageLandmarks, landmarkKinds } from '../gaze/landmarks.ts';
import { gazeSourceIds, recordingEventKinds } from '../gaze/samples.ts';
import { assessments, modalities, studyStatuses } from '../imaging/study.ts';
import { encoderFormats } from '../training/encoder-formats.ts';
import { pairVerdicts } from '../training/pair-verdicts.ts';
import { measureByModality, measureNames } from '../training/run-configuration.ts';
import { modelRequests } from './model-requests.ts';
import { runRequests } from './run-requests.ts';
import { asks, type Request } from './request.ts';
import type { LabelImport, SplitOverview } from './evaluation-answers.ts';
import type { PairChoices, PairExplanation, SimilarCases } from './case-answers.ts';
import type {
  EncoderExport,
  ExportResult,
  ImportReport,
  ImportProgress,
  PairsPage,
  ReadingReplay,
  ReadingRow,
  RunEvent,
  Settings,
  StationState,
  StudyDetail,
  WorklistPage,
} from './answers.ts';

export type { Role } from './request.ts';

const id = z.number().int().positive();
const tUs = z.number().int().nonnegative();
const finite = z.number();

const gazeSample = z.object({
  tUs,
  xDip: finite.nullable(),
  yDip: finite.nullable(),
  valid: z.boolean(),
  confidence: z.number().min(0).max(1).nullable(),
});

const viewportState = z.object({
  tUs,
  pane: z.number().int().min(0).max(15),
  imageId: id.nullable(),
  frame: z.number().int().nonnegative(),
  contentXDip: finite,
  contentYDip: finite,
  zoomFactor: z.number().positive(),
  devicePixelRatio: z.number().positive(),
  xCss: finite,
  yCss: finite,
  widthCss: z.number().nonnegative(),
  heightCss: z.number().nonnegative(),
  m00: finite,
  m01: finite,
  m02: finite,
  m10: finite,
  m11: finite,
  m12: finite,
  windowCenter: finite.nullable(),
  windowWidth: finite.nullable(),
  invert: z.boolean(),
  visible: z.boolean(),
});

const settings = z.object({
  gazeSource: z.enum(['webgazer', 'pointer', 'replay', 'off']),
  /** The finished reading that the replay source plays. */
  replayReadingId: id.nullable(),
  /** Physical screen, for degrees of visual angle; null while unknown. */
  screenWidthMm: z.number().positive().max(5000).nullable(),
  viewingDistanceMm: z.number().positive().max(5000).nullable(),
  /** Hold a run's steps while a reading is open. */
  pauseTrainingWhileReading: z.boolean(),
  /** Let a run wait for a moment after each input of the reader. */
  yieldToInput: z.boolean(),
});

/** Every request of the page and the command line, declared once. */
export const requests = {
  'station.state': asks<StationState>()(null, z.object({})),
  'station.acknowledge-notice': asks<StationState>()('reader', z.object({})),
  /** Gives (record: true) or withdraws (record: false) the reader's consent. */
  'consent.set': asks<StationState>()(
    'reader',
    z.object({ record: z.boolean(), train: z.boolean(), export: z.boolean() }),
  ),
  'settings.get': asks<Settings>()('reader', z.object({})),
  'settings.set': asks<Settings>()('reader', settings.partial()),

  'worklist.page': asks<WorklistPage>()(
    'reader',
    z.object({
      modality: z.enum(modalities).nullable(),
      status: z.enum(studyStatuses).nullable(),
      text: z.string().max(100),
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(500),
    }),
  ),
  'study.open': asks<StudyDetail>()('reader', z.object({ studyId: id })),

  /** Opens the host's own dialog; answers null where the person cancels. */
  'import.choose': asks<{ readonly importId: number } | null>()(
    'reader',
    z.object({ what: z.enum(['folder', 'files']) }),
  ),
  /** For drag and drop and hosts without dialogs: files then go one by one by POST to app://station/upload/<importId>?name=<name>. */
  'import.begin-upload': asks<{ readonly importId: number }>()(
    'reader',
    z.object({ files: z.number().int().min(1).max(1_000_000) }),
  ),
  'import.end-upload': asks<ImportReport>()('reader', z.object({ importId: id })),
  'import.report': asks<ImportReport>()('reader', z.object({ importId: id })),
  'demonstration.empty': asks<{ readonly studies: number }>()('reader', z.object({})),

  'reading.start': asks<{ readonly readingId: number; readonly recordingId: number | null }>()(
    'reader',
    z.object({
      studyId: id,
      /** 'off' opens the reading without a recording; anything else needs consent. */
      gazeSource: z.enum([...gazeSourceIds, 'off']),
      device: z.string().max(200),
      nominalHz: z.number().positive().max(5000).nullable(),
      /** Width of the whole screen; null where unknown. */
      screenWidthDip: z.number().positive().max(100_000).nullable(),
      /** Mean error of the webcam's validation; stored for a webcam alone. */
      gazeErrorDip: z.number().nonnegative().max(100_000).nullable(),
    }),
  ),
  'reading.gaze': asks<{ readonly samples: number; readonly states: number }>()(
    'reader',
    z.object({
      readingId: id,
      samples: z.array(gazeSample).max(5000),
      states: z.array(viewportState).max(2000),
      events: z
        .array(z.object({ tUs, kind: z.enum(recordingEventKinds), reason: z.string().max(200) }))
        .max(200),
    }),
  ),
  /** The reader moves, zooms, windows or scrolls just now: a run waits for a moment. */
  'reading.input': asks<Record<string, never>>()('reader', z.object({})),
  'reading.finish': asks<{ readonly nextStudyId: number | null }>()(
    'reader',
    z.object({ readingId: id, assessment: z.enum(assessments), note: z.string().max(10_000) }),
  ),
  /** Leaves without an assessment; what was recorded is kept, the study stays to be read. */
  'reading.leave': asks<Record<string, never>>()('reader', z.object({ readingId: id })),
  'reading.list': asks<readonly ReadingRow[]>()(
    'reader',
    z.object({ studyId: id.nullable(), limit: z.number().int().min(1).max(5000) }),
  ),
  'reading.replay': asks<ReadingReplay>()('reader', z.object({ readingId: id })),

  /** The marked disc and fovea of an image. */
  'image.landmarks': asks<ImageLandmarks>()('reader', z.object({ imageId: id })),
  /** Marks a place of an image, in pixels with centres at integers; null takes the mark back. */
  'image.mark-landmark': asks<ImageLandmarks>()(
    'reader',
    z.object({
      imageId: id,
      kind: z.enum(landmarkKinds),
      place: z.object({ x: finite, y: finite }).nullable(),
    }),
  ),

  /**
   * Takes a CSV file of labels as the newest set, whole or not at all: columns `label` and one of `image`,
   * `file`, `sop_instance_uid`, `patient`.
   */
  'labels.import': asks<LabelImport>()(
    'admin',
    z.object({
      name: z.string().min(1).max(200),
      /** The file's bytes. */
      base64: z.base64().max(50_000_000),
      /** Leave out lines that name no image of the station, and count them. */
      skipUnknown: z.boolean().default(false),
    }),
  ),
  /** The frozen split by patient, and how many labelled patients and images each part has. */
  'split.overview': asks<SplitOverview>()('admin', z.object({})),

  ...runRequests,
  /** Accepts a pair, or refuses it for all later runs; null takes that back. */
  'pair.judge': asks<Record<string, never>>()(
    'admin',
    z.object({ imageA: id, imageB: id, verdict: z.enum(pairVerdicts).nullable() }),
  ),
  'pair.page': asks<PairsPage>()(
    'admin',
    z.object({
      runId: id,
      measure: z.enum(measureNames),
      /** Only pairs whose relation is at least so high. */
      atLeast: z.number().min(0).max(1),
      /** Pseudonym of a reader of one of the two readings behind the pair; null: any. */
      reader: z.string().max(200).nullable().default(null),
      modality: z.enum(modalities).nullable().default(null),
      view: z.string().max(16).nullable().default(null),
      verdict: z
        .enum(['to-judge', ...pairVerdicts])
        .nullable()
        .default(null),
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(200),
    }),
  ),

  /** What a run's pairs can be filtered by. */
  'pair.choices': asks<PairChoices>()('admin', z.object({ runId: id })),
  /** Why two images are a pair: what was compared, and how each number stands to chance. */
  'pair.explain': asks<PairExplanation>()(
    'admin',
    z.object({ runId: id, measure: z.enum(measureNames), imageA: id, imageB: id }),
  ),

  /** Readings of other images that were looked at like this one, most alike first. */
  'reading.similar': asks<SimilarCases>()(
    'reader',
    z.object({
      readingId: id,
      imageId: id,
      measure: z.enum(measureNames),
      limit: z.number().int().min(1).max(100),
      /** Only readings of the same reader. */
      sameReader: z.boolean().default(false),
    }),
  ),
  ...modelRequests,
  /** The measure of each modality that new runs and the case page begin with. */
  'presets.set': asks<Settings>()('admin', z.object({ measureByModality })),

  /** Writes CSV files, a JSON description and a manifest into a new folder under the data folder's exports. */
  'export.readings': asks<ExportResult>()(
    'admin',
    z.object({
      modality: z.enum(modalities).nullable(),
      readingIds: z.array(id).max(100_000).nullable(),
      includeSimulated: z.boolean(),
    }),
  ),
  /** Writes a finished run's encoder for other programs under the data folder's exports. */
  'export.encoder': asks<EncoderExport>()(
    'admin',
    z.object({ runId: id, format: z.enum(encoderFormats) }),
  ),
  /**
   * Writes a model's encoder for other programs to where the host's own dialog says, or below the data folder's
   * exports where the host has none; null where the person cancels.
   */
  'export.model': asks<EncoderExport | null>()(
    'admin',
    z.object({ version: id, format: z.enum(encoderFormats) }),
  ),
} as const satisfies Record<string, Request<z.ZodType, unknown>>;

export type Requests = typeof requests;
export type RequestName = keyof Requests;
/** What a caller gives. */
export type Input<Name extends RequestName> = z.input<Requests[Name]['input']>;
/** What a handler receives, after the schema. */
export type ParsedInput<Name extends RequestName> = z.output<Requests[Name]['input']>;
/** What the handler answers. */
export type Answer<Name extends RequestName> =
  Requests[Name] extends Request<z.ZodType, infer Value> ? Value : never;

/** What main tells the page without being asked. */
export type Topics = {
  readonly 'import.progress': ImportProgress;
  readonly 'run.event': RunEvent;
  /** The schedule, or what it counts, changed. */
  readonly 'schedule.changed': Record<string, never>;
  /** Something changed; the page asks again for what it shows. */
  readonly 'worklist.changed': Record<string, never>;
};
export type TopicName = keyof Topics;

/** A failure as it crosses the bridge. */
export type Failure = {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number>>;
};
export type Reply<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Failure };

/** What preload exposes as `window.station`. */
export type StationBridge = {
  call(name: string, input: unknown): Promise<Reply<unknown>>;
  on(topic: string, listener: (value: unknown) => void): () => void;
};
