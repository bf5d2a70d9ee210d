import { availableParallelism } from 'node:os';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { findImage } from '../../../shared/database/images.ts';
import { listPairChoices } from '../../../shared/database/pairs.ts';
import { findRun, interruptRuns, listRuns } from '../../../shared/database/runs.ts';
import { setVerdict } from '../../../shared/database/verdicts.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { Host } from '../../host/host.ts';
import { explainPair } from './explain-pair.ts';
import { toPairsPage, toRunDetail, toRunRow } from './run-answers.ts';
import { Supervisor } from './supervisor.ts';

type TrainingRequests =
  | 'run.list'
  | 'run.detail'
  | 'run.start'
  | 'run.pause'
  | 'run.resume'
  | 'run.cancel'
  | 'pair.page'
  | 'pair.choices'
  | 'pair.explain'
  | 'pair.judge';

const defaultSilenceLimitMs = 60_000;

type TrainingOptions = {
  readonly database: WriteDatabase;
  readonly databasePath: string;
  readonly host: Host;
  readonly nowMs: () => number;
  readonly userId: () => number;
  /** Whether training waits while somebody reads, at this moment. */
  readonly pauseWhileReading: () => boolean;
  readonly silenceLimitMs?: number;
};

/** The training part of the application. */
export interface Training {
  readonly handlers: SomeHandlers<TrainingRequests>;
  readingOpened(): void;
  readingClosed(): void;
  /** After a start: runs that a killed station had not ended become interrupted. */
  recover(): void;
  /** Resolves once no run is queued or active. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** One core is left to the reader where there is more than one. */
const trainerThreads = (): number => Math.max(1, availableParallelism() - 1);

/** Assembles supervisor and answers. */
export function createTraining(options: TrainingOptions): Training {
  const { database, nowMs, pauseWhileReading, userId } = options;
  const supervisor = new Supervisor({
    ...options,
    threads: trainerThreads(),
    silenceLimitMs: options.silenceLimitMs ?? defaultSilenceLimitMs,
  });
  return {
    handlers: {
      'run.list': () => listRuns(database).map((run) => toRunRow(database, run)),
      'run.detail': ({ runId }) => {
        const run = findRun(database, runId);
        if (run === undefined) throw new StationError('not-found', { what: 'run' });
        return toRunDetail(database, run, supervisor.live(runId));
      },
      'run.start': (configuration) => ({ runId: supervisor.start(configuration) }),
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
      if (pauseWhileReading()) supervisor.hold();
    },
    readingClosed: () => supervisor.release(),
    recover: () => void interruptRuns(database, nowMs()),
    idle: () => supervisor.idle(),
    close: () => supervisor.close(),
  };
}
