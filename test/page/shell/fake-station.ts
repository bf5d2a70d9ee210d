import type {
  ExportResult,
  ImportReport,
  PairSide,
  ReadingRow,
  RunDetail,
  RunEvent,
  RunRow,
  Settings,
  StationState,
  WorklistRow,
} from '../../../shared/ipc/answers.ts';
import type { Input, ParsedInput, RequestName } from '../../../shared/ipc/contract.ts';
import type { RunConfiguration } from '../../../shared/training/run-configuration.ts';

/** What the station in the page holds. */
export type FakeOptions = {
  readonly studies: number;
  readonly state: Partial<StationState>;
  readonly configuration: RunConfiguration;
  readonly runs: readonly RunDetail[];
  readonly refusals: ImportReport['refusals'];
  /** Milliseconds before each answer. */
  readonly delayMs: number;
};

/** What a test sees of it, as `window.fake`. */
export type Fake = {
  /** Every request, in order. */
  readonly calls: readonly { readonly name: string; readonly input: unknown }[];
  emit(topic: string, value: unknown): void;
  /** Merges into a run and tells the page. */
  tellRun(runId: number, change: Partial<RunDetail>, point?: RunEvent['point']): void;
};

/**
 * Puts a station into the page: the contract's requests over deterministic rows in memory. It is sent to
 * the browser as its own text, so it may use nothing from outside of its body.
 */
