import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { assignPatientParts } from '../../../shared/database/patient-parts.ts';
import { findRun, type RunChange, updateRun } from '../../../shared/database/runs.ts';
import type { RunEvent } from '../../../shared/ipc/answers.ts';
import type { Failure } from '../../../shared/ipc/contract.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { TrainerReport } from '../../../shared/trainer-protocol.ts';
import { runConfiguration } from '../../../shared/training/run-configuration.ts';
import {
  findHoldReasons,
  type HoldReason,
  type HoldState,
} from '../../../shared/training/hold-reasons.ts';
import { hasEnded, type RunState } from '../../../shared/training/run-states.ts';
import type { Host } from '../../host/host.ts';
import { wordFileError } from '../file-errors.ts';
import { ActiveRun } from './active-run.ts';
import { type NewRun, RunQueue } from './run-queue.ts';
import { RunWriter } from './run-writer.ts';
import { miningFolderOf } from './mining-folder.ts';
import { runFolderOf, toRunRow } from './run-answers.ts';

/** Milliseconds between two events of one run, unless its state changes. */
const eventEveryMs = 100;
/** How long a trainer may take to end by itself when the station closes. */
const closeWithinMs = 3000;

export type SupervisorOptions = {
  readonly database: WriteDatabase;
  readonly databasePath: string;
  readonly host: Host;
  readonly nowMs: () => number;
  readonly threads: number;
  /** A trainer that says nothing for so long is killed. */
  readonly silenceLimitMs: number;
  /** What decides whether training waits, at this moment. */
  readonly holdState: () => Omit<HoldState, 'heldByPerson'>;
  /** False: runs that other processes queued stay where they are. */
  readonly takesUpQueue: boolean;
};

