import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { findRun, insertRun, updateRun } from '../../../shared/database/runs.ts';
import type { RunEvent } from '../../../shared/ipc/answers.ts';
import type { Failure } from '../../../shared/ipc/contract.ts';
import { StationError } from '../../../shared/station-error.ts';
import { trainerReport } from '../../../shared/trainer-protocol.ts';
import {
  runConfiguration,
  type RunConfiguration,
} from '../../../shared/training/run-configuration.ts';
import { hasEnded } from '../../../shared/training/run-states.ts';
import type { Host, TrainerProcess } from '../../host/host.ts';
import { RunWriter } from './run-writer.ts';
import { runFolderOf, toRunRow } from './run-answers.ts';

/** Lines of the trainer's output that a failed run keeps. */
const logLines = 20;
/** Milliseconds between two events of one run, unless its state changes. */
const eventEveryMs = 100;
/** How long a trainer may take to end by itself when the station closes. */
const closeWithinMs = 3000;

export type SupervisorOptions = {
  readonly database: WriteDatabase;
  readonly databasePath: string;
  readonly host: Host;
  readonly nowMs: () => number;
  readonly userId: () => number;
  readonly threads: number;
  /** A trainer that says nothing for so long is killed. */
  readonly silenceLimitMs: number;
};

type Active = {
  readonly runId: number;
  readonly process: TrainerProcess;
  readonly writer: RunWriter;
  readonly lines: string[];
  ended: boolean;
  /** Held by a person, so the end of a reading does not let it go on. */
  heldByPerson: boolean;
  /** Why it was killed, if main did it. */
  killed: Failure | undefined;
  silence: ReturnType<typeof setTimeout> | undefined;
  toldAtMs: number;
  gone: Promise<void>;
};

