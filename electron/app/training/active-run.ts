import type { HoldReason } from '../../../shared/training/hold-reasons.ts';
import type { Failure } from '../../../shared/ipc/contract.ts';
import { type TrainerReport, trainerReport } from '../../../shared/trainer-protocol.ts';
import type { TrainerProcess } from '../../host/host.ts';
import { readWaitedForCoreMs } from './waited-for-core.ts';

/** Lines of the trainer's output that are kept. */
const keptLines = 20;

export type ActiveRunOptions = {
  readonly runId: number;
  readonly process: TrainerProcess;
  /** A trainer that says nothing for so long is killed; time without a core is not counted. */
  readonly silenceLimitMs: number;
  /** As `readWaitedForCoreMs`, which is asked where this is absent. */
  readonly waitedMs?: typeof readWaitedForCoreMs;
  /** Stores a report. What it throws ends the trainer. */
  readonly onReport: (report: TrainerReport) => void;
  /** Words for what `onReport` threw. */
  readonly describe: (error: unknown) => Failure;
  /** Once; `failure` says why the process ended without having said so, and is null where it had. */
  readonly onExit: (failure: Failure | null) => void;
};

/** Watches one trainer's process: checks every message, listens for silence, keeps its last words. */
export class ActiveRun {
  readonly runId: number;
  /** Held by a person, so that the end of a reading does not let it go on. */
  heldByPerson = false;
  /** Why the trainer was told to wait; empty: it goes on. */
  holds: readonly HoldReason[] = [];
  /** Resolves once the process is gone and its end is written. */
  readonly gone: Promise<void>;
  readonly #options: ActiveRunOptions;
  readonly #lines: string[] = [];
  #ended = false;
  #killedFor: Failure | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ActiveRunOptions) {
    const { process } = options;
    this.#options = options;
    this.runId = options.runId;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    process.onOutput((line) => {
      this.#lines.push(line);
      if (this.#lines.length > keptLines) this.#lines.shift();
    });
    process.onMessage((message) => this.#receive(message));
    process.onExit((code, signal) => {
      clearTimeout(this.#silence);
      const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
      try {
        options.onExit(this.#ended ? null : (this.#killedFor ?? this.#explain(how)));
      } finally {
        resolve();
      }
    });
    this.#listen();
  }

  /** The trainer's last lines of output. */
  get log(): string {
    return this.#lines.join('\n');
  }

  send(...command: Parameters<TrainerProcess['send']>): void {
    this.#options.process.send(...command);
  }

  /** Ends the process at once; the first reason counts. */
  kill(reason?: Failure): void {
    this.#killedFor ??= reason;
    try {
      this.#options.process.kill();
    } catch {
      // It was gone already; its exit is told in any case.
    }
  }

  /** A process that ended by itself: what its last words say, or how it ended. */
  #explain(how: string): Failure {
    // V8, the C++ library and ONNX Runtime each name it in their own way before the process dies.
    const outOfMemory = /heap out of memory|bad_alloc|cannot allocate memory|out of memory/iu;
    return this.#lines.some((line) => outOfMemory.test(line))
      ? { code: 'out-of-memory', details: {} }
      : { code: 'trainer-crashed', details: { how } };
  }

  /**
   * Any message is a sign of life. The trainer stands behind everything else on the machine: time in which it was ready
   * and others had the cores is no silence, and is listened for again.
   */
  #listen(forMs = this.#options.silenceLimitMs): void {
    const { process, silenceLimitMs, waitedMs = readWaitedForCoreMs } = this.#options;
    clearTimeout(this.#silence);
    const beforeMs = waitedMs(process.pid);
    this.#silence = setTimeout(() => {
      const withoutCoreMs = waitedMs(process.pid) - beforeMs;
      if (withoutCoreMs > silenceLimitMs / 100) this.#listen(Math.min(withoutCoreMs, forMs));
      else {
        const seconds = Math.round(silenceLimitMs / 1000);
        this.kill({ code: 'trainer-silent', details: { seconds } });
      }
    }, forMs);
  }

  #receive(message: unknown): void {
    if (this.#ended || this.#killedFor !== undefined) return;
    const parsed = trainerReport.safeParse(message);
    if (!parsed.success) {
      const how = 'it sent a message that the station does not know';
      this.kill({ code: 'trainer-crashed', details: { how } });
      return;
    }
    this.#listen();
    try {
      this.#options.onReport(parsed.data);
      this.#ended = parsed.data.kind === 'ended';
    } catch (error) {
      this.kill(this.#options.describe(error));
    }
  }
}
