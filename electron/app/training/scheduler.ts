import type { WriteDatabase } from '../../../shared/database/open.ts';
import {
  createKnownFacts,
  forgetMinings,
  gatherScheduleFacts,
  toMining,
} from '../../../shared/database/schedule-facts.ts';
import {
  findSchedule,
  type StoredSchedule,
  writeSchedule,
} from '../../../shared/database/schedule.ts';
import type { ScheduleState } from '../../../shared/ipc/answers.ts';
import {
  describeNextRun,
  findDueReason,
  type Schedule,
  type ScheduleFacts,
} from '../../../shared/training/schedule.ts';
import type { NewRun } from './run-queue.ts';

type SchedulerOptions = {
  readonly database: WriteDatabase;
  readonly nowMs: () => number;
  /** A run waits or goes on. */
  readonly underWay: () => boolean;
  /** Queues a run: the one thing that the schedule does. What comes out of it is a person's to promote. */
  readonly start: (run: NewRun) => void;
  /** What `describe` answers is another now. */
  readonly changed: () => void;
};

/** Begins runs by the stored schedule, each time it is told to look. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #known = createKnownFacts();
  #lookedAtMs: number;
  #told = '';

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#lookedAtMs = options.nowMs();
  }

  /** The schedule with what comes next. */
  describe(): ScheduleState {
    const stored = findSchedule(this.#options.database);
    return stored === undefined
      ? { schedule: null, next: null }
      : this.#describe(stored, this.#facts(stored));
  }

  #describe(stored: StoredSchedule, facts: ScheduleFacts): ScheduleState {
    const { userId: _, ...schedule } = stored;
    return { schedule, next: describeNextRun(schedule, facts, this.#options.nowMs()) };
  }

  /** Stores the schedule; a run that it makes due begins at the next look. */
  set(schedule: Schedule, userId: number): ScheduleState {
    const { database, nowMs } = this.#options;
    writeSchedule(database, schedule, userId, nowMs());
    const described = this.describe();
    this.#tell(described);
    return described;
  }

  /** Queues a run where one is due: to train, or only to mine, so that new pairs can be counted. */
  look(): void {
    const { database, nowMs, underWay, start } = this.#options;
    const now = nowMs();
    const since = this.#lookedAtMs;
    // A time of day that passes while a run is under way is made up for, as after a sleep.
    if (!underWay()) this.#lookedAtMs = now;
    const stored = findSchedule(database);
    if (stored === undefined) return;
    const { configuration, userId } = stored;
    const facts = this.#facts(stored);
    const reason = findDueReason(stored, facts, since, now);
    if (reason === 'mine') {
      forgetMinings(database);
      start({ configuration: toMining(configuration), userId, startedFor: 'pairs' });
    } else if (reason !== undefined) start({ configuration, userId, startedFor: reason });
    // A run that was begun changes what comes next.
    this.#tell(reason === undefined ? this.#describe(stored, facts) : this.describe());
  }

  #facts({ configuration }: Schedule): ScheduleFacts {
    const { database, underWay } = this.#options;
    return {
      ...gatherScheduleFacts(database, configuration, this.#known),
      underWay: underWay(),
    };
  }

  #tell(state: ScheduleState): void {
    // The time by itself is no news, but with the day it is said in other words.
    const hour = Math.floor((state.next?.nowMs ?? 0) / 3_600_000);
    const text = JSON.stringify({ ...state, next: { ...state.next, nowMs: hour } });
    if (text === this.#told) return;
    this.#told = text;
    this.#options.changed();
  }
}