/** Starts one trainer at a time, writes down what it reports, and ends it when it goes wrong. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #queue: { readonly runId: number; readonly resume: boolean }[] = [];
  #active: Active | undefined;
  /** A reading is open and training waits. */
  #held = false;
  #closing = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Live figures of a run, which the database does not hold. */
  live(runId: number): Pick<RunEvent, 'progress' | 'residentBytes'> {
    const active = this.#active?.runId === runId ? this.#active : undefined;
    return {
      progress: active?.writer.progress ?? null,
      residentBytes: active?.writer.residentBytes ?? null,
    };
  }

  /** Queues a new run; it begins at once where none is active. */
  start(configuration: RunConfiguration): number {
    const { database, nowMs, host, userId } = this.#options;
    const runId = insertRun(database, {
      configuration: JSON.stringify(configuration),
      userId: userId(),
      createdAtMs: nowMs(),
      appVersion: host.version,
    });
    this.#queue.push({ runId, resume: false });
    this.#next();
    this.#tell(runId);
    return runId;
  }

  /** Holds the active run. */
  pause(runId: number): void {
    const active = this.#require(runId);
    active.heldByPerson = true;
    active.process.send({ kind: 'pause' });
  }

  /** Lets a held run go on, or takes an interrupted or failed one up from its checkpoint. */
  resume(runId: number): void {
    const { database } = this.#options;
    if (this.#active?.runId === runId) {
      this.#active.heldByPerson = false;
      this.#active.process.send({ kind: 'resume' });
      return;
    }
    const run = findRun(database, runId);
    if (run === undefined) throw new StationError('not-found', { what: 'run' });
    if (run.state !== 'interrupted' && run.state !== 'failed')
      throw new StationError('run-already-active');
    updateRun(database, runId, {
      state: 'queued',
      endedAtMs: null,
      errorCode: null,
      errorDetails: null,
    });
    this.#queue.push({ runId, resume: true });
    this.#next();
    this.#tell(runId);
  }

  /** Ends a run: a queued one at once, the active one after its step. */
  cancel(runId: number): void {
    const { database, nowMs } = this.#options;
    const place = this.#queue.findIndex((waiting) => waiting.runId === runId);
    if (place >= 0) {
      this.#queue.splice(place, 1);
      updateRun(database, runId, { state: 'cancelled', endedAtMs: nowMs() });
      this.#tell(runId);
      return;
    }
    this.#require(runId).process.send({ kind: 'cancel' });
  }

  /** A reading begins: training waits. */
  hold(): void {
    this.#held = true;
    this.#active?.process.send({ kind: 'pause' });
  }

  /** Nobody reads any more. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    if (this.#active?.heldByPerson === false) this.#active.process.send({ kind: 'resume' });
    this.#next();
  }

  /** Resolves once no run is queued or active. */
  async idle(): Promise<void> {
    while (this.#active !== undefined) await this.#active.gone;
  }

  /** Ends the trainer; its run is `interrupted` and can be resumed. */
  async close(): Promise<void> {
    this.#closing = true;
    const active = this.#active;
    if (active === undefined) return;
    active.process.kill();
    await Promise.race([
      active.gone,
      new Promise((resolve) => setTimeout(resolve, closeWithinMs).unref()),
    ]);
  }

  #require(runId: number): Active {
    if (this.#active?.runId !== runId) throw new StationError('not-found', { what: 'active run' });
    return this.#active;
  }

  #next(): void {
    if (this.#active !== undefined || this.#closing || this.#held) return;
    const waiting = this.#queue.shift();
    if (waiting === undefined) return;
    this.#launch(waiting.runId, waiting.resume);
  }

  #launch(runId: number, resume: boolean): void {
    const { database, databasePath, host, nowMs, threads } = this.#options;
    const stored = findRun(database, runId);
    if (stored === undefined) return;
    const process = host.startTrainer();
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const active: Active = {
      runId,
      process,
      writer: new RunWriter(database, runId, nowMs),
      lines: [],
      ended: false,
      heldByPerson: false,
      killed: undefined,
      silence: undefined,
      toldAtMs: 0,
      gone,
    };
    this.#active = active;
    updateRun(database, runId, { state: 'running', startedAtMs: nowMs(), log: '' });
    process.onOutput((line) => {
      active.lines.push(line);
      if (active.lines.length > logLines) active.lines.shift();
    });
    process.onMessage((message) => this.#receive(active, message));
    process.onExit((code, signal) => {
      this.#exited(active, code, signal);
      resolve();
    });
    this.#listen(active);
    const runFolder = runFolderOf(host.dataFolder, runId);
    mkdirSync(runFolder, { recursive: true });
    process.send({
      kind: 'start',
      runId,
      databasePath,
      filesFolder: path.join(host.dataFolder, 'files'),
      runFolder,
      configuration: runConfiguration.parse(JSON.parse(stored.configuration)),
      resume,
      threads,
    });
    this.#tell(runId);
  }

  /** Any message is a sign of life. */
  #listen(active: Active): void {
    const { silenceLimitMs } = this.#options;
    clearTimeout(active.silence);
    active.silence = setTimeout(() => {
      active.killed = {
        code: 'trainer-silent',
        details: { seconds: Math.round(silenceLimitMs / 1000) },
      };
      active.process.kill();
    }, silenceLimitMs);
  }

  #receive(active: Active, message: unknown): void {
    if (active.ended) return;
    const parsed = trainerReport.safeParse(message);
    if (!parsed.success) {
      active.killed = {
        code: 'trainer-crashed',
        details: { how: 'it sent a message that the station does not know' },
      };
      active.process.kill();
      return;
    }
    this.#listen(active);
    const report = parsed.data;
    const { stateChanged, point } = active.writer.write(report);
    if (report.kind === 'ended') {
      active.ended = true;
      this.#finish(active, report.outcome, report.error);
    }
    const { nowMs } = this.#options;
    if (stateChanged || nowMs() - active.toldAtMs >= eventEveryMs) {
      active.toldAtMs = nowMs();
      this.#tell(active.runId, point);
    }
  }

  #finish(active: Active, state: 'done' | 'cancelled' | 'failed', error?: Failure): void {
    const { database, nowMs } = this.#options;
    updateRun(database, active.runId, {
      state,
      endedAtMs: nowMs(),
      log: active.lines.join('\n'),
      ...(error && { errorCode: error.code, errorDetails: JSON.stringify(error.details) }),
    });
  }

  #exited(active: Active, code: number | null, signal: string | null): void {
    const { database, nowMs } = this.#options;
    clearTimeout(active.silence);
    if (this.#closing && !active.ended)
      updateRun(database, active.runId, { state: 'interrupted', endedAtMs: nowMs() });
    else if (!active.ended) {
      const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      this.#finish(
        active,
        'failed',
        active.killed ?? { code: 'trainer-crashed', details: { how } },
      );
    }
    this.#active = undefined;
    if (!this.#closing) {
      this.#tell(active.runId);
      this.#next();
    }
  }

  #tell(runId: number, point: RunEvent['point'] = null): void {
    const { database, host } = this.#options;
    const run = findRun(database, runId);
    if (run === undefined) return;
    host.emit('run.event', {
      runId,
      row: toRunRow(database, run),
      point,
      ...(hasEnded(run.state) ? { progress: null, residentBytes: null } : this.live(runId)),
    });
  }
}
