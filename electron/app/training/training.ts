import { availableParallelism } from 'node:os';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { findImage } from '../../../shared/database/images.ts';
import { listPairChoices } from '../../../shared/database/pairs.ts';
import { findRun, interruptRuns, listRuns } from '../../../shared/database/runs.ts';
import { setVerdict } from '../../../shared/database/verdicts.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';
import { initialTrainingRules, type TrainingRules } from '../../../shared/training/hold-reasons.ts';
import type { Host } from '../../host/host.ts';
import { readFreeBytes } from '../free-bytes.ts';
import { explainPair } from './explain-pair.ts';
import { toPairsPage, toRunDetail, toRunRow } from './run-answers.ts';
import { Scheduler } from './scheduler.ts';
import { Supervisor } from './supervisor.ts';

type TrainingRequests =
  | 'reading.input'
  | 'run.list'
  | 'run.detail'
  | 'run.start'
  | 'run.pause'
  | 'run.resume'
  | 'run.cancel'
  | 'run.move'
  | 'schedule.get'
  | 'schedule.set'
  | 'pair.page'
  | 'pair.choices'
  | 'pair.explain'
  | 'pair.judge';

const defaultSilenceLimitMs = 60_000;
/** How often battery, disk and the time of day are looked at. */
const reconsiderEveryMs = 5000;
const scheduleEveryMs = 20_000;
/** How long a run waits after the reader's latest input: the page tells it less often than an input comes. */
const yieldMs = 1000;

type TrainingOptions = {
  readonly database: WriteDatabase;
  readonly databasePath: string;
  readonly host: Host;
  readonly nowMs: () => number;
  readonly userId: () => number;
  /** Whether training waits while somebody reads, at this moment. */
  readonly pauseWhileReading: () => boolean;
  /** Whether training waits for a moment after each input of the reader; true where absent. */
  readonly yieldToInput?: () => boolean;
  /** What training gives way to beside a reading, at this moment. */
  readonly rules?: () => TrainingRules;
  /** Free bytes on the data folder's disk; null where the system does not say. */
  readonly freeBytes?: () => number | null;
  readonly silenceLimitMs?: number;
  /** False: neither the schedule nor runs that another process queued are begun (the command line). */
  readonly unattended?: boolean;
};

/** The training part of the application. */
export interface Training {
  readonly handlers: SomeHandlers<TrainingRequests>;
  readingOpened(): void;
  readingClosed(): void;
  /** After a start: runs that a killed station had begun become interrupted; the queue goes on. */
  recover(): void;
  /** Looks again at what holds training and at what the schedule says. */
  reconsider(): void;
  /** Resolves once no run is active. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** One core is left to the reader where there is more than one. */
const trainerThreads = (): number => Math.max(1, availableParallelism() - 1);

const minuteOfDay = (ms: number): number => {
  const at = new Date(ms);
  return at.getHours() * 60 + at.getMinutes();
};

/** Assembles supervisor, schedule and answers. */
export function createTraining(options: TrainingOptions): Training {
  const { database, host, nowMs, pauseWhileReading, userId, unattended = true } = options;
  let readingOpen = false;
  const supervisor = new Supervisor({
    ...options,
    threads: trainerThreads(),
    silenceLimitMs: options.silenceLimitMs ?? defaultSilenceLimitMs,
    takesUpQueue: unattended,
    holdState: () => ({
      rules: options.rules?.() ?? initialTrainingRules,
      pauseWhileReading: pauseWhileReading(),
      readingOpen,
      minuteOfDay: minuteOfDay(nowMs()),
      onBattery: host.onBattery(),
      freeBytes: (options.freeBytes ?? (() => readFreeBytes(host.dataFolder)))(),
    }),
  });
  const scheduler = new Scheduler({
    database,
    nowMs,
    underWay: () => supervisor.underWay,
    start: (run) => void supervisor.start(run),
    changed: () => host.emit('schedule.changed', {}),
  });
  const timers = [
    setInterval(() => supervisor.reconsider(), reconsiderEveryMs),
    ...(unattended ? [setInterval(() => scheduler.look(), scheduleEveryMs)] : []),
  ];
  for (const timer of timers) timer.unref();
  return {
    handlers: {
      'reading.input': () => {
        if (options.yieldToInput?.() ?? true) supervisor.yieldFor(yieldMs);
        return {};
      },
      'run.list': () => listRuns(database).map((run) => toRunRow(database, run)),
      'run.detail': ({ runId }) => {
        const run = findRun(database, runId);
        if (run === undefined) throw new StationError('not-found', { what: 'run' });
        return toRunDetail(database, run, supervisor.live(runId));
      },
      'run.start': (configuration) => ({
        runId: supervisor.start({ configuration, userId: userId(), startedFor: 'hand' }),
      }),
      'run.pause': ({ runId }) => {
        supervisor.pause(runId);
        return {};
      },
      'run.resume': ({ runId }) => {
        supervisor.resume(runId);
        return {};
      },
      'run.cancel': ({ runId }) => {
        supervisor.cancel(runId);
        return {};
      },
      'run.move': ({ runId, direction }) => {
        supervisor.move(runId, direction);
        return {};
      },
      'schedule.get': () => scheduler.describe(),
      'schedule.set': (schedule) => scheduler.set(schedule, userId()),
      'pair.judge': ({ verdict, ...pair }) => {
        for (const imageId of [pair.imageA, pair.imageB])
          if (findImage(database, imageId) === undefined)
            throw new StationError('not-found', { what: 'image' });
        setVerdict(database, pair, verdict, userId(), nowMs());
        return {};
      },
      'pair.page': (input) => toPairsPage(database, input),
      'pair.choices': ({ runId }) => listPairChoices(database, runId),
      'pair.explain': (input) => explainPair(database, input),
    },
    readingOpened: () => {
      readingOpen = true;
      supervisor.reconsider();
    },
    readingClosed: () => {
      readingOpen = false;
      supervisor.reconsider();
      if (unattended) scheduler.look();
    },
    recover: () => {
      interruptRuns(database, nowMs());
      if (unattended) supervisor.reconsider();
    },
    reconsider: () => {
      supervisor.reconsider();
      if (unattended) scheduler.look();
    },
    idle: () => supervisor.idle(),
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await supervisor.close();
    },
  };
}
