import type { WriteDatabase } from '../../../shared/database/open.ts';
import { listQueue, orderQueue, queueAgain } from '../../../shared/database/run-queue.ts';
import { findRun, insertRun } from '../../../shared/database/runs.ts';
import { isStationErrorCode, StationError } from '../../../shared/station-error.ts';
import type { RunConfiguration } from '../../../shared/training/run-configuration.ts';
import { canResume, type RunStart } from '../../../shared/training/run-states.ts';
import { failureOf } from './run-answers.ts';

/** A run that shall be queued. */
export type NewRun = {
  readonly configuration: RunConfiguration;
  readonly userId: number;
  readonly startedFor: RunStart;
};

type RunQueueOptions = {
  readonly database: WriteDatabase;
  readonly nowMs: () => number;
  readonly appVersion: string;
  /** False: runs that other processes queued stay where they are. */
  readonly takesUpQueue: boolean;
};

/** Runs that wait for their turn. They stand in the database, so a restart of the station keeps them. */
export class RunQueue {
  readonly #options: RunQueueOptions;
  /** Queued by this process. */
  readonly #own = new Set<number>();

  constructor(options: RunQueueOptions) {
    this.#options = options;
  }

  /** Waiting runs that this process may begin, the next one first. */
  list(): readonly number[] {
    const { database, takesUpQueue } = this.#options;
    const runIds = listQueue(database).map(({ runId }) => runId);
    return takesUpQueue ? runIds : runIds.filter((runId) => this.#own.has(runId));
  }

  /** Adds a run at the end; answers its id. */
  add({ configuration, ...run }: NewRun): number {
    const { database, nowMs, appVersion } = this.#options;
    const runId = insertRun(database, {
      ...run,
      configuration: JSON.stringify(configuration),
      createdAtMs: nowMs(),
      appVersion,
    });
    this.#own.add(runId);
    return runId;
  }

  /**
   * Puts a run that has ended at the end, to go on from its checkpoint. Throws StationError: not-found,
   * run-not-resumable, or the run's own failure where it would come again (its sentence says what to change).
   */
  addAgain(runId: number): void {
    const { database } = this.#options;
    const run = findRun(database, runId);
    if (run === undefined) throw new StationError('not-found', { what: 'run' });
    if (!canResume(run.state, run.error_code)) {
      const failure = failureOf(run);
      throw failure !== null && isStationErrorCode(failure.code)
        ? new StationError(failure.code, failure.details)
        : new StationError('run-not-resumable', { run: runId, state: run.state });
    }
    queueAgain(database, runId);
    this.#own.add(runId);
  }

  /** Whether a waiting run goes on from its checkpoint. */
  resumes(runId: number): boolean {
    return listQueue(this.#options.database).some((each) => each.runId === runId && each.resume);
  }

  /** Changes the places of a waiting run and its neighbour; false where the run does not wait. */
  move(runId: number, direction: 'up' | 'down'): boolean {
    const queue = [...this.list()];
    const from = queue.indexOf(runId);
    if (from < 0) return false;
    const neighbour = queue[from + (direction === 'up' ? -1 : 1)];
    if (neighbour === undefined) return true;
    queue[queue.indexOf(neighbour)] = runId;
    queue[from] = neighbour;
    orderQueue(this.#options.database, queue);
    return true;
  }
}
