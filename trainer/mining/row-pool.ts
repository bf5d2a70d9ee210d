import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type {
  ComparedCases,
  EncodedSignature,
} from '../../shared/gaze/similarity/compared-cases.ts';
import type { MeasureName } from '../../shared/training/run-configuration.ts';
import {
  computeRows,
  countRelations,
  type RowJob,
  shareSignatures,
  type WorkerAnswer,
  type WorkerCommand,
} from './row-work.ts';
import { siblingFile } from '../sibling-file.ts';

/** How long one block of work should take, so that a cancelled run ends soon. */
const blockMs = 100;
const firstBlock = 4096;
const largestBlock = 4_000_000;

type Waiting = {
  readonly resolve: (relations: Float32Array) => void;
  readonly reject: (error: unknown) => void;
  readonly relations: number;
  readonly startedMs: number;
};

type Thread = { readonly worker: Worker; readonly waiting: Map<number, Waiting> };

/**
 * Computes rows of relations on threads, or in this one where there are few cases. The result does not
 * depend on how many there are. One set of cases is open at a time.
 */
export class RowPool {
  readonly #threadCount: number;
  readonly #nowMs: () => number;
  readonly #fewestCases: number;
  readonly #threads: Thread[] = [];
  #own: ComparedCases | undefined;
  #nextId = 0;
  #blockSize = firstBlock;
  #failure: Error | undefined;

  /** Of fewer cases than `fewestCases` the threads' start would cost more than they gain. */
  constructor(threadCount: number, nowMs: () => number, fewestCases = 1000) {
    this.#threadCount = threadCount;
    this.#nowMs = nowMs;
    this.#fewestCases = fewestCases;
  }

  /** Relations that a block of jobs should have by now. */
  get blockSize(): number {
    return this.#blockSize;
  }

  /** Blocks that may be asked for before the first has to be awaited. */
  get depth(): number {
    return this.#own === undefined ? 2 * this.#threadCount : 1;
  }

  /** Opens cases; `own` are the same, in their order, for this thread. */
  open(measure: MeasureName, signatures: readonly EncodedSignature[], own: ComparedCases): void {
    this.#blockSize = firstBlock;
    this.#own = signatures.length < this.#fewestCases ? own : undefined;
    if (this.#own !== undefined) return;
    while (this.#threads.length < this.#threadCount) this.#threads.push(this.#start());
    const shared = shareSignatures(signatures);
    for (const { worker } of this.#threads) {
      const command: WorkerCommand = { kind: 'open', measure, signatures: shared };
      worker.postMessage(command);
    }
  }

  /** Relations of the jobs, one after another. Rejects where a thread has failed. */
  async compute(jobs: readonly RowJob[]): Promise<Float32Array> {
    const relations = countRelations(jobs);
    if (this.#failure !== undefined) throw this.#failure;
    const startedMs = this.#nowMs();
    if (this.#own !== undefined) {
      const found = computeRows(this.#own, jobs);
      this.#learn(relations, this.#nowMs() - startedMs);
      await setImmediate();
      return found;
    }
    const thread = this.#threads.toSorted((a, b) => a.waiting.size - b.waiting.size)[0];
    if (thread === undefined) throw new Error('Rows were asked for before any cases.');
    const id = (this.#nextId += 1);
    return new Promise((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject, relations, startedMs });
      const command: WorkerCommand = { kind: 'rows', id, jobs };
      thread.worker.postMessage(command);
    });
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
    this.#threads.length = 0;
  }

  #start(): Thread {
    const worker = new Worker(siblingFile('mining-worker', import.meta));
    const waiting = new Map<number, Waiting>();
    let busySinceMs = 0;
    worker.on('message', ({ id, relations }: WorkerAnswer) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      // A block that waited behind another took only the time since that one's answer.
      this.#learn(
        asked?.relations ?? 0,
        this.#nowMs() - Math.max(busySinceMs, asked?.startedMs ?? 0),
      );
      busySinceMs = this.#nowMs();
      asked?.resolve(relations);
    });
    worker.on('error', (error) => {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    return { worker, waiting };
  }

  /** Fits the size of the next blocks to the speed of the last. */
  #learn(relations: number, tookMs: number): void {
    if (relations < this.#blockSize / 2) return;
    const wanted = relations * (blockMs / Math.max(1, tookMs));
    this.#blockSize = Math.round(
      Math.min(largestBlock, Math.max(256, wanted, this.#blockSize / 4), this.#blockSize * 4),
    );
  }
}
