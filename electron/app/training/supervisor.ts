import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { assignPatientParts } from '../../../shared/database/patient-parts.ts';
import { findRun, insertRun, type RunChange, updateRun } from '../../../shared/database/runs.ts';
import type { RunEvent } from '../../../shared/ipc/answers.ts';
import type { Failure } from '../../../shared/ipc/contract.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { TrainerReport } from '../../../shared/trainer-protocol.ts';
import {
  runConfiguration,
  type RunConfiguration,
} from '../../../shared/training/run-configuration.ts';
import { hasEnded, type RunState } from '../../../shared/training/run-states.ts';
import type { Host } from '../../host/host.ts';
import { wordFileError } from '../file-errors.ts';
import { ActiveRun } from './active-run.ts';
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
  readonly userId: () => number;
  readonly threads: number;
  /** A trainer that says nothing for so long is killed. */
  readonly silenceLimitMs: number;
};

/** Starts one trainer at a time, writes down what it reports, and ends it when it goes wrong. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #queue: { readonly runId: number; readonly resume: boolean }[] = [];
  #active: { readonly run: ActiveRun; readonly writer: RunWriter; toldAtMs: number } | undefined;
  /** A reading is open and training waits. */
  #held = false;
  #closing = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Live figures of a run, which the database does not hold. */
  live(runId: number): Pick<RunEvent, 'progress' | 'residentBytes'> {
    const active = this.#active?.run.runId === runId ? this.#active : undefined;
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
    active.send({ kind: 'pause' });
  }

  /** Lets a held run go on, or takes an interrupted or failed one up from its checkpoint. */
  resume(runId: number): void {
    const { database } = this.#options;
    if (this.#active?.run.runId === runId) {
      const { run: active } = this.#active;
      active.heldByPerson = false;
      active.send({ kind: 'resume' });
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
    this.#require(runId).send({ kind: 'cancel' });
  }

  /** A reading begins: training waits. */
  hold(): void {
    this.#held = true;
    this.#active?.run.send({ kind: 'pause' });
  }

  /** Nobody reads any more. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    if (this.#active?.run.heldByPerson === false) this.#active.run.send({ kind: 'resume' });
    this.#next();
  }

  /** Resolves once no run is queued or active. */
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

  #next(): void {
    while (this.#active === undefined && !this.#closing && !this.#held) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      try {
        this.#launch(waiting.runId, waiting.resume);
      } catch (error) {
        // The station goes on; the run says why it could not begin.
        this.#store(waiting.runId, 'failed', this.#describe(error));
      }
      this.#tell(waiting.runId);
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
    updateRun(database, runId, { state: 'running', startedAtMs: nowMs(), log: '' });
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
    this.#next();
  }

  /** What went wrong in main itself while it started a trainer or stored its reports. */
  #describe(error: unknown): Failure {
    const { dataFolder } = this.#options.host;
    const worded = wordFileError(error, 'runs', dataFolder);
    if (worded instanceof StationError) return { code: worded.code, details: worded.details };
    process.stderr.write(`${worded.stack ?? worded.message}\n`);
    return { code: 'internal', details: { reason: worded.message } };
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