/** Starts one trainer at a time, writes down what it reports, and ends it when it goes wrong. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #queue: RunQueue;
  #active: { readonly run: ActiveRun; readonly writer: RunWriter; toldAtMs: number } | undefined;
  #closing = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#queue = new RunQueue({ ...options, appVersion: options.host.version });
  }

  /** Live figures of a run, which the database does not hold. */
  live(runId: number): Pick<RunEvent, 'progress' | 'residentBytes'> {
    const active = this.#active?.run.runId === runId ? this.#active : undefined;
    return {
      progress: active?.writer.progress ?? null,
      residentBytes: active?.writer.residentBytes ?? null,
    };
  }

  /** Queues a new run; it begins at once where none is active and nothing holds it. */
  start(run: NewRun): number {
    const runId = this.#queue.add(run);
    this.reconsider();
    this.#tell(runId);
    return runId;
  }

  /** Holds the active run. */
  pause(runId: number): void {
    this.#require(runId).heldByPerson = true;
    this.reconsider();
  }

  /**
   * Lets a held run go on, or takes an interrupted or failed one up from its checkpoint. Throws StationError: as
   * `RunQueue.addAgain`.
   */
  resume(runId: number): void {
    if (this.#active?.run.runId === runId) {
      this.#active.run.heldByPerson = false;
      this.reconsider();
      return;
    }
    this.#queue.addAgain(runId);
    this.reconsider();
    this.#tell(runId);
  }

  /** Ends a run: a queued one at once, the active one after its step. */
  cancel(runId: number): void {
    const { database, nowMs } = this.#options;
    if (!this.#queue.list().includes(runId)) {
      this.#require(runId).send({ kind: 'cancel' });
      return;
    }
    updateRun(database, runId, { state: 'cancelled', endedAtMs: nowMs(), holds: '[]' });
    this.#tell(runId);
    this.#tellQueue();
  }

  /** Changes the places of a waiting run and its neighbour. Throws StationError not-found. */
  move(runId: number, direction: 'up' | 'down'): void {
    if (!this.#queue.move(runId, direction))
      throw new StationError('not-found', { what: 'waiting run' });
    this.#tellQueue();
  }

  /** True while a run waits or goes on. */
  get underWay(): boolean {
    return this.#active !== undefined || this.#queue.list().length > 0;
  }

  /** Looks again at what holds training, tells the trainer, and begins the next run where it may. */
  reconsider(): void {
    if (this.#closing) return;
    const state = this.#options.holdState();
    const active = this.#active?.run;
    if (active === undefined) {
      const holds = findHoldReasons({ ...state, heldByPerson: false });
      if (holds.length === 0) this.#next();
      else {
        const [first] = this.#queue.list();
        if (first !== undefined) this.#hold(first, holds);
      }
      return;
    }
    const { heldByPerson, holds: before } = active;
    const holds = findHoldReasons({ ...state, heldByPerson });
    active.holds = holds;
    if (before.length === 0 && holds.length > 0) active.send({ kind: 'pause' });
    if (before.length > 0 && holds.length === 0) active.send({ kind: 'resume' });
    this.#hold(active.runId, holds);
  }

  /** Lets the reader go before the active run for so long. */
  yieldFor(forMs: number): void {
    this.#active?.run.send({ kind: 'yield', forMs });
  }

  /** Resolves once no run is active. */
  async idle(): Promise<void> {
    while (this.#active !== undefined) await this.#active.run.gone;
  }

  /** Ends the trainer; its run is `interrupted` and can be resumed. */
  async close(): Promise<void> {
    this.#closing = true;
    const active = this.#active?.run;
    if (active === undefined) return;
    active.kill();
    await Promise.race([
      active.gone,
      new Promise((resolve) => setTimeout(resolve, closeWithinMs).unref()),
    ]);
  }

  #require(runId: number): ActiveRun {
    if (this.#active?.run.runId !== runId)
      throw new StationError('not-found', { what: 'active run' });
    return this.#active.run;
  }

  /** Writes why a run waits, and tells it where that is news. */
  #hold(runId: number, holds: readonly HoldReason[]): void {
    const { database } = this.#options;
    const text = JSON.stringify(holds);
    if (findRun(database, runId)?.holds === text) return;
    updateRun(database, runId, { holds: text });
    this.#tell(runId);
  }

  #next(): void {
    const { database } = this.#options;
    while (this.#active === undefined && !this.#closing) {
      const [runId] = this.#queue.list();
      if (runId === undefined) return;
      try {
        this.#launch(runId, this.#queue.resumes(runId));
      } catch (error) {
        // The station goes on; the run says why it could not begin.
        this.#store(runId, 'failed', this.#describe(error));
        // A run whose end cannot even be stored must not be begun for ever.
        if (findRun(database, runId)?.state === 'queued') return;
      }
      this.#tell(runId);
      this.#tellQueue();
    }
  }

  #launch(runId: number, resume: boolean): void {
    const { database, databasePath, host, nowMs, threads, silenceLimitMs } = this.#options;
    const stored = findRun(database, runId);
    if (stored === undefined) return;
    const configuration = runConfiguration.parse(JSON.parse(stored.configuration));
    assignPatientParts(database, nowMs());
    const runFolder = runFolderOf(host.dataFolder, runId);
    mkdirSync(runFolder, { recursive: true });
    const begun = { startedAtMs: nowMs(), appVersion: host.version };
    updateRun(database, runId, { state: 'running', log: '', holds: '[]', ...begun });
    const writer = new RunWriter(database, runId, nowMs, host.dataFolder);
    const run = new ActiveRun({
      runId,
      process: host.startTrainer(),
      silenceLimitMs,
      onReport: (report) => this.#receive(report),
      describe: (error) => this.#describe(error),
      onExit: (failure) => this.#exited(run, failure),
    });
    this.#active = { run, writer, toldAtMs: 0 };
    run.send({
      kind: 'start',
      runId,
      databasePath,
      filesFolder: path.join(host.dataFolder, 'files'),
      runFolder,
      miningFolder: miningFolderOf(host.dataFolder),
      configuration,
      resume,
      threads,
    });
  }

  #receive(report: TrainerReport): void {
    const active = this.#active;
    if (active === undefined) return;
    const { run, writer } = active;
    const { stateChanged, point } = writer.write(report);
    if (report.kind === 'ended') this.#store(run.runId, report.outcome, report.error);
    const { nowMs } = this.#options;
    if (stateChanged || point !== null || nowMs() - active.toldAtMs >= eventEveryMs) {
      active.toldAtMs = nowMs();
      this.#tell(run.runId, point);
    }
  }

  /** Writes how a run ended. Where even that cannot be stored, the next start finds it interrupted. */
  #store(runId: number, state: RunState, error?: Failure): void {
    const { nowMs } = this.#options;
    this.#update(runId, {
      state,
      endedAtMs: nowMs(),
      holds: '[]',
      ...(error && { errorCode: error.code, errorDetails: JSON.stringify(error.details) }),
    });
  }

  #update(runId: number, change: RunChange): void {
    try {
      updateRun(this.#options.database, runId, change);
    } catch (unstored) {
      process.stderr.write(`The end of run ${runId} could not be stored: ${String(unstored)}\n`);
    }
  }

  #exited(run: ActiveRun, failure: Failure | null): void {
    const { runId, log } = run;
    if (failure !== null && this.#closing) this.#store(runId, 'interrupted');
    else if (failure !== null) this.#store(runId, 'failed', failure);
    // The last lines may come after the last message.
    this.#update(runId, { log });
    this.#active = undefined;
    if (this.#closing) return;
    this.#tell(runId);
    this.reconsider();
  }

  /** What went wrong in main itself while it started a trainer or stored its reports. */
  #describe(error: unknown): Failure {
    const { dataFolder } = this.#options.host;
    const worded = wordFileError(error, 'runs', dataFolder);
    if (worded instanceof StationError) return { code: worded.code, details: worded.details };
    process.stderr.write(`${worded.stack ?? worded.message}\n`);
    return { code: 'internal', details: { reason: worded.message } };
  }

  /** Places in the queue have changed. */
  #tellQueue(): void {
    for (const runId of this.#queue.list()) this.#tell(runId);
  }

  #tell(runId: number, point: RunEvent['point'] = null): void {
    const { database, host } = this.#options;
    const run = findRun(database, runId);
    if (run === undefined) return;
    host.emit('run.event', {
      runId,
      row: toRunRow(database, run),
      point,
      atMs: this.#options.nowMs(),
      ...(hasEnded(run.state) ? { progress: null, residentBytes: null } : this.live(runId)),
    });
  }
}