export function installFakeStation(options: FakeOptions): void {
  const calls: { name: string; input: unknown }[] = [];
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const emit = (topic: string, value: unknown): void => {
    for (const listener of listeners.get(topic) ?? []) listener(value);
  };
  let state: StationState = {
    version: '0.1.0',
    dataFolder: '/home/reader/fovea',
    host: 'chromium',
    nativeDialogs: false,
    user: { id: 1, name: 'Reader', role: 'admin' },
    noticeAcknowledged: true,
    consent: { record: true, train: true, export: false, atMs: 1_790_000_000_000 },
    demonstrationStudies: Math.min(48, options.studies),
    ...options.state,
  };
  const settings: Settings = {
    gazeSource: 'pointer',
    replayReadingId: null,
    screenWidthMm: null,
    viewingDistanceMm: null,
    pauseTrainingWhileReading: true,
    yieldToInput: true,
    measureByModality: { MG: 'multimatch', OP: 'difference-hash', OT: 'multimatch' },
    trainingRules: { nightWindow: null, pauseOnBattery: true, leastFreeBytes: 2 ** 30 },
  };
  const pick = <Value>(values: readonly Value[], index: number): Value => {
    const value = values[index % values.length];
    if (value === undefined) throw new Error('An empty list has nothing to pick.');
    return value;
  };
  const study = (index: number): WorklistRow => {
    const modality = pick(['MG', 'OP', 'MG', 'OT'] as const, index);
    const status = pick(['unread', 'unread', 'in-progress', 'read'] as const, index);
    return {
      studyId: index + 1,
      patient: `Phantom ${String(index + 1).padStart(5, '0')}`,
      description: pick(
        ['Screening, four views', 'Fundus, right eye', 'Follow-up', 'Other'],
        index,
      ),
      modality,
      studyDate: `2026-0${(index % 9) + 1}-1${index % 10}`,
      images: modality === 'MG' ? 4 : 1,
      status,
      assessment:
        status === 'read' ? pick(['normal', 'benign', 'suspicious'] as const, index) : null,
      simulated: modality === 'MG',
      demonstration: index < state.demonstrationStudies,
    };
  };
  const studies = Array.from({ length: options.studies }, (_, index) => study(index));

  const readings: readonly ReadingRow[] = studies.slice(0, 40).map((row, index) => ({
    readingId: index + 1,
    studyId: row.studyId,
    patient: row.patient,
    modality: row.modality,
    reader: `R-${(index % 3) + 1}`,
    state: index % 9 === 8 ? 'left' : 'finished',
    startedAtMs: 1_790_000_000_000 + index * 3_600_000,
    durationMs: 20_000 + index * 1777,
    assessment: index % 9 === 8 ? null : pick(['normal', 'benign', 'suspicious'] as const, index),
    note: '',
    gazeSource: pick(['simulated', 'webgazer', 'pointer', null] as const, index),
    samples: index % 4 === 3 ? 0 : 600 + index * 31,
    simulated: index % 4 !== 1,
  }));

  let runs = [...options.runs];
  /** The run without what only its detail has. */
  const rowOf = (run: RunDetail): RunRow => {
    const row = { ...run };
    const own =
      'engineReason refusedEngines notices memory progress residentBytes points mined log evaluation';
    for (const name of own.split(' ')) Reflect.deleteProperty(row, name);
    return row;
  };
  const tellRun: Fake['tellRun'] = (runId, change, point = null) => {
    runs = runs.map((run) =>
      run.runId === runId
        ? { ...run, ...change, points: point === null ? run.points : [...run.points, point] }
        : run,
    );
    const run = runs.find((each) => each.runId === runId);
    if (run === undefined) throw new Error(`The fake station has no run ${runId}.`);
    const { progress, residentBytes } = run;
    emit('run.event', { runId, row: rowOf(run), progress, point, residentBytes, atMs: 0 });
  };
  const newRun = (configuration: RunConfiguration): RunDetail => ({
    runId: runs.length + 1,
    state: 'queued',
    stage: null,
    configuration,
    createdAtMs: 1_790_500_000_000,
    startedAtMs: null,
    endedAtMs: null,
    error: null,
    holds: [],
    startedFor: 'hand',
    queuePlace: 1,
    engine: null,
    images: null,
    simulated: configuration.includeSimulated,
    pairs: { 'difference-hash': null, multimatch: null },
    lastLoss: null,
    imagesPerSecond: null,
    encoder: null,
    engineReason: null,
    refusedEngines: [],
    notices: [],
    memory: [],
    progress: null,
    residentBytes: null,
    points: [],
    mined: [],
    log: [],
  });

  const verdicts = new Map<number, 'accepted' | 'refused'>();
  const side = (index: number): PairSide => ({
    image: {
      imageId: index + 1,
      url: '/phantom.png',
      format: 'png',
      laterality: pick(['L', 'R'] as const, index),
      viewPosition: pick(['CC', 'MLO'], index),
      // Every third one is wider than high, as fundus photographs are.
      rows: index % 3 === 2 ? 480 : 640,
      columns: index % 3 === 2 ? 720 : 512,
      frames: 1,
      transferSyntax: null,
      simulated: true,
      attribution: '',
    },
    studyId: index + 1,
    patient: pick(studies, index).patient,
    modality: 'MG',
    readingId: index + 1,
    simulated: true,
  });

  let report: ImportReport | undefined;
  const beginImport = (files: number): { importId: number } => {
    const refused = Math.min(files, options.refusals.length);
    report = {
      importId: 1,
      done: files,
      total: files,
      taken: files - refused,
      alreadyThere: 0,
      refused,
      bytes: files * 1_500_000,
      finished: true,
      stopped: null,
      refusals: options.refusals.slice(0, refused),
    };
    return { importId: 1 };
  };
  const worklist = (input: Input<'worklist.page'>): unknown => {
    const rows = studies.filter(
      (row) =>
        (input.modality === null || row.modality === input.modality) &&
        (input.status === null || row.status === input.status) &&
        `${row.patient} ${row.description}`.toLowerCase().includes(input.text.toLowerCase()),
    );
    return {
      total: rows.length,
      unread: rows.filter((row) => row.status === 'unread').length,
      rows: rows.slice(input.offset, input.offset + input.limit),
    };
  };
  const exported: ExportResult = {
    folder: '/home/reader/fovea/exports/2026-11-05-1',
    files: ['readings.csv', 'gaze.csv', 'viewport-states.csv', 'description.json'].map(
      (name, index) => ({ name, bytes: 4000 * 17 ** index, sha256: String(index).repeat(64) }),
    ),
    readings: 12,
    samples: 48_211,
    leftOut: readings.map(({ readingId }) => ({ readingId, reason: 'no-consent' })),
  };

  const handlers: { readonly [Name in RequestName]?: (input: ParsedInput<Name>) => unknown } = {
    'station.state': () => state,
    'station.acknowledge-notice': () => (state = { ...state, noticeAcknowledged: true }),
    'consent.set': (choice) =>
      (state = { ...state, consent: { ...choice, atMs: 1_790_000_100_000 } }),
    'settings.get': () => settings,
    'settings.set': (change) => Object.assign(settings, change),
    'presets.set': (change) => Object.assign(settings, change),
    'worklist.page': worklist,
    'import.choose': () => beginImport(120),
    'import.begin-upload': (input) => beginImport(input.files),
    'import.end-upload': () => report,
    'import.report': () => report,
    'demonstration.empty': () => {
      const gone = state.demonstrationStudies;
      state = { ...state, demonstrationStudies: 0 };
      studies.splice(0, gone);
      emit('worklist.changed', {});
      return { studies: gone };
    },
    'reading.list': () => readings,
    'run.list': () => runs.map(rowOf),
    'run.detail': ({ runId }) => runs.find((run) => run.runId === runId),
    'run.start': (configuration) => {
      const run = newRun(configuration);
      runs = [run, ...runs];
      tellRun(run.runId, {});
      return { runId: run.runId };
    },
    'training-rules.set': (change) => Object.assign(settings, change),
    'run.pause': ({ runId }) => (tellRun(runId, { state: 'paused' }), {}),
    'run.resume': ({ runId }) => (tellRun(runId, { state: 'running' }), {}),
    'run.cancel': ({ runId }) => (
      tellRun(runId, { state: 'cancelled', endedAtMs: 1_790_500_090_000 }),
      {}
    ),
    'pair.judge': ({ imageA, verdict }) => {
      if (verdict === null) verdicts.delete(imageA);
      else verdicts.set(imageA, verdict);
      return {};
    },
    'pair.page': ({ measure, offset, limit, verdict }) => ({
      total: verdict === 'refused' ? 0 : 450,
      threshold: 0.7,
      rows: Array.from(
        { length: verdict === 'refused' ? 0 : Math.min(limit, 450 - offset) },
        (_, index) => ({
          pairId: offset + index + 1,
          relation: 0.99 - (offset + index) * 0.0006,
          pValue: 0.001,
          qValue: 0.02,
          verdict: verdicts.get(offset + index + 1) ?? null,
          readingA: 1,
          readingB: 1,
          readingPairs: 3,
          similarity: measure === 'multimatch' ? [0.98, 0.91, 0.95, 0.88, 0.73] : [0.96],
          a: side(offset + index),
          b: side(offset + index + 3),
        }),
      ),
    }),
    'export.readings': () => exported,
  };

  const call = async (name: string, input: unknown): Promise<unknown> => {
    calls.push({ name, input });
    await new Promise((resolve) => setTimeout(resolve, options.delayMs));
    const handler = (handlers as Record<string, ((input: unknown) => unknown) | undefined>)[name];
    if (handler === undefined) return { ok: false, error: { code: 'not-found', details: {} } };
    return { ok: true, value: structuredClone(handler(input)) };
  };
  const on = (topic: string, listener: (value: unknown) => void): (() => void) => {
    const heard = listeners.get(topic) ?? new Set();
    listeners.set(topic, heard.add(listener));
    return () => heard.delete(listener);
  };
  Object.assign(window, { station: { call, on }, fake: { calls, emit, tellRun } satisfies Fake });
}
